// The part of the demo that runs inside the world's own network: boots it, opens VS Code there and plays the main job.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Sandbox } from '../../sandbox/index';
import type { Suite } from '../../sandbox/host';
import { provideServed } from '../install';
import type { Theme } from '../settings';
import { Workbench } from '../window/workbench';
import { MainJob } from './mainJob';
import { printSocket } from './notice';
import { faults, type DemoReport } from './report';

async function main([suite, out, stay, theme]: string[]): Promise<number> {
  const started = Date.now();
  const say = (text: string): void =>
    console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: suite as Suite }] });
  say(`The mail world is up: ${suite}, ${world.host('mail').ipv4}`);
  let window: Workbench | undefined;
  try {
    window = await Workbench.open({
      screenshots: out!,
      theme: theme as Theme,
      settings: { 'chasquid.dns.resolvers': [world.dns.endpoint], 'chasquid.ssh.configFile': 'none' },
      // The server then listens on a unix socket, which a forwarder outside of this network can reach.
      network: ['env'],
    });
    const { version } = await provideServed();
    say(`VS Code ${version} is open`);
    const played = await new MainJob(world, window, say).play();
    const partial = { vscode: version, suite: suite!, ...played };
    const wrong = faults(partial);
    const report: DemoReport = { ok: wrong.length === 0, ...partial };
    await writeFile(join(out!, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    for (const fault of wrong) console.error(`Not as it must be: ${fault}`);
    say(report.ok ? 'Done: the mail arrived, signed and trusted.' : 'Done, but not as it must be.');
    if (stay === 'stay' && window.session.socket) {
      printSocket(window.session.socket);
      await ended;
    }
    return report.ok ? 0 : 1;
  } finally {
    await window?.close();
    await world.close();
  }
}

void main(process.argv.slice(2)).then(
  code => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
