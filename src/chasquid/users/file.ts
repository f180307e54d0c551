import { drain } from '../drain';
import { decodingProto, type FieldNode, type MessageNode } from '../prototext/decode';
import type { ScalarValue } from '../prototext/scalar';
import { quotable } from '../../text/visible';
import { usersMessage } from './schema';
import type { Version } from '../versions';

/** How one sender's password is kept (chasquid `internal/userdb/userdb.proto`, the same in 1.11 … 1.18; `denied` since 1.13). */
export type Scheme =
  | { kind: 'scrypt'; logN: number; r: number; p: number; keyLen: number; salt: Buffer; encrypted: Buffer }
  | { kind: 'plain'; password: Buffer }
  | { kind: 'denied' }
  | { kind: 'none' };

export interface UserEntry {
  name: string;
  scheme: Scheme;
  /** Byte offsets of the entry in the file; in a list, of the element. */
  start: number;
  end: number;
  inList: boolean;
}

export interface Users {
  /** In file order. Where a name stands twice, chasquid uses the last. */
  entries: UserEntry[];
  /** Why this version does not take the file, as chasquid says it, with its line. */
  error?: string;
}

export function parseUsers(bytes: Uint8Array, version: Version): Users {
  return drain(readingUsers(bytes, version));
}

/** The same as a generator that can be left off after every user. */
export function* readingUsers(bytes: Uint8Array, version: Version): Generator<void, Users> {
  const text = Buffer.from(bytes).toString('latin1');
  const { fields, errors } = yield* decodingProto(text, usersMessage(version));
  const entries = fields.flatMap(field =>
    field.name !== 'users' || !field.type
      ? []
      : field.values.flatMap(value => {
          if (value.kind !== 'message') return [];
          const { start, end } = field.list ? value : field;
          return [{ ...entryOf(value), start, end, inList: field.list !== undefined }];
        }),
  );
  const [error] = errors;
  if (!error) return { entries };
  return { entries, error: `line ${text.slice(0, error.start).split('\n').length}: ${quotable(error.upstream, 200)}` };
}

function entryOf(node: MessageNode): Pick<UserEntry, 'name' | 'scheme'> {
  const key = scalar(node.fields, 'key');
  const value = node.fields.findLast(field => field.name === 'value')?.values[0];
  return {
    name: typeof key === 'string' ? key : '',
    scheme: value?.kind === 'message' ? schemeOf(value.fields) : { kind: 'none' },
  };
}

function schemeOf(fields: FieldNode[]): Scheme {
  const chosen = fields.findLast(field => field.type);
  const value = chosen?.values[0];
  if (value?.kind !== 'message') return { kind: 'none' };
  const number = (name: string) => Number(scalar(value.fields, name) ?? 0);
  const bytes = (name: string) => Buffer.from(String(scalar(value.fields, name) ?? ''), 'latin1');
  switch (chosen!.name) {
    case 'scrypt':
      return {
        kind: 'scrypt',
        logN: number('logN'),
        r: number('r'),
        p: number('p'),
        keyLen: number('keyLen'),
        salt: bytes('salt'),
        encrypted: bytes('encrypted'),
      };
    case 'plain':
      return { kind: 'plain', password: bytes('password') };
    case 'denied':
      return { kind: 'denied' };
    default:
      return { kind: 'none' };
  }
}

function scalar(fields: FieldNode[], name: string): ScalarValue | undefined {
  const value = fields.findLast(field => field.name === name)?.values[0];
  return value?.kind === 'scalar' ? value.value : undefined;
}

/** The file with `name` set to `entry` (see `userEntry`): in place where the name is there, else at the end. All other bytes are kept. */
export function setUser(bytes: Uint8Array, version: Version, name: string, entry: string | Uint8Array): Buffer {
  const text = Buffer.from(entry as Uint8Array);
  const old = parseUsers(bytes, version).entries.filter(user => user.name === name);
  const last = old.at(-1);
  if (!last || last.inList) {
    const kept = Buffer.from(last ? removeUser(bytes, version, name) : bytes);
    const newline = kept.length && kept.at(-1) !== 0x0a ? '\n' : '';
    return Buffer.concat([kept, Buffer.from(newline), text, Buffer.from('\n')]);
  }
  const replaced = Buffer.concat([bytes.subarray(0, last.start), text, bytes.subarray(last.end)]);
  // Earlier entries of the same name never counted: they go, so that the old password is nowhere left.
  return cut(replaced, old.slice(0, -1));
}

/** The entry that counts for `name`, as it is written, to be set again; undefined when there is none. */
export function writtenEntry(bytes: Uint8Array, version: Version, name: string): Buffer | undefined {
  const entry = parseUsers(bytes, version).entries.findLast(user => user.name === name);
  if (!entry) return undefined;
  return Buffer.concat([Buffer.from(entry.inList ? 'users: ' : ''), bytes.subarray(entry.start, entry.end)]);
}

/** The file without `name`; all other bytes are kept. */
export function removeUser(bytes: Uint8Array, version: Version, name: string): Buffer {
  const entries = parseUsers(bytes, version).entries.filter(user => user.name === name);
  return cut(Buffer.from(bytes), entries);
}

/** `entries` in file order. */
function cut(bytes: Buffer, entries: UserEntry[]): Buffer {
  let text = bytes.toString('latin1');
  for (const { inList, ...range } of [...entries].reverse()) {
    let { start, end } = range;
    if (inList) {
      // The comma after the element goes with it, or the one before it where it is the last.
      const after = /^[ \n\r\t]*,/.exec(text.slice(end));
      const before = /,[ \n\r\t]*$/.exec(text.slice(0, start));
      if (after) end += after[0].length;
      else if (before) start -= before[0].length;
    } else {
      end += /^(?:[ \n\r\t]*[,;])?/.exec(text.slice(end))![0].length;
      // A field on lines of its own goes with its line end.
      if (/(^|\n)[ \t]*$/.test(text.slice(0, start))) end += /^(?:[ \t]*\r?\n)?/.exec(text.slice(end))![0].length;
    }
    text = text.slice(0, start) + text.slice(end);
  }
  return Buffer.from(text, 'latin1');
}

/** One entry in the layout of chasquid-util, readable by every version. */
export function userEntry(name: string, scrypt: Extract<Scheme, { kind: 'scrypt' }>): string {
  return [
    'users: {',
    `  key: ${literal(Buffer.from(name))}`,
    '  value: {',
    '    scrypt: {',
    `      logN: ${scrypt.logN}`,
    `      r: ${scrypt.r}`,
    `      p: ${scrypt.p}`,
    `      keyLen: ${scrypt.keyLen}`,
    `      salt: ${literal(scrypt.salt)}`,
    `      encrypted: ${literal(scrypt.encrypted)}`,
    '    }',
    '  }',
    '}',
  ].join('\n');
}

/** A double-quoted literal: printable ASCII as it is, every other byte as a three-digit octal escape. */
function literal(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') text += `\\${char}`;
    else if (byte >= 0x20 && byte < 0x7f) text += char;
    else text += `\\${byte.toString(8).padStart(3, '0')}`;
  }
  return `"${text}"`;
}
