import { relative } from 'node:path';
import { projectRoot } from './cache';

/**
 * Runs the files of the window's tests one after the other; one that fails is run once more. The window is driven from
 * outside, on machines that are busy with other things: what fails twice is wrong, what passes the second time is named
 * loudly, as its test must be mended.
 * @param run runs a file and returns its exit status
 * @returns how many have failed
 */
export async function runFiles(files: readonly string[], run: (file: string) => Promise<number>): Promise<number> {
  let failed = 0;
  const unsteady: string[] = [];
  for (const file of files) {
    if ((await run(file)) === 0) continue;
    console.log(`\n!!! ${relative(projectRoot, file)} failed. Once more: !!!\n`);
    if ((await run(file)) === 0) unsteady.push(file);
    else failed += 1;
  }
  for (const file of unsteady)
    console.log(`\n!!! UNSTEADY: ${relative(projectRoot, file)} passed only the second time. !!!`);
  return failed;
}
