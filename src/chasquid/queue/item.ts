import { isTime } from '../../input/numbers';
import { decodeProto, type FieldNode, type MessageNode } from '../prototext/decode';
import type { MessageType } from '../prototext/schema';

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

/** The message `Item` of `internal/queue/queue.proto` (1.11 … 1.18). The enumerations are read as they are written. */
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
