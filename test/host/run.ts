// npm run test:host [-- FILE…]: every test file in a sealed world of its own, as many at a time as there are processors.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { enter } from '../sandbox/enter';
import { fetchOlder } from '../sandbox/older';
import { prepare } from '../sandbox/prepare';
import { becomeRoot, obstacle } from '../sandbox/privilege';
import { skippedStatus } from '../support/layer';
import { installPackages } from '../support/packages';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const root = join(import.meta.dirname, '../..');
const perTestMs = 240_000;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (stopped = true));
const folder = mkdtempSync(join(tmpdir(), 'chasquid-counts-'));

/** Runs one file. With `quiet` its output is held back until it is complete, so that files running at the same time stay legible. */
async function runFile(file: string, index: number, quiet: boolean): Promise<Counts> {
  const output: Buffer[] = [];
  const countsFile = join(folder, String(index));
  const start = Date.now();
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${join(root, 'test/support/counts.mts')}`, `--test-reporter-destination=${countsFile}`],
  ];
  const options = ['--import', 'tsx', '--test', '--test-force-exit', `--test-timeout=${perTestMs}`, ...reporters];
  const status = await enter(
    [process.execPath, ...options, file],
    quiet ? { onOutput: chunk => output.push(chunk) } : {},
  );
  console.log(`\n▸ ${relative(root, file)} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
  console.log(Buffer.concat(output).toString().trimEnd());
  const counts = readCounts(countsFile);
  return status === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

/** A file which died before its tests ended has written none. */
function readCounts(file: string): Counts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts;
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(): Promise<number> {
  const problem = obstacle();
  if (problem) {
    console.log(`\n!!! THE HOST TESTS DID NOT RUN. ${problem} Nothing about real mail servers was tested. !!!\n`);
    return skippedStatus;
  }
  becomeRoot();
  // The plans that are taken along are run by the real program.
  await installPackages(['ansible-core']);
  await prepare();
  // Only the tests that use them fail without them.
  await fetchOlder().catch((error: Error) => console.log(error.message));
  const named = process.argv.slice(2);
  const files = named.length > 0 ? named : globSync('test/host/**/*.test.ts', { cwd: root }).sort();
  const queue = files.entries();
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const worker = async () => {
    for (const [index, file] of queue) {
      if (stopped) return;
      const counts = await runFile(join(root, relative(root, file)), index, files.length > 1);
      for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, worker));
  console.log(`\nHost tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  if (stopped) console.log('Interrupted: not every file ran.');
  return total.failed === 0 && total.passed > 0 && !stopped ? 0 : 1;
}

void main()
  .then(code => (process.exitCode = code))
  .finally(() => rmSync(folder, { recursive: true, force: true }));
