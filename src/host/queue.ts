import { runSliced } from '../input/slices';
import {
  type AnswerLine,
  answerFunctions,
  answerLines,
  bytesOf,
  find,
  locateChasquid,
  nameOf,
  need,
  quoteOf,
  textOf,
} from './protocol/answer';
import { decodeProto, type FieldNode, type MessageNode } from '../chasquid/prototext/decode';
import type { MessageType } from '../chasquid/prototext/schema';
import { HostError, type Shell } from './protocol/shell';
import { countOf, isTime } from './protocol/time';

/** A message that chasquid still has to deliver (`internal/queue/queue.proto`). */
export interface QueueItem {
  id: string;
  /** Empty for a failure notice. */
  from: string;
  to: string[];
  recipients: QueueRecipient[];
  /** Milliseconds since the epoch. */
  created: number;
}

export interface QueueRecipient {
  /** An address, or a command. */
  address: string;
  type: 'email' | 'pipe' | 'forward';
  status: 'pending' | 'sent' | 'failed';
  lastFailure?: string;
  /** Where an alias led from. */
  originalAddress?: string;
  via: string[];
}

/** How many messages of the queue are read. */
const mostItems = 1000;

/** The message itself is left out on the server: it is one field on one line, and may be 50 MB. */
const script = String.raw`
${answerFunctions}
${locateChasquid}
data=$(sed -n 's/^[[:space:]]*data_dir[[:space:]]*:[[:space:]]*["'\'']\(.*\)["'\''].*/\1/p' "$config/chasquid.conf" 2>/dev/null | tail -n 1)
[ -n "$data" ] || data=/var/lib/chasquid
queue=$data/queue
[ -d "$queue" ] || { field none "" "$queue"; exit 0; }
[ -r "$queue" ] || { field refused "" "$queue"; exit 0; }
count=0
for item in "$queue"/m:*; do
  [ -f "$item" ] || continue
  count=$((count+1))
  [ $count -gt ${mostItems} ] || grep -av '^data:' "$item" 2>/dev/null | emit item "$item"
done
field count "" "$count"
`;

export interface QueueState {
  /** Oldest first; not all where there are very many. */
  items: QueueItem[];
  /** How many there are. */
  length: number;
}

/** Octets of a queue file without its message: a hundred recipients take some ten thousand. */
const itemLimit = 256 * 1024;

/** @throws HostError `queue-refused` */
export async function readQueue(shell: Shell, signal?: AbortSignal): Promise<QueueState> {
  const answer = await shell.run(script, { timeoutMs: 60_000, ...(signal && { signal }) });
  const lines = answerLines(answer);
  if (find(lines, 'none')) return { items: [], length: 0 };
  const refused = find(lines, 'refused');
  if (refused) {
    throw new HostError(
      'queue-refused',
      `The queue ${quoteOf(refused)} could not be read: it belongs to chasquid. Connect as root, or as a user who may use sudo.`,
    );
  }
  const length = countOf(textOf(need(lines, 'count', answer, 'its queue')));
  const items = await runSliced(readingItems(lines.filter(line => line.kind === 'item').slice(0, mostItems)));
  return { items: items.sort((a, b) => a.created - b.created), length };
}

function* readingItems(lines: AnswerLine[]): Generator<void, QueueItem[]> {
  const items: QueueItem[] = [];
  for (const line of lines) {
    yield;
    const bytes = bytesOf(line);
    const item = bytes.length > itemLimit ? undefined : parseQueueItem(bytes);
    items.push(...(item ? [item] : damaged(nameOf(line))));
  }
  return items;
}

/** `queue.proto`. The enumerations are read as they are written. */
const itemMessage: MessageType = {
  fields: {
    ID: { number: 1, kind: 'string' },
    from: { number: 2, kind: 'string' },
    To: { number: 3, kind: 'string', repeated: true },
    rcpt: {
      number: 4,
      repeated: true,
      kind: {
        fields: {
          address: { number: 1, kind: 'string' },
          type: { number: 2, kind: 'string' },
          status: { number: 3, kind: 'string' },
          last_failure_message: { number: 4, kind: 'string' },
          original_address: { number: 5, kind: 'string' },
          via: { number: 6, kind: 'string', repeated: true },
        },
      },
    },
    data: { number: 5, kind: 'bytes' },
    created_at_ts: {
      number: 6,
      kind: { fields: { seconds: { number: 1, kind: 'int64' }, nanos: { number: 2, kind: 'int32' } } },
    },
  },
};

/** A queue file without its `data`; undefined when it is none (an item may be gone or half-written as it is read). */
export function parseQueueItem(bytes: Uint8Array): QueueItem | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const { fields } = decodeProto(text, itemMessage);
  const id = strings(fields, 'ID')[0];
  if (!id) return undefined;
  const from = strings(fields, 'from')[0] ?? '';
  return {
    id,
    from: from === '<>' ? '' : from,
    to: strings(fields, 'To'),
    recipients: messages(fields, 'rcpt').map(node => recipient(node.fields, text)),
    created: created(messages(fields, 'created_at_ts')[0]?.fields ?? []),
  };
}

/** An unreadable item still counts and shall be seen. */
const damaged = (path: string): QueueItem[] => {
  const id = path.slice(path.lastIndexOf('/m:') + 3);
  return id ? [{ id, from: '', to: [], recipients: [], created: 0 }] : [];
};

function recipient(fields: FieldNode[], text: string): QueueRecipient {
  const [lastFailure] = strings(fields, 'last_failure_message');
  const [originalAddress] = strings(fields, 'original_address');
  return {
    address: strings(fields, 'address')[0] ?? '',
    type: word(fields, text, 'type', { PIPE: 'pipe', '1': 'pipe', FORWARD: 'forward', '2': 'forward' }) ?? 'email',
    status: word(fields, text, 'status', { SENT: 'sent', '1': 'sent', FAILED: 'failed', '2': 'failed' }) ?? 'pending',
    ...(lastFailure && { lastFailure }),
    ...(originalAddress && { originalAddress }),
    via: strings(fields, 'via'),
  };
}

function created(fields: FieldNode[]): number {
  const number = (name: string) =>
    Number(values(fields, name).flatMap(node => (node.kind === 'scalar' ? [node.value] : []))[0] ?? 0);
  const ms = number('seconds') * 1000 + Math.floor(number('nanos') / 1e6);
  return isTime(ms) ? ms : 0;
}

const values = (fields: FieldNode[], name: string) =>
  fields.filter(field => field.name === name && field.type).flatMap(field => field.values);

const messages = (fields: FieldNode[], name: string): MessageNode[] =>
  values(fields, name).filter(value => value.kind === 'message');

const strings = (fields: FieldNode[], name: string): string[] =>
  values(fields, name).flatMap(value =>
    value.kind === 'scalar' && typeof value.value === 'string' ? [value.value] : [],
  );

/** An enumeration omits its value 0. */
function word<T extends string>(
  fields: FieldNode[],
  text: string,
  name: string,
  words: Record<string, T>,
): T | undefined {
  const [value] = values(fields, name);
  return value && words[text.slice(value.start, value.end)];
}
