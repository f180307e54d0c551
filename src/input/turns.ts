/** For so long work goes on without a turn for others, in milliseconds. */
const turnMs = 8;

/** Lets others have their turn in the middle of long work: `if (turns.over) await turns.next()` wherever it may be left off. */
export class Turns {
  #end = performance.now() + turnMs;

  /** Whether others have waited long enough. */
  get over(): boolean {
    return performance.now() > this.#end;
  }

  /** Resolves in the next turn of the event loop. */
  async next(): Promise<void> {
    await new Promise(resolve => setImmediate(resolve));
    this.#end = performance.now() + turnMs;
  }
}

/** Runs work that can be left off to its end, so that others get their turn meanwhile. */
export async function inTurns<Result>(work: Generator<unknown, Result>): Promise<Result> {
  const turns = new Turns();
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (turns.over) await turns.next();
  }
}
