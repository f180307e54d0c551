import { readFileSync, writeFileSync } from 'node:fs';
import { longestTurn } from '../eventLoop';

/** What one stretch of work cost the process that did it. */
export interface Cost {
  /** The longest time without a turn for anybody else, in milliseconds. */
  longestBlock: number;
  /** The most memory the process had (resident set), in megabytes. */
  peakMemory: number;
}

const everyMs = 5;

/** Does `work` and measures meanwhile how long the event loop is held up, and how much memory there is at most. */
export async function watched<Result>(work: () => Promise<Result>): Promise<{ result: Result; cost: Cost }> {
  const forgotten = forgetPeak();
  let highest = process.memoryUsage.rss();
  const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), everyMs);
  try {
    const { result, ms } = await longestTurn(work);
    const peakMemory = Math.max(highest, forgotten ? peak() : process.memoryUsage.rss()) / 2 ** 20;
    return { result, cost: { longestBlock: ms, peakMemory } };
  } finally {
    clearInterval(timer);
  }
}

/** Linux keeps the highest resident set of a process, and forgets it on demand (proc(5)). Elsewhere it is looked at between the turns. */
function forgetPeak(): boolean {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
}

function peak(): number {
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
