/**
 * Milliseconds that work may take before anything says that it is going on. VS Code leaves what says so for 0.8 s, and of four
 * notifications within 0.8 s it never shows the last, which may be the result.
 */
export const quickMs = 500;

/**
 * Tells of work that takes a while, and of quick work nothing.
 * @param show called once when the work has taken `quickMs`, with a promise that resolves when it is over, however it ended
 * @returns what the work returns; throws what it throws
 */
export async function ifSlow<T>(work: Promise<T>, show: (over: Promise<void>) => void): Promise<T> {
  const over = work.then(
    () => undefined,
    () => undefined,
  );
  const timer = setTimeout(() => show(over), quickMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
