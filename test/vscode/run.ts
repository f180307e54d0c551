/**
 * `npm run test:vscode`: the suites inside VS Code's extension host, then those which click its window, alone and with mail hosts.
 * `npm run test:vscode -- inside`: the first alone, which every system can run.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './cache';
import { provideVscode } from './install';
import { runInside } from './inside';
import { runFiles, testWords } from './secondTry';

async function main(only: string | undefined): Promise<number> {
  build();
  const inside = await insideTests();
  if (only === 'inside') return inside ? 0 : 1;
  const window = await windowTests();
  const world = worldTests();
  if (!inside || !window) return 1;
  return world;
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

async function windowTests(): Promise<boolean> {
  const files = globSync('window/**/*.test.ts', { cwd: import.meta.dirname }).map(name =>
    join(import.meta.dirname, name),
  );
  if (files.length === 0) throw new Error('No test of the window was found.');
  console.log(`\nIn the window (${files.length} files)`);
  const run = async (file: string, onOutput?: (chunk: Buffer) => void): Promise<number> => {
    const out = onOutput ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, [...testWords, file], { cwd: projectRoot, stdio: ['inherit', out, out] });
    if (onOutput) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput);
    const [status] = (await once(child, 'close')) as [number | null];
    return status ?? 1;
  };
  return (await runFiles(files, run)) === 0;
}

/** Those that need mail hosts, which want root: a program of its own. */
function worldTests(): number {
  const program = join(import.meta.dirname, 'world', 'run.ts');
  const args = ['--import', 'tsx', program];
  return spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' }).status ?? 1;
}

main(process.argv[2]).then(
  code => process.exit(code),
  error => {
    console.error(error);
    console.error('\n*** The VS Code layer did not run to its end ***');
    process.exit(1);
  },
);
