import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostKeyError } from '../errors';
import { damagedLine, parseKnownHosts, readKnownHostsText, speaksOf } from './knownHosts';

/** How often the end of a line is waited for. */
const writeTries = 5;

/** A host key that a user (or `StrictHostKeyChecking accept-new`) has accepted. */
export interface TrustedKey {
  /** Key type, e.g. `ssh-ed25519`. */
  type: string;
  /** The key blob, base64. */
  key: string;
  /** Where it is written, for error messages: `file:line`. */
  where?: string;
}

/** Where accepted host keys are kept. Names are those of known_hosts: `host` or `[host]:port`. */
export interface TrustStore {
  get(name: string): Promise<TrustedKey[]>;
  add(name: string, key: TrustedKey): Promise<void>;
}

/**
 * A trust store in a file of our own, in the format of known_hosts so that a user can read and correct it. The user's
 * own known_hosts files are never written.
 *
 * Several windows use the file at once. So keys are only ever appended, each as one write of a whole line, which the
 * system does not interleave with others; nothing is read, changed and written back.
 */
export class FileTrustStore implements TrustStore {
  constructor(readonly file: string) {}

  /** @throws HostKeyError `known-hosts-unreadable` */
  async get(name: string): Promise<TrustedKey[]> {
    const entries = parseKnownHosts(await this.#text(), this.file).filter(
      entry => !entry.marker && speaksOf(entry, name),
    );
    return entries
      .filter((entry, index) => entries.findIndex(other => other.key === entry.key) === index)
      .map(({ type, key, file, line }) => ({ type, key, where: `${file}:${line}` }));
  }

  /** @throws Error of the file system when the key could not be kept */
  async add(name: string, key: TrustedKey): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    const handle = await open(this.file, 'a+', 0o600);
    try {
      const line = Buffer.from(`${(await isEnded(handle)) ? '' : '\n'}${name} ${key.type} ${key.key}\n`);
      const { bytesWritten } = await handle.write(line);
      if (bytesWritten < line.length) throw new Error(`${this.file} could not be written to its end.`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  /** The whole list. A last line without its end may be one that another window is just writing: it is waited for. */
  async #text(): Promise<string> {
    for (let tries = 1; ; tries++) {
      const text = await readKnownHostsText(this.file);
      const line = damagedLine(text);
      if (line === undefined) return text;
      if (text.endsWith('\n') || tries === writeTries) throw damaged(this.file, line);
      await sleep(20);
    }
  }
}

async function isEnded(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}

function damaged(file: string, line: number): HostKeyError {
  return new HostKeyError('known-hosts-unreadable', {
    what: `The list of accepted host keys ${file} is damaged.`,
    why: `Line ${line} is not a host key, and without it a changed key could look like a new one.`,
    fix: 'Delete that line; if it was about a server of yours, compare its fingerprint when you connect again.',
  });
}

/** A trust store that forgets everything with the process, for the command line and one-off connections. */
export class MemoryTrustStore implements TrustStore {
  readonly #keys = new Map<string, TrustedKey[]>();

  async get(name: string): Promise<TrustedKey[]> {
    return this.#keys.get(name) ?? [];
  }

  async add(name: string, key: TrustedKey): Promise<void> {
    this.#keys.set(name, [...(await this.get(name)), { ...key, where: 'the keys accepted in this session' }]);
  }
}
