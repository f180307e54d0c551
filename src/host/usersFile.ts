import { lastValue, parseProto, protoString, type ProtoField } from './textproto';

/** How one sender's password is kept (chasquid `internal/userdb/userdb.proto`, the same in 1.11 … 1.18; `denied` since 1.13). */
export type Scheme =
  | { kind: 'scrypt'; logN: number; r: number; p: number; keyLen: number; salt: Buffer; encrypted: Buffer }
  | { kind: 'plain'; password: Buffer }
  | { kind: 'denied' }
  | { kind: 'none' };

export interface UserEntry {
  name: string;
  scheme: Scheme;
  field: ProtoField;
}

/** The entries in file order. Where a name stands twice, chasquid uses the last. @throws ProtoSyntaxError */
export function parseUsers(bytes: Uint8Array): UserEntry[] {
  return parseProto(bytes).flatMap(field => {
    if (field.name !== 'users' || field.value.kind !== 'message') return [];
    const key = lastValue(field.value.fields, 'key');
    const value = lastValue(field.value.fields, 'value');
    const name = key?.kind === 'string' ? key.bytes.toString('utf8') : '';
    return [{ name, scheme: value?.kind === 'message' ? scheme(value.fields) : { kind: 'none' as const }, field }];
  });
}

function scheme(fields: ProtoField[]): Scheme {
  const chosen = fields.at(-1);
  if (chosen?.value.kind !== 'message') return { kind: 'none' };
  const inner = chosen.value.fields;
  const number = (name: string) => {
    const value = lastValue(inner, name);
    return value?.kind === 'scalar' ? Number(value.text) : 0;
  };
  const bytes = (name: string) => {
    const value = lastValue(inner, name);
    return value?.kind === 'string' ? value.bytes : Buffer.alloc(0);
  };
  switch (chosen.name) {
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

/** The file with `name` set to `entry` (see `userEntry`): in place where the name is there, else at the end. All other bytes are kept. */
export function setUser(bytes: Uint8Array, name: string, entry: string): Buffer {
  const old = parseUsers(bytes).filter(user => user.name === name);
  const last = old.at(-1);
  if (!last || last.field.inList) {
    const kept = Buffer.from(last ? removeUser(bytes, name) : bytes);
    const newline = kept.length && kept.at(-1) !== 0x0a ? '\n' : '';
    return Buffer.concat([kept, Buffer.from(`${newline}${entry}\n`)]);
  }
  const { start, end } = last.field;
  const replaced = Buffer.concat([bytes.subarray(0, start), Buffer.from(entry), bytes.subarray(end)]);
  // Earlier entries of the same name never counted: they go, so that the old password is nowhere left.
  return old.length > 1
    ? cut(
        replaced,
        old.slice(0, -1).map(user => user.field),
      )
    : replaced;
}

/** The file without `name`; all other bytes are kept. */
export function removeUser(bytes: Uint8Array, name: string): Buffer {
  const fields = parseUsers(bytes)
    .filter(user => user.name === name)
    .map(user => user.field);
  return cut(Buffer.from(bytes), fields);
}

/** `fields` in file order. */
function cut(bytes: Buffer, fields: ProtoField[]): Buffer {
  let result = bytes;
  for (const field of [...fields].reverse()) {
    let { start, end } = field;
    const text = result.toString('latin1');
    if (field.inList) {
      // The comma after the element goes with it, or the one before it where it is the last.
      const after = /^[ \n\r\t]*,/.exec(text.slice(end));
      const before = /,[ \n\r\t]*$/.exec(text.slice(0, start));
      if (after) end += after[0].length;
      else if (before) start -= before[0].length;
    } else if (/(^|\n)[ \t]*$/.test(text.slice(0, start))) {
      // A field on lines of its own goes with its line end.
      const rest = /^[ \t]*\r?\n/.exec(text.slice(end));
      if (rest) end += rest[0].length;
    }
    result = Buffer.concat([result.subarray(0, start), result.subarray(end)]);
  }
  return result;
}

/** One entry in the layout of chasquid-util, readable by every version. */
export function userEntry(name: string, scrypt: Extract<Scheme, { kind: 'scrypt' }>): string {
  return [
    'users: {',
    `  key: ${protoString(Buffer.from(name))}`,
    '  value: {',
    '    scrypt: {',
    `      logN: ${scrypt.logN}`,
    `      r: ${scrypt.r}`,
    `      p: ${scrypt.p}`,
    `      keyLen: ${scrypt.keyLen}`,
    `      salt: ${protoString(scrypt.salt)}`,
    `      encrypted: ${protoString(scrypt.encrypted)}`,
    '    }',
    '  }',
    '}',
  ].join('\n');
}
