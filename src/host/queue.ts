import { answerFunctions, answerLines, bytesOf, find, locateChasquid, nameOf, need, textOf } from './answer';
import { HostError, type Shell } from './shell';
import { lastValue, parseProto, type ProtoField } from './textproto';

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
  [ $count -gt 1000 ] || grep -av '^data:' "$item" 2>/dev/null | emit item "$item"
done
field count "" "$count"
`;

export interface QueueState {
  /** Oldest first; at most 1000. */
  items: QueueItem[];
  /** How many there are. */
  length: number;
}

/** @throws HostError `queue-refused` */
export async function readQueue(shell: Shell, signal?: AbortSignal): Promise<QueueState> {
  const answer = await shell.run(script, { timeoutMs: 60_000, ...(signal && { signal }) });
  const lines = answerLines(answer);
  if (find(lines, 'none')) return { items: [], length: 0 };
  const refused = find(lines, 'refused');
  if (refused) {
    throw new HostError(
      'queue-refused',
      `The queue ${textOf(refused)} could not be read: it belongs to chasquid. Connect as root, or as a user who may use sudo.`,
    );
  }
  const length = Number(textOf(need(lines, 'count', answer, 'its queue')));
  const items = lines
    .filter(line => line.kind === 'item')
    .flatMap(line => parseQueueItem(bytesOf(line)) ?? damaged(nameOf(line)))
    .sort((a, b) => a.created - b.created);
  return { items, length };
}

/** A queue file without its `data`; undefined when it is none (an item may be gone or half-written as it is read). */
export function parseQueueItem(bytes: Uint8Array): QueueItem | undefined {
  let fields: ProtoField[];
  try {
    fields = parseProto(bytes);
  } catch {
    return undefined;
  }
  const id = string(fields, 'ID');
  if (!id) return undefined;
  const from = string(fields, 'from');
  return {
    id,
    from: from === '<>' ? '' : from,
    to: strings(fields, 'To'),
    recipients: fields.flatMap(field =>
      field.name === 'rcpt' && field.value.kind === 'message' ? [recipient(field.value.fields)] : [],
    ),
    created: created(fields),
  };
}

/** An unreadable item still counts and shall be seen. */
const damaged = (path: string): QueueItem[] => {
  const id = path.slice(path.lastIndexOf('/m:') + 3);
  return id ? [{ id, from: '', to: [], recipients: [], created: 0 }] : [];
};

function recipient(fields: ProtoField[]): QueueRecipient {
  const lastFailure = string(fields, 'last_failure_message');
  const originalAddress = string(fields, 'original_address');
  return {
    address: string(fields, 'address'),
    type: word(fields, 'type', { PIPE: 'pipe', '1': 'pipe', FORWARD: 'forward', '2': 'forward' }) ?? 'email',
    status: word(fields, 'status', { SENT: 'sent', '1': 'sent', FAILED: 'failed', '2': 'failed' }) ?? 'pending',
    ...(lastFailure && { lastFailure }),
    ...(originalAddress && { originalAddress }),
    via: strings(fields, 'via'),
  };
}

function created(fields: ProtoField[]): number {
  const stamp = lastValue(fields, 'created_at_ts');
  if (stamp?.kind !== 'message') return 0;
  const number = (name: string) => {
    const value = lastValue(stamp.fields, name);
    return value?.kind === 'scalar' ? Number(value.text) : 0;
  };
  return number('seconds') * 1000 + Math.floor(number('nanos') / 1e6);
}

const string = (fields: ProtoField[], name: string): string => {
  const value = lastValue(fields, name);
  return value?.kind === 'string' ? value.bytes.toString('utf8') : '';
};

const strings = (fields: ProtoField[], name: string): string[] =>
  fields.flatMap(field =>
    field.name === name && field.value.kind === 'string' ? [field.value.bytes.toString('utf8')] : [],
  );

/** Enumerations omit their value 0. */
function word<T extends string>(fields: ProtoField[], name: string, values: Record<string, T>): T | undefined {
  const value = lastValue(fields, name);
  return value?.kind === 'scalar' ? values[value.text] : undefined;
}
