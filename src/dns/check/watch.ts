import type { RecordVerdict } from '../records/record';
import { isLive } from './summary';

export interface WatchOptions {
  signal: AbortSignal;
  /** Called after each round, with the seconds until the next one; 0 after the last. */
  onRound?: (records: RecordVerdict[], nextInSeconds: number) => void;
  /** Seconds before the second round. Default 5; each pause is half as long again as the one before, up to `longest`. */
  first?: number;
  /** Default 60. */
  longest?: number;
}

/**
 * Checks again and again, with growing pauses, until all required records are right.
 * @returns The last verdicts. @throws The reason of the aborted signal, or what `check` throws.
 */
export async function watchUntilLive(
  check: (signal: AbortSignal) => Promise<RecordVerdict[]>,
  options: WatchOptions,
): Promise<RecordVerdict[]> {
  const { signal, onRound, first = 5, longest = 60 } = options;
  for (let pause = first; ; pause = Math.min(pause * 1.5, longest)) {
    const records = await check(signal);
    if (isLive(records)) {
      onRound?.(records, 0);
      return records;
    }
    onRound?.(records, pause);
    await sleep(pause * 1000, signal);
  }
}

/** @throws what aborts `signal` */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve();
    }, milliseconds);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort);
  });
}
