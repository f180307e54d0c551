/**
 * npm run demo [-- [--once] [--built] [--suite bookworm] [--theme light]]
 *
 * Plays the main job through the window of a real VS Code, in a mail world of its own. Installs what is missing, writes
 * demo-out/report.json and numbered screenshots, and leaves VS Code open at a printed address until Ctrl-C; with `--once`
 * it ends by itself, and with `--built` it takes the extension as it is in `dist`.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { enter } from '../../sandbox/enter';
import { prepare, suites } from '../../sandbox/prepare';
import { becomeRoot, obstacle } from '../../sandbox/privilege';
import { projectRoot } from '../cache';
import { forward, portOf } from '../forward';
import { provideServed } from '../install';
import { themes } from '../settings';
import { socketNotice } from './notice';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean' },
      built: { type: 'boolean' },
      suite: { type: 'string', default: 'trixie' },
      theme: { type: 'string', default: 'dark' },
    },
  });
  const suite = suites.find(candidate => candidate === values.suite);
  const theme = values.theme in themes ? values.theme : undefined;
  const problem = !theme
    ? `There is no theme “${values.theme}”. Choose one of: ${Object.keys(themes).join(', ')}.`
    : suite
      ? obstacle()
      : `There is no suite “${values.suite}”. Choose one of: ${suites.join(', ')}.`;
  if (problem) {
    console.error(problem);
    return 2;
  }
  becomeRoot();
  const out = join(projectRoot, 'demo-out');
  await rm(out, { recursive: true, force: true });
  await mkdir(out);
  if (!values.built) {
    console.log('Building the extension …');
    const build = spawnSync(process.execPath, [join(projectRoot, 'esbuild.mjs'), '--production'], {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (build.status !== 0) return build.status ?? 1;
  }
  console.log('Providing VS Code and the mail world (minutes the first time, seconds afterwards) …');
  // Each says what it is doing, and how long it took.
  await Promise.all([provideServed(), prepare([suite!])]);
  const words = [
    '--import',
    'tsx',
    join(import.meta.dirname, 'inside.ts'),
    suite!,
    out,
    values.once ? 'once' : 'stay',
    theme!,
  ];
  return enter([process.execPath, ...words], {
    onOutput: chunk => {
      process.stdout.write(chunk);
      const socket = socketNotice(chunk.toString());
      if (socket) void open(socket);
    },
  });
}

/** A port on this machine's loopback into the world, for a user's browser. */
async function open(socket: string): Promise<void> {
  const server = await forward(0, socket);
  server.unref();
  console.log(`\nVS Code is open at http://127.0.0.1:${portOf(server)}/  (Ctrl-C ends it and the mail world)`);
}

void main().then(async code => {
  const report = await readFile(join(projectRoot, 'demo-out', 'report.json'), 'utf8').catch(() => undefined);
  if (report) console.log(`demo-out/report.json:\n${report}`);
  process.exit(code);
});
