import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface QueueOptions<Result> {
  /**
   * Runs one file. With `onOutput` all it prints must go there: it is held back until the file is through, so that files which
   * run at the same time stay legible.
   */
  run: (file: string, onOutput?: (chunk: Buffer) => void) => Promise<Result>;
  /** How many files at a time. */
  workers: number;
  /** A file in which to remember how long each took. */
  memory: string;
  /** When it says yes, no further file is begun. */
  stopped?: () => boolean;
}

/**
 * Works through files of tests. Those that took longest the last time begin first, so that the workers end at about the same time.
 * @returns what `run` said of each file that was begun.
 */
export async function runQueue<Result>(
  files: readonly string[],
  { run, workers, memory, stopped = () => false }: QueueOptions<Result>,
): Promise<Map<string, Result>> {
  const before = remembered(memory);
  const expected = (file: string): number => before[relative(root, file)] ?? Infinity;
  const queue = [...files].sort((a, b) => (expected(a) === expected(b) ? 0 : expected(b) - expected(a))).values();
  const results = new Map<string, Result>();
  const took: Record<string, number> = {};
  const one = async (file: string): Promise<void> => {
    const output: Buffer[] = [];
    const start = Date.now();
    results.set(file, await (files.length > 1 ? run(file, chunk => output.push(chunk)) : run(file)));
    took[relative(root, file)] = Date.now() - start;
    console.log(`\n▸ ${relative(root, file)} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    console.log(Buffer.concat(output).toString().trimEnd());
  };
  const worker = async (): Promise<void> => {
    for (const file of queue) {
      if (stopped()) return;
      await one(file);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, worker));
  mkdirSync(dirname(memory), { recursive: true });
  writeFileSync(memory, JSON.stringify({ ...remembered(memory), ...took }, undefined, 1));
  return results;
}

/** Milliseconds by path. Nothing where the file is not there or is broken: it only helps. */
function remembered(memory: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(memory, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
