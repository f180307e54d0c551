/**
 * The lines that chasquid logs (1.11 … 1.18): its process log (`blitiri.com.ar/go/log`, `internal/trace`), its mail log
 * (`internal/maillog/maillog.go`), and what systemd says of its units. Pure.
 */
export type LogLevel = 'error' | 'warning' | 'info' | 'debug';
export type LogSource = 'process' | 'mail' | 'system';

export interface LogLine {
  severity: LogLevel;
  source: LogSource;
  /** Without level, code position and date. */
  text: string;
  /** The queue ID that the line is about. */
  messageId?: string;
  event?: MailEvent;
}

/** What happened to mail, from whichever log tells it. */
export type MailEvent =
  | { kind: 'listening'; address: string }
  | { kind: 'auth'; peer: string; user: string; ok: boolean }
  | { kind: 'rejected'; peer: string; from?: string; to: string[]; reason: string }
  | { kind: 'queued'; id: string; from: string; to: string[]; peer: string }
  | { kind: 'sent'; id: string; to: string }
  | { kind: 'failed'; id: string; to: string; permanent: boolean; reason: string }
  | { kind: 'waiting'; id: string; next: string }
  | { kind: 'bounced'; id: string; bounceId: string }
  | { kind: 'done'; id: string };

/** Queue IDs are 8 random bytes in base64url without padding (`queue.go:newID`). */
const id = '([A-Za-z0-9_-]{11})';
const date = String.raw`(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6} )?`;
const processLine = new RegExp(String.raw`^${date}(☠|E|_|\.)(?: +\S+\.go:\d+ +|  +)([^ ][\s\S]*)?$`, 'u');
const mailLine = new RegExp(`^${date}([\\s\\S]*)$`);

/** One message of the journal whose origin is told by its fields, or one line of a mail log file (`mail`). */
export function parseLogLine(message: string, source: LogSource, priority = 6): LogLine {
  const text = message.trimEnd();
  if (source === 'system') return { severity: bySystemd(priority), source, text };
  return source === 'mail' ? parseMailLine(text) : parseProcessLine(text);
}

function parseProcessLine(line: string): LogLine {
  const match = processLine.exec(line);
  // Go's own last words, or the second line of a message of several.
  if (!match) {
    const severity = /^(panic|fatal error|goroutine \d+|runtime error)\b/.test(line) ? 'error' : 'info';
    return { severity, source: 'process', text: line };
  }
  const level = match[1]!;
  const text = match[2] ?? '';
  const event = processEvent(text);
  return {
    severity: processSeverity(level, text, event),
    source: 'process',
    text,
    ...idOf(event, new RegExp(`^Queue\\.SendLoop ${id}:`).exec(text)?.[1]),
    ...(event && { event }),
  };
}

/** Traces log their errors at the level of information, with `error: ` in front of the text. */
function processSeverity(level: string, text: string, event: MailEvent | undefined): LogLevel {
  // It says farewell with its gravest level.
  if (level === '☠') return text.startsWith('Got signal to exit') ? 'info' : 'error';
  if (level === 'E') return 'error';
  if (level === '.') return 'debug';
  const failed = event?.kind === 'failed';
  if (failed) return event.permanent ? 'error' : 'warning';
  if (!/^[A-Z][\w.-]*(?: .*?)?: error: /.test(text)) return 'info';
  // What strangers do wrong is no error of this server.
  return text.startsWith('SMTP.Conn') ? 'warning' : 'error';
}

function processEvent(text: string): MailEvent | undefined {
  const queued = /^SMTP\.Conn (\S+): Queued from (.*)$/.exec(text);
  const list = queued ? queued[2]!.indexOf(' to [') : -1;
  const accepted = list < 0 ? null : new RegExp(`^(.*)\\] - ${id}$`).exec(queued![2]!.slice(list + ' to ['.length));
  if (accepted) {
    const from = queued![2]!.slice(0, list);
    return { kind: 'queued', peer: queued![1]!, from, to: words(accepted[1]!), id: accepted[2]! };
  }
  const loop = new RegExp(`^Queue\\.SendLoop ${id}: ([\\s\\S]*)$`).exec(text);
  if (!loop) return undefined;
  const [, queueId, said] = loop as unknown as [string, string, string];
  const failed = /^(?:error: )?(.+?) (temporary|permanent) error: ([\s\S]*)$/.exec(said);
  if (failed)
    return { kind: 'failed', id: queueId, to: failed[1]!, permanent: failed[2] === 'permanent', reason: failed[3]! };
  const sent = /^(.+) sent$/.exec(said);
  if (sent) return { kind: 'sent', id: queueId, to: sent[1]! };
  const waiting = /^waiting for (\S+)$/.exec(said);
  if (waiting) return { kind: 'waiting', id: queueId, next: waiting[1]! };
  const bounced = new RegExp(`^queued DSN: ${id}$`).exec(said);
  if (bounced) return { kind: 'bounced', id: queueId, bounceId: bounced[1]! };
  return said === 'all done' ? { kind: 'done', id: queueId } : undefined;
}

function parseMailLine(line: string): LogLine {
  const text = mailLine.exec(line)?.[1] ?? line;
  const event = mailEvent(text);
  return {
    severity: mailSeverity(event),
    source: 'mail',
    text,
    ...idOf(event),
    ...(event && { event }),
  };
}

function mailSeverity(event: MailEvent | undefined): LogLevel {
  if (event?.kind === 'failed') return event.permanent ? 'error' : 'warning';
  return event?.kind === 'rejected' || (event?.kind === 'auth' && !event.ok) ? 'warning' : 'info';
}

function mailEvent(text: string): MailEvent | undefined {
  const listening = /^daemon listening on (.+)$/.exec(text);
  if (listening) return { kind: 'listening', address: listening[1]! };
  const auth = /^(\S+) auth (succeeded|failed) for (.*)$/.exec(text);
  if (auth) return { kind: 'auth', peer: auth[1]!, ok: auth[2] === 'succeeded', user: auth[3]! };
  const rejected = /^(\S+) rejected(?: from=)?([\s\S]*)$/.exec(text);
  if (rejected) return rejectedEvent(rejected[1]!, rejected[2]!);
  const message = new RegExp(`^${id} from=([^ \\n]*) (?:queued ip=(\\S+) to=\\[(.*)\\]|([\\s\\S]*))$`).exec(text);
  if (!message) return undefined;
  const [, queueId, from, peer, to, rest] = message;
  if (peer !== undefined) return { kind: 'queued', id: queueId!, from: from!, to: words(to!), peer };
  return attempt(queueId!, rest!);
}

/** @param said `FROM to=[TO …] - REASON`, where FROM and the list may be absent */
function rejectedEvent(peer: string, said: string): MailEvent | undefined {
  const before = said.indexOf(' to=[');
  const list = before < 0 ? '' : said.slice(before + ' to=['.length);
  const closed = list.search(/\] -(?: |$)/);
  const dash = said.search(/ -(?: |$)/);
  if (dash < 0) return undefined;
  const listed = closed >= 0 && before < dash;
  const from = said.slice(0, listed ? before : dash);
  return {
    kind: 'rejected',
    peer,
    ...(from && { from }),
    to: listed ? words(list.slice(0, closed)) : [],
    reason: listed ? list.slice(closed + '] - '.length) : said.slice(dash + ' - '.length),
  };
}

function attempt(queueId: string, text: string): MailEvent | undefined {
  const failed = /^to=(.*?) failed \((temporary|permanent)\): ?([\s\S]*)$/.exec(text);
  if (failed)
    return { kind: 'failed', id: queueId, to: failed[1]!, permanent: failed[2] === 'permanent', reason: failed[3]! };
  const sent = /^to=(.*) sent$/.exec(text);
  if (sent) return { kind: 'sent', id: queueId, to: sent[1]! };
  const waiting = /^completed loop, next in (\S+)$/.exec(text);
  if (waiting) return { kind: 'waiting', id: queueId, next: waiting[1]! };
  return text === 'all done' ? { kind: 'done', id: queueId } : undefined;
}

const words = (list: string): string[] => list.split(' ').filter(Boolean);

function idOf(event: MailEvent | undefined, other?: string): { messageId?: string } {
  const messageId = event && 'id' in event ? event.id : other;
  return messageId === undefined ? {} : { messageId };
}

/** syslog(3) priorities. */
function bySystemd(priority: number): LogLevel {
  if (priority <= 3) return 'error';
  if (priority === 4) return 'warning';
  return priority === 7 ? 'debug' : 'info';
}
