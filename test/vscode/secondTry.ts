import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { runQueue } from '../support/queue';
import { cacheFolder, projectRoot } from './cache';

/** What Node is told to run a file of these tests. */
export const testWords = ['--import', 'tsx', '--import', join(projectRoot, 'test/support/ends.mts'), '--test'];

/** Each has a VS Code and a browser, which together want a gigabyte of memory. */
const atMost = 4;

/**
 * Runs the files of the window's tests, some at a time; those that fail are run once more when all are through, one after the
 * other. The window is driven from outside, on machines that are busy with other things: what fails twice is wrong, what passes
 * the second time is named loudly, as its test must be fixed.
 * @param run runs a file and returns its exit status; `onOutput` takes what it prints, which else goes where ours does
 * @returns how many have failed
 */
export async function runFiles(
  files: readonly string[],
  run: (file: string, onOutput?: (chunk: Buffer) => void) => Promise<number>,
): Promise<number> {
  const workers = Math.min(atMost, availableParallelism());
  const results = await runQueue(files, { run, workers, memory: join(cacheFolder(), 'durations.json') });
  let failed = 0;
  const unsteady: string[] = [];
  for (const [file, status] of results) {
    if (status === 0) continue;
    console.log(`\n!!! ${relative(projectRoot, file)} failed. Once more: !!!\n`);
    if ((await run(file)) === 0) unsteady.push(file);
    else failed += 1;
  }
  for (const file of unsteady)
    console.log(`\n!!! UNSTEADY: ${relative(projectRoot, file)} passed only the second time. !!!`);
  return failed;
}
