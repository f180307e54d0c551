/** Longest stretch of work between two chances for others, in milliseconds. */
const slice = 8;

/** Runs a generator to its end without holding the thread longer than a slice. Undefined when `stop` says so. */
export async function runSliced<Result>(
  work: Generator<unknown, Result>,
  stop: () => boolean,
): Promise<Result | undefined> {
  for (;;) {
    const end = performance.now() + slice;
    for (let count = 0; ; count++) {
      const step = work.next();
      if (step.done) return step.value;
      if ((count & 15) === 15 && performance.now() >= end) break;
    }
    await new Promise(resolve => setImmediate(resolve));
    if (stop()) return undefined;
  }
}
