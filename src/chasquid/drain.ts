/** Runs work that can be left off to its end, without leaving off. */
export function drain<Result>(work: Generator<unknown, Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
