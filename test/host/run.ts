// npm run test:host [-- FILE…]: every test file in a sealed world of its own, several at a time.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { enter } from '../sandbox/enter';
import { fetchOlder } from '../sandbox/older';
import { cache, prepare } from '../sandbox/prepare';
import { becomeRoot, obstacle } from '../sandbox/privilege';
import { skippedStatus } from '../support/layer';
import { installPackages } from '../support/packages';
import { runQueue } from '../support/queue';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const root = join(import.meta.dirname, '../..');
const ends = join(root, 'test/support/ends.mts');
const perTestMs = 240_000;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => (stopped = true));
const folder = mkdtempSync(join(tmpdir(), 'chasquid-counts-'));

async function runFile(file: string, onOutput?: (chunk: Buffer) => void): Promise<Counts> {
  const countsFile = join(folder, relative(root, file).replaceAll('/', ' '));
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${join(root, 'test/support/counts.mts')}`, `--test-reporter-destination=${countsFile}`],
  ];
  const options = ['--import', 'tsx', '--import', ends, '--test', `--test-timeout=${perTestMs}`, ...reporters];
  const status = await enter([process.execPath, ...options, file], onOutput ? { onOutput } : {});
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
  const results = await runQueue(
    files.map(file => resolve(root, file)),
    // One more than there are processors, since most of the time somebody waits for a server.
    {
      run: runFile,
      workers: availableParallelism() + 1,
      memory: join(cache(), 'durations.json'),
      stopped: () => stopped,
    },
  );
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of results.values())
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
  console.log(`\nHost tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  if (stopped) console.log('Interrupted: not every file ran.');
  return total.failed === 0 && total.passed > 0 && !stopped ? 0 : 1;
}

void main()
  .then(code => (process.exitCode = code))
  .finally(() => rmSync(folder, { recursive: true, force: true }));
