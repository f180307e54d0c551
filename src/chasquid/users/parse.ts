import { quotable } from '../../text/visible';
import { drain } from '../drain';
import { type Decoded, decodingProto, type FieldNode, type MessageNode } from '../prototext/decode';
import type { Bytes } from '../prototext/lexer';
import { type Source, sourceOf, sourceOfBytes } from '../prototext/source';
import type { Version } from '../versions';
import { usersMessage } from './schema';

/** One user of a users file. Offsets are bytes. */
export interface UserEntry {
  /** Empty when the entry has no key. */
  name: string;
  /** The key's place; its value's when it has none. */
  key: Bytes;
  /** The place of the whole entry: of its field, in a list of its element. */
  entry: Bytes;
  inList: boolean;
  /** How the password is kept. */
  scheme?: 'scrypt' | 'plain' | 'denied';
  /** What is kept of it, for `storedPassword`. */
  password?: MessageNode;
}

/** A users file as written. */
export interface UsersFile extends Decoded {
  source: Source;
  /** In the order of the file. Where a name stands twice, chasquid uses the last. */
  users: UserEntry[];
}

/**
 * Reads `domains/DOMAIN/users` as that version does. Never throws.
 * @param content the file, or its text as `decodeText` gives it; `source.offset` leads back to offsets in what was given
 */
export function parseUsers(content: string | Uint8Array, version: Version): UsersFile {
  return drain(parsingUsers(content, version));
}

/** The same as a generator that can be left off after every user. */
export function* parsingUsers(content: string | Uint8Array, version: Version): Generator<void, UsersFile> {
  const source = typeof content === 'string' ? sourceOf(content) : sourceOfBytes(content);
  const decoded = yield* decodingProto(source.bytes, usersMessage(version));
  return { source, ...decoded, users: decoded.fields.filter(field => field.type).flatMap(usersOf) };
}

function usersOf(field: FieldNode): UserEntry[] {
  return field.values.flatMap(value => {
    if (value.kind !== 'message') return [];
    const { start, end } = field.list ? value : field;
    return [{ ...userOf(value), entry: { start, end }, inList: field.list !== undefined }];
  });
}

function userOf(node: MessageNode): Pick<UserEntry, 'name' | 'key' | 'scheme' | 'password'> {
  const key = node.fields.findLast(field => field.name === 'key')?.values[0];
  const value = node.fields.findLast(field => field.name === 'value')?.values[0];
  const scheme = value?.kind === 'message' ? value.fields.findLast(field => field.type) : undefined;
  const password = scheme?.values[0];
  return {
    name: key?.kind === 'scalar' && typeof key.value === 'string' ? key.value : '',
    key: key ?? node,
    ...(scheme && { scheme: scheme.name as 'scrypt' }),
    ...(password?.kind === 'message' && { password }),
  };
}

/** The users that chasquid sees: none when the file has an error. */
export function userNames(file: UsersFile): Set<string> {
  return new Set(file.errors.length > 0 ? [] : file.users.map(user => user.name));
}

/** Why chasquid does not accept the file, in its words, with the line; undefined when it does. */
export function usersError({ source, errors: [first] }: UsersFile): string | undefined {
  if (!first) return undefined;
  const line = source.bytes.slice(0, first.start).split('\n').length;
  return `line ${line}: ${quotable(first.upstream, 200)}`;
}
