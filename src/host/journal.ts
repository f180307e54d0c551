import { parseLogLine, type LogLine, type LogSource } from './logLines';

export interface LogEntry extends LogLine {
  /** Milliseconds since the epoch, by the server's clock. */
  time: number;
  /** The journal's cursor of this entry. */
  cursor: string;
}

/** The entries of `journalctl -o json` (systemd.journal-fields(7)). Lines that are no entry are passed over. */
export function journalEntries(ndjson: string): LogEntry[] {
  return ndjson.split('\n').flatMap(line => journalEntry(line) ?? []);
}

export function journalEntry(line: string): LogEntry | undefined {
  if (!line.startsWith('{')) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const message = messageOf(fields.MESSAGE);
  const cursor = fields.__CURSOR;
  const time = Number(fields.__REALTIME_TIMESTAMP) / 1000;
  if (message === undefined || typeof cursor !== 'string' || !Number.isFinite(time)) return undefined;
  return { time, cursor, ...parseLogLine(message, sourceOf(fields), Number(fields.PRIORITY ?? 6)) };
}

/** The journal writes text that is not UTF-8 as an array of bytes, and a field that occurs twice as an array of values. */
function messageOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  if (value.every(item => typeof item === 'number')) return Buffer.from(value).toString('utf8');
  return value.map(item => messageOf(item) ?? '').join(' ');
}

function sourceOf(fields: Record<string, unknown>): LogSource {
  if (fields._COMM === 'systemd' || fields.SYSLOG_IDENTIFIER === 'systemd' || fields._TRANSPORT === 'kernel')
    return 'system';
  // The mail log comes through syslog with the facility mail (2); the process log is its standard error.
  return fields._TRANSPORT === 'syslog' ? 'mail' : 'process';
}
