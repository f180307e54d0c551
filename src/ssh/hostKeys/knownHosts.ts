import { createHmac } from 'node:crypto';
import { HostKeyError } from '../errors';
import { isWhole, keyType } from '../keys/fingerprint';
import { isMissing, readLocalText, whyUnreadable } from '../config/localFile';
import { matchPatternList } from '../config/pattern';

/** Some 80,000 hosts. */
const largest = 32 * 1024 * 1024;

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  marker?: 'revoked' | 'cert-authority';
  /** The first field as written: comma-separated patterns, or one hashed name. */
  names: string;
  /** Key type, e.g. `ssh-ed25519`. */
  type: string;
  /** The key blob, base64. */
  key: string;
  file: string;
  /** Counted from 1. */
  line: number;
}

/** The name under which known_hosts files know a server: `host`, or `[host]:port` when the port is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/**
 * The usable lines of a known_hosts file. Lines which OpenSSH would pass over (comments, SSH-1 keys, unknown markers,
 * a key that is not of the type it says) are left out.
 */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((raw, index) => parseLine(raw, file, index + 1) ?? []);
}

function parseLine(raw: string, file: string, line: number): KnownHost | undefined {
  const fields = raw.trim().split(/[ \t]+/);
  if (!fields[0] || fields[0].startsWith('#')) return undefined;
  const marker = fields[0].startsWith('@') ? fields.shift()!.slice(1) : undefined;
  if (marker !== undefined && marker !== 'revoked' && marker !== 'cert-authority') return undefined;
  const [names, type, key] = fields;
  if (!names || !type || !key || keyType(Buffer.from(key, 'base64')) !== type) return undefined;
  return { ...(marker && { marker }), names, type, key, file, line };
}

/** Whether a line speaks of `name` (as `knownHostName` gives it). */
export function speaksOf(entry: Pick<KnownHost, 'names'>, name: string): boolean {
  if (entry.names.startsWith('|')) return hashedNameIs(entry.names, name);
  return matchPatternList(name, entry.names.toLowerCase().split(','));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed with the salt (HashKnownHosts of ssh_config(5)). */
function hashedNameIs(field: string, name: string): boolean {
  const [, version, salt, hash] = field.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** The number (from 1) of the first line that holds no whole key although it is neither blank nor a comment. */
export function damagedLine(text: string): number | undefined {
  const index = text.split(/\r?\n/).findIndex((raw, number) => {
    if (/^[ \t]*(#|$)/.test(raw)) return false;
    const key = parseLine(raw, '', number)?.key;
    return key === undefined || !isWhole(Buffer.from(key, 'base64'));
  });
  return index < 0 ? undefined : index + 1;
}

/**
 * Reads several known_hosts files. One that does not exist is empty.
 * @throws HostKeyError `known-hosts-unreadable`: without it nobody can tell whether a key has changed.
 */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const lists = await Promise.all(files.map(async file => parseKnownHosts(await readKnownHostsText(file), file)));
  return lists.flat();
}

/** The text of one such file; empty when there is none. @throws HostKeyError `known-hosts-unreadable` */
export async function readKnownHostsText(file: string): Promise<string> {
  try {
    return await readLocalText(file, largest);
  } catch (error) {
    if (isMissing(error)) return '';
    throw new HostKeyError(
      'known-hosts-unreadable',
      {
        what: `The list of known host keys ${file} cannot be read.`,
        why: `${whyUnreadable(error, largest)} Without it nobody can verify that the server is the same as before.`,
        fix: 'Put a file there that you can read, or name another one with UserKnownHostsFile in your SSH configuration.',
      },
      undefined,
      { cause: error },
    );
  }
}
