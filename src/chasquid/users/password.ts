import { randomBytes, scrypt as scryptCallback, timingSafeEqual } from 'node:crypto';
import type { FieldNode } from '../prototext/decode';
import type { ScalarValue } from '../prototext/scalar';
import type { UserEntry } from './parse';

/** How one sender's password is kept (chasquid `internal/userdb/userdb.proto`, the same in 1.11 … 1.18; `denied` since 1.13). */
export type StoredPassword = Scrypt | { kind: 'plain'; password: Buffer } | { kind: 'denied' } | { kind: 'none' };

export interface Scrypt {
  kind: 'scrypt';
  logN: number;
  r: number;
  p: number;
  keyLen: number;
  salt: Buffer;
  encrypted: Buffer;
}

/** What an entry keeps of its password. */
export function storedPassword({ scheme, password }: UserEntry): StoredPassword {
  if (!scheme || !password) return { kind: 'none' };
  const number = (name: string) => Number(scalar(password.fields, name) ?? 0);
  const bytes = (name: string) => Buffer.from(String(scalar(password.fields, name) ?? ''), 'latin1');
  switch (scheme) {
    case 'scrypt':
      return {
        kind: scheme,
        logN: number('logN'),
        r: number('r'),
        p: number('p'),
        keyLen: number('keyLen'),
        salt: bytes('salt'),
        encrypted: bytes('encrypted'),
      };
    case 'plain':
      return { kind: scheme, password: bytes('password') };
    case 'denied':
      return { kind: scheme };
  }
}

function scalar(fields: FieldNode[], name: string): ScalarValue | undefined {
  const value = fields.findLast(field => field.name === name)?.values[0];
  return value?.kind === 'scalar' ? value.value : undefined;
}

function derive(
  password: string,
  salt: Uint8Array,
  logN: number,
  r: number,
  p: number,
  length: number,
): Promise<Buffer> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) =>
    scryptCallback(Buffer.from(password, 'utf8'), salt, length, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
}

/** Hashes a password as chasquid does (`internal/userdb/userdb.go:AddUser`, 1.11 … 1.18: scrypt 2^14, r 8, p 1, 16 bytes of salt). It is done here, so that the password itself never reaches the server. */
export async function hashPassword(password: string): Promise<Scrypt> {
  const salt = randomBytes(16);
  const encrypted = await derive(password, salt, 14, 8, 1, 32);
  return { kind: 'scrypt', logN: 14, r: 8, p: 1, keyLen: 32, salt, encrypted };
}

/** Whether the daemon would accept `password` for this entry (`userdb.go:PasswordMatches`). Parameters which scrypt cannot use count as no match. */
export async function passwordMatches(password: string, stored: StoredPassword): Promise<boolean> {
  if (stored.kind === 'plain') return equal(Buffer.from(password, 'utf8'), stored.password);
  if (stored.kind !== 'scrypt') return false;
  const { logN, r, p, keyLen } = stored;
  if (![logN, r, p, keyLen].every(n => Number.isInteger(n) && n > 0) || keyLen > 1024) return false;
  // Bounded to 256 MB: a hostile file shall not make this computer work for minutes. chasquid's own take 16 MB.
  if (128 * 2 ** logN * r * p > 2 ** 28) return false;
  const key = await derive(password, stored.salt, logN, r, p, keyLen);
  return equal(key, stored.encrypted);
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
