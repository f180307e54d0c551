import { runTests, TestRunFailedError } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputFolder, projectRoot } from './cache';
import type { InsideResult } from './host/index';
import type { VscodeForTests } from './install';
import { quietSettings } from './settings';

/** Bundles the mocha suites of `test/vscode/host` for the extension host; returns the module to give to `runTests`. */
export async function bundleInsideTests(): Promise<string> {
  const source = join(import.meta.dirname, 'host');
  const outdir = outputFolder('host');
  await rm(outdir, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: [
      join(source, 'index.ts'),
      ...globSync('**/*.test.ts', { cwd: source }).map(name => join(source, name)),
    ],
    outbase: source,
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'cpu-features', '*/sshcrypto.node'],
    loader: { '.sh': 'text', '.yaml': 'text', '.node': 'empty' },
    logLevel: 'warning',
  });
  return join(outdir, 'index.js');
}

/**
 * Runs the suites inside the extension host of `vscode` in a fresh, empty folder, with the extension under development,
 * and prints what they print. Throws when VS Code ends before they have told their counts.
 */
export async function runInside(vscode: VscodeForTests): Promise<InsideResult> {
  const tests = await bundleInsideTests();
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
      extensionTestsEnv: { CHASQUID_TEST_OUTPUT: output, CHASQUID_TEST_RESULT: resultFile },
    }).catch(error => {
      if (!(error instanceof TestRunFailedError)) throw error;
    });
    await stopFollowing();
    const text = await readFile(resultFile, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error('VS Code ended before the tests inside it did. Its output is above.');
    return JSON.parse(text) as InsideResult;
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
  const timer = setInterval(() => (reading = reading.then(read)), 200);
  let stopped: Promise<void> | undefined;
  return () => {
    clearInterval(timer);
    stopped ??= reading.then(read);
    return stopped;
  };
}
