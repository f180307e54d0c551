// Inside of a mail world: how long it takes to connect to a distant server and to look at it. Writes one line of JSON.
import { readFacts } from '../../../src/host/facts/readFacts';
import { rootShell } from '../../../src/host/protocol/privilege';
import { Sandbox } from '../../sandbox/index';
import { setUpByHand } from '../../support/chasquid';
import { connect } from '../../support/connect';
import { DelayedPort } from './delayedPort';
import { median } from '../../support/median';

/** Milliseconds, each the median of several. */
export interface RefreshTimes {
  connect: number;
  first: number;
  refresh: number;
}

const rounds = 5;

async function main(roundTrips: readonly number[]): Promise<void> {
  const world = await Sandbox.boot({ hosts: [{ name: 'mail' }] });
  try {
    const host = world.host('mail');
    await setUpByHand(host, {
      domain: 'example.test',
      hostname: 'mail.example.test',
      selector: 's',
      senders: { i: 'four knots on a cord', news: 'four knots on a cord' },
    });
    const found: RefreshTimes[] = [];
    for (const roundTrip of roundTrips) {
      const port = await DelayedPort.open({ host: host.ipv4, port: 22 }, roundTrip / 2);
      const times: RefreshTimes[] = [];
      for (let round = 0; round < rounds; round++) times.push(await once(host, port.port));
      port.close();
      found.push({
        connect: median(times.map(one => one.connect)),
        first: median(times.map(one => one.first)),
        refresh: median(times.map(one => one.refresh)),
      });
    }
    console.log(JSON.stringify(found));
  } finally {
    await world.close();
  }
}

async function once(host: Parameters<typeof connect>[0], port: number): Promise<RefreshTimes> {
  const begin = performance.now();
  const connection = await connect(host, 'root', { host: '127.0.0.1', port });
  const connected = performance.now();
  const shell = await rootShell(connection, () => Promise.resolve(undefined));
  await readFacts(shell);
  const first = performance.now();
  await readFacts(shell);
  const refreshed = performance.now();
  connection.close();
  return { connect: connected - begin, first: first - connected, refresh: refreshed - first };
}

main(process.argv.slice(2).map(Number)).then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
