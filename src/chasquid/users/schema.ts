import type { MessageType } from '../prototext/schema';
import type { Version } from '../versions';

const scheme = 'userdb.Password.scheme';

/** The message `ProtoDB` of internal/userdb/userdb.proto in that version. */
export function usersMessage(version: Version): MessageType {
  const scrypt: MessageType = {
    fields: {
      logN: { number: 1, kind: 'uint64' },
      r: { number: 2, kind: 'int32' },
      p: { number: 3, kind: 'int32' },
      keyLen: { number: 4, kind: 'int32' },
      salt: { number: 5, kind: 'bytes' },
      encrypted: { number: 6, kind: 'bytes' },
    },
  };
  const plain: MessageType = { fields: { password: { number: 1, kind: 'bytes' } } };
  const password: MessageType = {
    fields: {
      scrypt: { number: 2, kind: scrypt, oneof: scheme },
      plain: { number: 3, kind: plain, oneof: scheme },
      ...(version.features.deniedUsers && { denied: { number: 4, kind: { fields: {} }, oneof: scheme } }),
    },
  };
  return { fields: { users: { number: 1, kind: password, map: true } } };
}
