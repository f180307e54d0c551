import type { Version } from '../versions';
import { parseUsers, type UserEntry } from './parse';
import type { Scrypt } from './password';

/** The file with `name` set to `entry` (see `userEntry`): in place where the name is there, else at the end. All other bytes are kept. */
export function setUser(bytes: Uint8Array, version: Version, name: string, entry: string | Uint8Array): Buffer {
  const text = Buffer.from(entry as Uint8Array);
  const old = parseUsers(bytes, version).users.filter(user => user.name === name);
  const last = old.at(-1);
  if (!last || last.inList) {
    const kept = Buffer.from(last ? removeUser(bytes, version, name) : bytes);
    const newline = kept.length && kept.at(-1) !== 0x0a ? '\n' : '';
    return Buffer.concat([kept, Buffer.from(newline), text, Buffer.from('\n')]);
  }
  const replaced = Buffer.concat([bytes.subarray(0, last.entry.start), text, bytes.subarray(last.entry.end)]);
  // Earlier entries of the same name never counted: they go, so that the old password is nowhere left.
  return cut(replaced, old.slice(0, -1));
}

/** The entry that counts for `name`, as it is written, to be set again; undefined when there is none. */
export function writtenEntry(bytes: Uint8Array, version: Version, name: string): Buffer | undefined {
  const user = parseUsers(bytes, version).users.findLast(each => each.name === name);
  if (!user) return undefined;
  const { inList, entry } = user;
  return Buffer.concat([Buffer.from(inList ? 'users: ' : ''), bytes.subarray(entry.start, entry.end)]);
}

/** The file without `name`; all other bytes are kept. */
export function removeUser(bytes: Uint8Array, version: Version, name: string): Buffer {
  const entries = parseUsers(bytes, version).users.filter(user => user.name === name);
  return cut(Buffer.from(bytes), entries);
}

/** `entries` in file order. */
function cut(bytes: Buffer, entries: UserEntry[]): Buffer {
  let text = bytes.toString('latin1');
  for (const { inList, entry } of [...entries].reverse()) {
    let { start, end } = entry;
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
export function userEntry(name: string, scrypt: Scrypt): string {
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
