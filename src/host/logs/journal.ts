import { giveWay } from '../../input/slices';
import { isTime } from '../../input/numbers';
import { parseLogLine, type LogLine, type LogSource } from '../../chasquid/logLines';

export interface LogEntry extends LogLine {
  /** Milliseconds since the epoch, by the server's clock. */
  time: number;
  /** The journal's cursor of this entry. */
  cursor: string;
}

/** Bytes of one line of `journalctl -o json`; systemd cuts messages at 48 KiB (LineMax of journald.conf(5)). */
export const entryLimit = 256 * 1024;
/** Characters of a message that are read: chasquid writes no longer ones. */
const messageLimit = 8192;
const mostEntries = 5000;

/** The entries of `journalctl -o json` (systemd.journal-fields(7)). Lines that are no entry are passed over. */
export async function journalEntries(ndjson: Buffer): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let start = 0; start < ndjson.length && entries.length < mostEntries;) {
    const next = ndjson.indexOf('\n', start);
    const end = next < 0 ? ndjson.length : next;
    const entry = end - start > entryLimit ? undefined : journalEntry(ndjson.toString('utf8', start, end));
    if (entry) entries.push(entry);
    start = end + 1;
    await giveWay();
  }
  return entries;
}

export function journalEntry(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const message = messageOf(fields.MESSAGE)?.slice(0, messageLimit);
  const cursor = fields.__CURSOR;
  const time = Number(fields.__REALTIME_TIMESTAMP) / 1000;
  if (message === undefined || typeof cursor !== 'string' || !isTime(time)) return undefined;
  return { time, cursor, ...parseLogLine(message, sourceOf(fields), Number(fields.PRIORITY ?? 6)) };
}

/** The journal writes text that is not UTF-8 as an array of bytes, and a field that occurs twice as an array of values. */
function messageOf(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.every(item => typeof item === 'number')) return textOf(value);
  return value.map(item => textOf(item) ?? '').join(' ');
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? Buffer.from(value).toString('utf8') : undefined;
}

function sourceOf(fields: Record<string, unknown>): LogSource {
  if (fields._COMM === 'systemd' || fields.SYSLOG_IDENTIFIER === 'systemd' || fields._TRANSPORT === 'kernel')
    return 'system';
  // The mail log comes through syslog with the facility mail (2); the process log is its standard error.
  return fields._TRANSPORT === 'syslog' ? 'mail' : 'process';
}
