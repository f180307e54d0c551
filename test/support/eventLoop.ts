/**
 * Runs `work`, and tells for how many milliseconds at most it kept everything else waiting: the longest turn of the event loop, in
 * the thread's own time, so that a busy machine does not count.
 */
export async function longestTurn<Result>(work: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const used = (): number => {
    // Older programs with a Node of their own, such as some VS Codes, only know the time of the day.
    if (!('threadCpuUsage' in process)) return performance.now();
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let last = used();
  const look = (): void => {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  try {
    const result = await work();
    look();
    return { result, ms: longest };
  } finally {
    clearInterval(timer);
  }
}
