/** Longest stretch of work between two chances for others, in milliseconds. */
const slice = 8;

/** Runs a generator to its end without holding the thread longer than a slice. Undefined when `stop` says so. */
export async function runSliced<Result>(
  work: Generator<unknown, Result>,
  stop: () => boolean,
): Promise<Result | undefined> {
  for (;;) {
    const end = performance.now() + slice;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await new Promise(resolve => setImmediate(resolve));
    if (stop()) return undefined;
  }
}
