import { drain } from '../drain';
import { type Decoded, decodingProto, type MessageNode } from '../prototext/decode';
import type { Bytes } from '../prototext/lexer';
import { type Source, sourceOf } from '../prototext/source';
import { usersMessage } from './schema';
import type { Version } from '../versions';

/** One user of a users file. Offsets are bytes. */
export interface UserEntry {
  name: string;
  /** The key's place; the whole entry's when it has no key. */
  key: Bytes;
  entry: Bytes;
  scheme?: 'scrypt' | 'plain' | 'denied';
}

/** A users file as written. A password's content is never kept. */
export interface UsersFile extends Decoded {
  source: Source;
  users: UserEntry[];
}

/** Reads `domains/DOMAIN/users` as that version does. Never throws. */
export function parseUsers(text: string, version: Version): UsersFile {
  return drain(parsingUsers(text, version));
}

/** The same as a generator that can be left off after every user. */
export function* parsingUsers(text: string, version: Version): Generator<void, UsersFile> {
  const source = sourceOf(text);
  const decoded = yield* decodingProto(source.bytes, usersMessage(version));
  const entries = decoded.fields.filter(field => field.type).flatMap(field => field.values);
  return { source, ...decoded, users: entries.filter(entry => entry.kind === 'message').map(userOf) };
}

function userOf(entry: MessageNode): UserEntry {
  const key = entry.fields.find(field => field.name === 'key')?.values[0];
  const value = entry.fields.find(field => field.name === 'value')?.values[0];
  const scheme = value?.kind === 'message' ? value.fields.find(field => field.type)?.name : undefined;
  return {
    name: key?.kind === 'scalar' && typeof key.value === 'string' ? key.value : '',
    key: key ?? entry,
    entry,
    ...(scheme !== undefined && { scheme: scheme as 'scrypt' }),
  };
}

/** The users that chasquid sees: none when the file has an error. */
export function userNames(file: UsersFile): Set<string> {
  return new Set(file.errors.length > 0 ? [] : file.users.map(user => user.name));
}
