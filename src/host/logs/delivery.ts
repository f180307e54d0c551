import { followLogs } from './followLogs';
import type { LogEntry } from './journal';
import { traceOf, type MessageTrace } from './trace';
import type { Shell } from '../protocol/shell';

export interface DeliveryWatchOptions {
  shell: () => Promise<Shell>;
  /** Envelope addresses of the message that is going to be sent. */
  from: string;
  to: string;
  signal?: AbortSignal;
  /** Each line about the message, as it comes. */
  onEntry?: (entry: LogEntry) => void;
}

export interface DeliveryOutcome extends MessageTrace {
  /** `waiting`: refused for now, chasquid will try again; or no answer within the time that was given. */
  state: 'sent' | 'failed' | 'waiting' | 'not-seen';
  /** The receiver's answer, or our own server's reason. */
  answer?: string;
}

/**
 * Watches what becomes of a message that is about to be submitted. chasquid's reply to DATA does not tell the queue ID, so
 * it is taken from the log line that queues a message from that sender to that recipient: start the watch first.
 */
export async function watchDelivery(options: DeliveryWatchOptions): Promise<DeliveryWatch> {
  const watch = new DeliveryWatch(options);
  await watch.started;
  return watch;
}

export class DeliveryWatch {
  private readonly stop = new AbortController();
  private readonly entries: LogEntry[] = [];
  private readonly told = new Set<LogEntry>();
  private changed: () => void = () => undefined;
  private id: string | undefined;
  private failure: unknown;
  readonly started: Promise<void>;

  constructor(private readonly options: DeliveryWatchOptions) {
    const signal = options.signal ? AbortSignal.any([options.signal, this.stop.signal]) : this.stop.signal;
    this.started = new Promise((resolve, reject) => {
      followLogs({
        shell: options.shell,
        lines: 0,
        signal,
        onEntries: entries => this.take(entries),
        onState: state => state.kind === 'following' && resolve(),
      }).then(
        // Ended before it began.
        () => reject(signal.reason as Error),
        (error: unknown) => {
          this.failure = error;
          this.changed();
          reject(error);
        },
      );
    });
    this.started.catch(() => undefined);
  }

  private take(entries: LogEntry[]): void {
    this.entries.push(...entries);
    this.id ??= this.entries.map(entry => this.queuedId(entry)).find(Boolean);
    if (this.id !== undefined && this.options.onEntry) {
      for (const entry of traceOf(this.id, this.entries).entries) {
        if (this.told.has(entry)) continue;
        this.told.add(entry);
        this.options.onEntry(entry);
      }
    }
    this.changed();
  }

  private queuedId({ event }: LogEntry): string | undefined {
    if (event?.kind !== 'queued') return undefined;
    const same = (a: string, b: string) => a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
    return same(event.from, this.options.from) && event.to.some(to => same(to, this.options.to)) ? event.id : undefined;
  }

  /** The message's state by what was logged so far. */
  current(): DeliveryOutcome {
    if (this.id === undefined) {
      return { id: '', to: [], recipients: [], done: false, bounces: [], entries: [], state: 'not-seen' };
    }
    const trace = traceOf(this.id, this.entries);
    const states = trace.recipients.map(recipient => recipient.state);
    const state = states.includes('failed') ? 'failed' : trace.done && states.length ? 'sent' : 'waiting';
    const answer = trace.recipients.find(recipient => recipient.answer !== undefined)?.answer;
    return { ...trace, state, ...(answer !== undefined && { answer }) };
  }

  /**
   * Waits until chasquid has delivered the message, given it up, or been refused for now; at most `timeoutMs`.
   * @throws the log's error when it can no longer be followed, or the signal's reason.
   */
  async outcome(timeoutMs = 60_000): Promise<DeliveryOutcome> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      const now = this.current();
      const refusedForNow =
        now.recipients.length > 0 && now.recipients.every(one => one.attempts > 0) && now.answer !== undefined;
      if (now.state === 'failed' || now.state === 'sent' || refusedForNow) return now;
      if (this.failure !== undefined) throw this.failure as Error;
      this.options.signal?.throwIfAborted();
      const left = until - Date.now();
      if (left <= 0) return now;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, Math.min(left, 1000));
        this.changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Stops following, also on the server. */
  close(): void {
    this.stop.abort(new DOMException('No longer watched.', 'AbortError'));
  }
}
