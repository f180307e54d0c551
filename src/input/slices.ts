/** Longest stretch of all sliced work together between two chances for others, in milliseconds. */
const slice = 4;

/** When the stretch of this turn of the event loop ends; undefined when none has begun. */
let turnEnds: number | undefined;

/** All work of one turn shares one stretch: several at once must not hold the thread longer than one alone. */
function endOfTurn(): number {
  if (turnEnds === undefined) {
    turnEnds = performance.now() + slice;
    setImmediate(() => (turnEnds = undefined));
  }
  return turnEnds;
}

/** Waits for the next turn when the stretch of this one is over: called often in the middle of long work. */
export async function giveWay(): Promise<void> {
  if (performance.now() >= endOfTurn()) await new Promise(resolve => setImmediate(resolve));
}

/** Runs a generator to its end without holding the thread longer than a slice. Undefined when `stop` says so. */
export async function runSliced<Result>(work: Generator<unknown, Result>): Promise<Result>;
export async function runSliced<Result>(
  work: Generator<unknown, Result>,
  stop: () => boolean,
): Promise<Result | undefined>;
export async function runSliced<Result>(
  work: Generator<unknown, Result>,
  stop = (): boolean => false,
): Promise<Result | undefined> {
  for (;;) {
    const end = endOfTurn();
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await new Promise(resolve => setImmediate(resolve));
    if (stop()) return undefined;
  }
}
