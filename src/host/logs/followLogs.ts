import { lastWords } from '../../text/visible';
import { SshError, type SshErrorCode } from '../../ssh/errors';
import { Lines } from '../../input/lines';
import { sizeText } from '../../input/size';
import { entryLimit, journalEntry, type LogEntry } from './journal';
import { HostError, type Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

export interface FollowOptions {
  /** Gives the shell to use; asked again after the connection was lost. */
  shell: () => Promise<Shell>;
  /** How many of the last lines to begin with (200); 0: only what comes from now on. */
  lines?: number;
  /** Ends it, also on the server. */
  signal: AbortSignal;
  /** What arrived together, oldest first. */
  onEntries: (entries: LogEntry[]) => void;
  onState?: (state: FollowState) => void;
}

export type FollowState =
  | { kind: 'following' }
  /** The connection is gone; it is tried again. */
  | { kind: 'lost'; reason: string; retryInMs: number };

const script = shellScript(import.meta.url, './followLogs.sh');

/** Milliseconds between attempts to come back; the last stays. */
const backOff = [500, 1000, 2000, 5000, 10_000, 30_000];

/** Failures which may pass by themselves. Others (a changed host key, a refused login) would only be asked again and again. */
const passing = new Set<SshErrorCode>([
  'lost',
  'dns',
  'refused',
  'timeout',
  'unreachable',
  'network',
  'closed',
  'channel',
]);

/**
 * Follows chasquid's journal until `signal` aborts: the mail log and the process log, each entry once and in order, also
 * across lost connections and restarts of the server.
 * @returns when `signal` aborted.
 * @throws HostError `journal-unavailable`; the connection's error when trying again would be of no use.
 */
export async function followLogs(options: FollowOptions): Promise<void> {
  const { signal } = options;
  const position: Position = { after: '', shown: false };
  for (let failures = 0; !signal.aborted;) {
    try {
      const shell = await options.shell();
      const answer = await follow(shell, options, position, () => (failures = 0));
      if (signal.aborted) return;
      throw new HostError(
        'journal-unavailable',
        `The server stopped showing its log: “${lastWords(answer.output, 200)}”. journalctl ended with status ${answer.code ?? 'none'}. Check it in a terminal.`,
      );
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SshError) || !passing.has(error.code)) throw error;
      const retryInMs = backOff[Math.min(failures++, backOff.length - 1)]!;
      options.onState?.({ kind: 'lost', reason: error.message, retryInMs });
      await pause(retryInMs, signal);
    }
  }
}

/** How far we are: the cursor to continue after. `shown`: entries have been delivered, so the first lines are not wanted again. */
interface Position {
  after: string;
  shown: boolean;
}

function follow(shell: Shell, options: FollowOptions, position: Position, alive: () => void) {
  const lines = options.lines ?? 200;
  // Without an entry shown, the wanted last lines are still to come; with none wanted, only what is new.
  const after = position.shown || lines === 0 ? position.after : '';
  let entries: LogEntry[] = [];
  const onLine = (bytes: Buffer): void => {
    if (bytes.length === 0) return;
    const line = bytes.toString('utf8');
    if (line.startsWith('start ')) {
      position.after ||= cursorOf(line.slice('start '.length));
      alive();
      options.onState?.({ kind: 'following' });
    }
    const entry = journalEntry(line);
    if (entry) entries.push(entry);
  };
  const read = new Lines(entryLimit, onLine, () => entries.push(leftOut(entries.at(-1)?.cursor ?? position.after)));
  return shell.run(script, {
    inputs: { after, lines: String(lines) },
    signal: options.signal,
    onOutput: text => {
      read.push(Buffer.from(text));
      if (!entries.length) return;
      const arrived = entries;
      entries = [];
      position.after = cursorOf(arrived.at(-1)!.cursor);
      position.shown = true;
      options.onEntries(arrived);
    },
  });
}

/** @param cursor of the entry before it */
function leftOut(cursor: string): LogEntry {
  const text = `The server sent a log line of more than ${sizeText(entryLimit)}, which is left out here. Check it with journalctl in a terminal.`;
  return { time: Date.now(), cursor, severity: 'warning', source: 'system', text };
}

/** A cursor of the journal as it may be handed back; '' for what is none. */
function cursorOf(text: string): string {
  return /^[\w=;]{1,512}$/.test(text) ? text : '';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
