import { answerLines, bytesOf, find, need } from '../protocol/answer';
import { journalEntries, type LogEntry } from './journal';
import { HostError, type Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

/** Everything the logs tell of one message. */
export interface MessageTrace {
  id: string;
  from?: string;
  to: string[];
  /** Milliseconds since the epoch; when it was queued. */
  queued?: number;
  recipients: RecipientTrace[];
  /** chasquid has nothing left to do for it. */
  done: boolean;
  /** Queue IDs of the failure notices it caused. */
  bounces: string[];
  /** All lines about it, oldest first: of the connection it came over, of its deliveries, of its bounces. */
  entries: LogEntry[];
}

export interface RecipientTrace {
  address: string;
  state: 'waiting' | 'sent' | 'failed';
  attempts: number;
  /** What the receiver, or our own server, said last. */
  answer?: string;
}

/** Groups what belongs to the message `id`. @param entries oldest first, of any messages. */
export function traceOf(id: string, entries: readonly LogEntry[]): MessageTrace {
  const trace: MessageTrace = { id, to: [], recipients: [], done: false, bounces: [], entries: [] };
  let peer: string | undefined;
  for (const { event, time } of entries) {
    if (!event || !('id' in event) || event.id !== id) continue;
    if (event.kind === 'queued') {
      peer ??= event.peer;
      trace.from ??= event.from;
      trace.queued ??= time;
      if (!trace.to.length) trace.to = event.to;
    } else if (event.kind === 'done') trace.done = true;
    else if (event.kind === 'bounced') trace.bounces.push(event.bounceId);
  }
  trace.recipients = recipients(id, entries);
  const bounces = new Set(trace.bounces);
  const addresses = new Set(trace.recipients.map(recipient => recipient.address));
  const carrier = 'Courier.SMTP ';
  const carried = (text: string) =>
    text.startsWith(carrier) && addresses.has(text.slice(carrier.length, text.indexOf(':', carrier.length)));
  trace.entries = entries.filter(
    entry =>
      entry.messageId === id ||
      (entry.messageId !== undefined && bounces.has(entry.messageId)) ||
      (peer !== undefined && ofConnection(entry, peer, trace.queued!)) ||
      carried(entry.text),
  );
  return trace;
}

/** An attempt is told twice, by the mail log and the process log; each log alone tells all of them. */
function recipients(id: string, entries: readonly LogEntry[]): RecipientTrace[] {
  const seen = new Map<string, RecipientTrace & { told: Record<string, number> }>();
  for (const { event, source } of entries) {
    if (event?.kind !== 'sent' && event?.kind !== 'failed') continue;
    if (event.id !== id) continue;
    const one = seen.get(event.to) ?? { address: event.to, state: 'waiting' as const, attempts: 0, told: {} };
    seen.set(event.to, one);
    one.told[source] = (one.told[source] ?? 0) + 1;
    one.attempts = Math.max(...Object.values(one.told));
    if (event.kind === 'sent') one.state = 'sent';
    else {
      one.answer = event.reason;
      if (event.permanent) one.state = 'failed';
    }
  }
  return [...seen.values()].map(({ told: _told, ...one }) => one);
}

/** A port number is used again; ten minutes is the longest that one connection lives before it brings its message. */
const connectionMs = 10 * 60_000;

function ofConnection(entry: LogEntry, peer: string, queued: number): boolean {
  if (entry.messageId !== undefined || Math.abs(entry.time - queued) > connectionMs) return false;
  return entry.text.startsWith(`${peer} `) || entry.text.includes(` ${peer}: `);
}

const script = shellScript(import.meta.url, './traceMessage.sh');

/** Why a text cannot be a queue ID (internal/queue/queue.go: 8 random bytes in base64url); undefined when it can. */
export function queueIdProblem(id: string): string | undefined {
  return /^[A-Za-z0-9_-]{11}$/.test(id)
    ? undefined
    : 'A queue ID has 11 letters, digits, hyphens or underscores. The log shows it in front of “from=”. Copy it from there.';
}

/**
 * Finds one message in the server's journal.
 * @param options.since how far back to look, as journalctl takes it (`-7d`).
 * @throws RangeError for what cannot be a queue ID; HostError `message-not-found`.
 */
export async function traceMessage(
  shell: Shell,
  id: string,
  options: { since?: string; signal?: AbortSignal } = {},
): Promise<MessageTrace> {
  const problem = queueIdProblem(id);
  if (problem !== undefined) throw new RangeError(problem);
  const since = options.since ?? '-7d';
  const answer = await shell.run(script, {
    inputs: { id, since },
    timeoutMs: 120_000,
    ...(options.signal && { signal: options.signal }),
  });
  const lines = answerLines(answer);
  need(lines, 'trace', answer, 'this message');
  const trace = traceOf(id, await journalEntries(bytesOf(find(lines, 'trace'))));
  if (!trace.entries.length) {
    throw new HostError(
      'message-not-found',
      `The log has no line about ${id}. Checked: chasquid's journal since ${since}. It may be older, or from another server.`,
    );
  }
  return trace;
}
