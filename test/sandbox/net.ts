import { connect, isIPv6 } from 'node:net';
import { existsSync } from 'node:fs';
import { must } from './processes';

/** The network of a world. Every world has the same addresses: each lives in a network namespace of its own. */
export const ipv4 = (last: number) => `10.77.0.${last}`;
export const ipv6 = (last: number) => `fd00:77::${last}`;
/** Where DNS and the certificate authority live; the hosts' gateway, which leads nowhere. */
export const services = { ipv4: ipv4(1), ipv6: ipv6(1) };
/** The host which receives mail for the rest of the world. */
export const receiver = { ipv4: ipv4(10), ipv6: ipv6(10) };
export const bridge = 'world';

/**
 * Refuses to go on where the processes of this namespace could reach another network: mail, DNS updates and firewall rules of tests
 * must never leave the machine.
 */
export async function assertSealed(): Promise<void> {
  const routes =
    (await must('ip', ['-4', 'route', 'show', 'default'])) + (await must('ip', ['-6', 'route', 'show', 'default']));
  if (!process.env['CHASQUID_SANDBOX_RUN'] || routes.trim() !== '') {
    throw new Error(
      'The sandbox does not start here: this process is not inside a sealed network namespace. ' +
        'Mail and DNS updates of a test could leave the machine. Start the command through `npm run sandbox -- COMMAND`.',
    );
  }
}

/** Makes the bridge which joins hosts and services. One world at a time in a namespace. */
export async function buildNetwork(): Promise<void> {
  if (existsSync(`/sys/class/net/${bridge}`) || (await must('ip', ['-o', 'link'])).includes(` ${bridge}:`)) {
    throw new Error(
      'A sandbox already runs in this network namespace. Close it first, or run this one through `npm run sandbox`.',
    );
  }
  const lines = [
    `link add ${bridge} type bridge forward_delay 0`,
    ...[services, receiver].flatMap(({ ipv4, ipv6 }) => [
      `addr add ${ipv4}/24 dev ${bridge}`,
      `addr add ${ipv6}/64 dev ${bridge} nodad`,
    ]),
    `link set ${bridge} up`,
  ];
  await must('ip', ['-batch', '-'], { stdin: lines.join('\n') + '\n' });
}

export async function removeNetwork(): Promise<void> {
  await must('ip', ['link', 'del', bridge]);
}

/** What a TCP server says first, or undefined when nothing can be read from it within `ms`. */
export function firstLine(host: string, port: number, ms = 1000): Promise<string | undefined> {
  return new Promise(resolve => {
    const socket = connect({ host, port, family: isIPv6(host) ? 6 : 4 });
    const done = (line?: string) => {
      socket.destroy();
      resolve(line);
    };
    socket.setTimeout(ms, () => done());
    socket.once('error', () => done());
    socket.once('data', data => done(data.toString('latin1').split('\r\n')[0]));
  });
}
