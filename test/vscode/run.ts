/**
 * `npm run test:vscode`: the suites inside VS Code's extension host and those which click its window, then those with mail hosts.
 * `npm run test:vscode -- inside`: the first alone, which every system can run. `--built` takes the extension as it is in `dist`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './cache';
import { provideServed, provideVscode } from './install';
import { runInside } from './inside';
import { runFiles, testWords } from './secondTry';

/** The suites in the extension host, among the files of tests. */
const suites = join(import.meta.dirname, 'host', 'index.ts');

async function main(args: readonly string[]): Promise<number> {
  if (!args.includes('--built')) build();
  if (args.includes('inside')) return (await insideTests()) ? 0 : 1;
  const window = await windowTests();
  const world = worldTests();
  return window ? world : 1;
}

function build(): void {
  const { status } = spawnSync(process.execPath, ['esbuild.mjs'], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('The extension could not be bundled; the messages are above.');
}

async function insideTests(): Promise<boolean> {
  const vscode = await provideVscode();
  console.log(`\nInside the extension host (${vscode.kind} VS Code ${vscode.version})`);
  const { tests, passed, failed, skipped } = await runInside(vscode);
  console.log(`inside: ${passed} of ${tests} passed, ${failed} failed, ${skipped} skipped`);
  // No test at all is a failure too: then something is wrong with how they are found.
  return failed === 0 && skipped === 0 && passed === tests && tests > 0;
}

/** Those which click the window, and those in the extension host, beside each other. */
async function windowTests(): Promise<boolean> {
  const files = globSync('window/**/*.test.ts', { cwd: import.meta.dirname }).map(name =>
    join(import.meta.dirname, name),
  );
  if (files.length === 0) throw new Error('No test of the window was found.');
  // Before the files, each of which would.
  await provideVscode();
  await provideServed();
  console.log(`\nIn the extension host, and in the window (${files.length} files)`);
  const run = async (file: string, onOutput?: (chunk: Buffer) => void): Promise<number> => {
    const out = onOutput ? 'pipe' : 'inherit';
    const words =
      file === suites ? ['--import', 'tsx', import.meta.filename, 'inside', '--built'] : [...testWords, file];
    const child = spawn(process.execPath, words, { cwd: projectRoot, stdio: ['inherit', out, out] });
    if (onOutput) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
    const [status] = (await once(child, 'close')) as [number | null];
    return status ?? 1;
  };
  return (await runFiles([suites, ...files], run)) === 0;
}

/** Those that need mail hosts, which want root: a program of its own. */
function worldTests(): number {
  const program = join(import.meta.dirname, 'world', 'run.ts');
  const args = ['--import', 'tsx', program];
  return spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' }).status ?? 1;
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    console.error(error);
    console.error('\n*** The VS Code layer did not run to its end ***');
    process.exit(1);
  },
);
