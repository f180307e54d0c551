import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: NodeJS.GCFunction | undefined;

/**
 * Frees all that can be freed, so that what is measured next does not count it. Needs no flag of the process.
 * @param turn waits for the next turn, in which what was let go of is closed
 */
export async function freeMemory(turn: () => Promise<unknown>): Promise<void> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as NodeJS.GCFunction;
  }
  for (let round = 0; round < 2; round++) {
    void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await turn();
  }
}
