// npm run test:quick: types, lint, and the unit tests that import what has changed since the branch left main (or since the last commit).
import { build } from 'esbuild';
import { shellScripts } from '../esbuild.shell.mjs';
import { execFileSync, spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');

function git(...args: string[]): string[] {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
}

/** Paths from the project's folder. */
function changedFiles(): Set<string> {
  const [base] = git('merge-base', 'HEAD', 'main');
  const since = base && base !== git('rev-parse', 'HEAD')[0] ? base : 'HEAD';
  return new Set([...git('diff', '--name-only', since), ...git('ls-files', '--others', '--exclude-standard')]);
}

/** The test files among `all` that are one of `changed` or import one, at whatever distance. */
async function affected(all: string[], changed: Set<string>): Promise<string[]> {
  const inputsOf = async (file: string): Promise<string[]> => {
    const { metafile } = await build({
      entryPoints: [file],
      absWorkingDir: root,
      bundle: true,
      metafile: true,
      write: false,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outdir: 'dist',
      logLevel: 'silent',
      external: ['vscode'],
      loader: { '.sh': 'text', '.yaml': 'text' },
      plugins: [shellScripts],
    });
    return Object.keys(metafile.inputs);
  };
  const inputs = await Promise.all(all.map(inputsOf));
  return all.filter((_, at) => inputs[at]!.some(file => changed.has(file)));
}

/** Shows the output when it is whole, so that what runs side by side stays legible. @returns whether it went well */
async function run(title: string, command: string, args: string[]): Promise<boolean> {
  const began = Date.now();
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>(resolve => child.once('close', resolve));
  console.log(`${code === 0 ? '✓' : '✗'} ${title} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  if (code !== 0) console.log(Buffer.concat(output).toString().trimEnd());
  return code === 0;
}

async function main(): Promise<number> {
  const changed = changedFiles();
  const all = globSync('test/unit/**/*.test.ts', { cwd: root }).map(file => relative(root, join(root, file)));
  const tests = await affected(all, changed);
  const code = [...changed].filter(
    file => /\.(?:ts|mjs|mts)$/.test(file) && git('ls-files', '-co', '--', file).length > 0,
  );
  const results = await Promise.all([
    run('types', 'npm', ['run', '--silent', 'types']),
    code.length === 0 ? true : run(`lint of ${code.length} files`, 'npx', ['eslint', '--no-warn-ignored', ...code]),
    tests.length === 0
      ? true
      : run(`${tests.length} of ${all.length} unit test files`, process.execPath, [
          '--import',
          'tsx',
          '--test',
          ...tests,
        ]),
  ]);
  return results.every(Boolean) ? 0 : 1;
}

void main().then(code => (process.exitCode = code));
