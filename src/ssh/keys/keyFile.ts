import { stat } from 'node:fs/promises';
import type { ParsedKey } from 'ssh2';
import { KeyFileError } from '../errors';
import type { Ssh2 } from '../library';
import { isMissing, readLocalText, smallFile, whyUnreadable } from '../config/localFile';

/** What a key file holds. */
export type KeyFile =
  | { kind: 'private'; file: string; key: ParsedKey }
  /** Needs a passphrase; the public half is there when the file (or the `.pub` beside it) tells it in the clear. */
  | { kind: 'encrypted'; file: string; text: string; publicKey?: ParsedKey }
  /** A `.pub`: good for choosing among an agent's keys. */
  | { kind: 'public'; file: string; key: ParsedKey };

const certificate = /^\S+-cert-v01@openssh\.com\s/;

/** @throws KeyFileError */
export async function readKeyFile(file: string, ssh2: Ssh2): Promise<KeyFile> {
  const text = await readText(file);
  if (certificate.test(text)) throw unsupported(file, text, new Error('a certificate'));
  const key = first(ssh2.utils.parseKey(text));
  if (!(key instanceof Error)) {
    if (!key.isPrivateKey()) return { kind: 'public', file, key };
    await refuseUnprotected(file);
    return { kind: 'private', file, key };
  }
  if (/no passphrase given/i.test(key.message)) {
    await refuseUnprotected(file);
    const publicKey = (await publicHalf(file, ssh2)) ?? publicHalfInside(text, ssh2);
    return { kind: 'encrypted', file, text, ...(publicKey && { publicKey }) };
  }
  throw unsupported(file, text, key);
}

/** Opens an encrypted key; undefined for a wrong passphrase. @throws KeyFileError when the file is at fault */
export function decryptKey(file: string, text: string, passphrase: string, ssh2: Ssh2): ParsedKey | undefined {
  const key = first(ssh2.utils.parseKey(text, passphrase));
  if (!(key instanceof Error)) return key;
  if (/passphrase|integrity|decrypt|malformed/i.test(key.message)) return undefined;
  throw unsupported(file, text, key);
}

async function readText(file: string): Promise<string> {
  try {
    return await readLocalText(file, smallFile);
  } catch (error) {
    const missing = isMissing(error);
    throw new KeyFileError(
      file,
      missing ? 'missing' : 'unreadable',
      {
        what: `The key file ${file} cannot be used.`,
        why: missing ? 'There is no such file.' : whyUnreadable(error, smallFile),
        fix: missing
          ? 'Choose another identity file.'
          : 'Choose the file of a private key which you, and nobody else, can read.',
      },
      { cause: error },
    );
  }
}

/** OpenSSH refuses a private key of yours which others can read; so does this. */
async function refuseUnprotected(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode, uid } = await stat(file);
  if (uid !== process.getuid?.() || (mode & 0o077) === 0) return;
  throw new KeyFileError(file, 'unprotected', {
    what: `The key file ${file} is not used.`,
    why: `Others on this machine can read it (mode ${(mode & 0o777).toString(8).padStart(4, '0')}).`,
    fix: `Run: chmod 600 ${file}`,
  });
}

async function publicHalf(file: string, ssh2: Ssh2): Promise<ParsedKey | undefined> {
  const text = await readLocalText(`${file}.pub`, smallFile).catch(() => undefined);
  return text === undefined ? undefined : usable(ssh2.utils.parseKey(text));
}

/** OpenSSH's own format keeps the public key unencrypted (PROTOCOL.key: magic, cipher, KDF, options, count, public key). */
function publicHalfInside(text: string, ssh2: Ssh2): ParsedKey | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(text)?.[1];
  if (!body) return undefined;
  const bytes = Buffer.from(body, 'base64');
  let offset = 'openssh-key-v1\0'.length;
  const string = () => {
    const length = bytes.readUInt32BE(offset);
    offset += 4 + length;
    return bytes.subarray(offset - length, offset);
  };
  try {
    for (let skipped = 0; skipped < 3; skipped++) string();
    offset += 4;
    return usable(ssh2.utils.parseKey(Buffer.from(string())));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function unsupported(file: string, text: string, cause: Error): KeyFileError {
  const [why, fix] = diagnose(text, cause);
  return new KeyFileError(file, 'unsupported', { what: `The key file ${file} cannot be used.`, why, fix }, { cause });
}

function diagnose(text: string, cause: Error): [why: string, fix: string] {
  if (/^PuTTY-User-Key-File-/.test(text)) {
    return [
      'It is in a PuTTY format which is not supported here.',
      'Convert it: puttygen key.ppk -O private-openssh -o key',
    ];
  }
  if (/type: (sk-|webauthn)/.test(cause.message) || /^sk-/.test(text)) {
    return [
      'It belongs to a hardware security key (sk), which is not supported here.',
      'Choose an ordinary key, for instance one made with: ssh-keygen -t ed25519',
    ];
  }
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
    return ['It is in the PKCS #8 format.', 'Convert it to the format of OpenSSH: ssh-keygen -p -f the-key-file'];
  }
  if (certificate.test(text)) {
    return ['It is a certificate, not a key.', 'Choose the private key that the certificate was made for.'];
  }
  return [
    'It is not a private key in a supported format.',
    'Choose a key in the format of OpenSSH, for instance one made with: ssh-keygen -t ed25519',
  ];
}

function usable(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | undefined {
  const key = first(parsed);
  return key instanceof Error ? undefined : key;
}

/** ssh2 answers a list for formats that could hold several keys. */
function first(parsed: ParsedKey | ParsedKey[] | Error): ParsedKey | Error {
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('The file holds no key')) : parsed;
}
