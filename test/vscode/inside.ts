import { runTests, TestRunFailedError } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { shellScripts } from '../../esbuild.shell.mjs';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, parse } from 'node:path';
import { outputFolder, projectRoot } from './cache';
import type { InsideResult } from './host/index';
import type { VscodeForTests } from './install';
import { quietSettings } from './settings';

/** Bundles the mocha suites of `test/vscode/host` for the extension host; returns the module to give to `runTests`. */
export async function bundleInsideTests(): Promise<string> {
  const source = join(import.meta.dirname, 'host');
  const outdir = outputFolder('host');
  const tests = globSync('**/*.test.ts', { cwd: source }).map(name => join(source, name));
  await bundle([join(source, 'index.ts'), ...tests], source, outdir);
  return join(outdir, 'index.js');
}

async function bundle(entryPoints: string[], outbase: string, outdir: string): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  await esbuild.build({
    entryPoints,
    outbase,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'cpu-features', '*/sshcrypto.node'],
    loader: { '.sh': 'text', '.yaml': 'text', '.node': 'empty' },
    plugins: [shellScripts],
    logLevel: 'warning',
  });
}

/** Runs the suites inside the extension host of `vscode` and prints what they print. */
export async function runInside(vscode: VscodeForTests): Promise<InsideResult> {
  return runModule(vscode, await bundleInsideTests());
}

/** Bundles a module of its own and runs it like the suites. */
export async function runFileInside<Result>(vscode: VscodeForTests, file: string): Promise<Result> {
  const outdir = outputFolder(parse(file).name);
  await bundle([file], dirname(file), outdir);
  return runModule(vscode, join(outdir, `${parse(file).name}.js`));
}

/**
 * Runs a bundled module's `run()` inside the extension host of `vscode` in a fresh, empty folder, with the extension under
 * development. What it appends to the file `CHASQUID_TEST_OUTPUT` is printed; what it writes to `CHASQUID_TEST_RESULT` is
 * the result. Throws when VS Code ends before that.
 */
async function runModule<Result>(vscode: VscodeForTests, tests: string): Promise<Result> {
  const scratch = await mkdtemp(join(tmpdir(), 'chasquid-inside-'));
  const folder = join(scratch, 'folder');
  const data = join(scratch, 'data');
  const output = join(scratch, 'output.txt');
  const resultFile = join(scratch, 'result.json');
  await mkdir(folder);
  await mkdir(join(data, 'User'), { recursive: true });
  await writeFile(join(data, 'User', 'settings.json'), JSON.stringify(quietSettings));
  await writeFile(output, '');
  const stopFollowing = follow(output);
  try {
    await runTests({
      vscodeExecutablePath: vscode.executable,
      extensionDevelopmentPath: projectRoot,
      extensionTestsPath: tests,
      launchArgs: [folder, '--user-data-dir', data],
      extensionTestsEnv: {
        CHASQUID_TEST_OUTPUT: output,
        CHASQUID_TEST_RESULT: resultFile,
        // For programs that a test starts beside VS Code.
        CHASQUID_TEST_ROOT: projectRoot,
        CHASQUID_TEST_NODE: process.execPath,
      },
    }).catch(error => {
      if (!(error instanceof TestRunFailedError)) throw error;
    });
    await stopFollowing();
    const text = await readFile(resultFile, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error('VS Code ended before the tests inside it did. Its output is above.');
    return JSON.parse(text) as Result;
  } finally {
    await stopFollowing();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Prints what is appended to the file, until the returned function is called (again is harmless). */
function follow(file: string): () => Promise<void> {
  let printed = 0;
  let reading = Promise.resolve();
  const read = async (): Promise<void> => {
    const { size } = await stat(file);
    if (size <= printed) return;
    for await (const chunk of createReadStream(file, { start: printed, end: size - 1 }))
      process.stdout.write(chunk as Buffer);
    printed = size;
  };
  const timer = setInterval(() => void (reading = reading.then(read)), 200);
  let stopped: Promise<void> | undefined;
  return () => {
    clearInterval(timer);
    stopped ??= reading.then(read);
    return stopped;
  };
}
