import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type KnownHost, parseKnownHosts, readKnownHosts, speaksOf } from './knownHosts';

/** A host key that a person (or `StrictHostKeyChecking accept-new`) has accepted. */
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
 * A trust store in a file of our own, in the format of known_hosts so that a person can read and mend it. The person's
 * own known_hosts files are never written.
 */
export class FileTrustStore implements TrustStore {
  #writing: Promise<unknown> = Promise.resolve();

  constructor(readonly file: string) {}

  /** @throws HostKeyError `known-hosts-unreadable` */
  async get(name: string): Promise<TrustedKey[]> {
    const entries = await readKnownHosts([this.file]);
    return entries.filter(entry => !entry.marker && speaksOf(entry, name)).map(trusted);
  }

  add(name: string, key: TrustedKey): Promise<void> {
    return this.#change(text => `${text}${text && !text.endsWith('\n') ? '\n' : ''}${name} ${key.type} ${key.key}\n`);
  }

  /** Forgets every key of `name`; resolves to how many there were. */
  async remove(name: string): Promise<number> {
    let removed = 0;
    await this.#change(text => {
      const doomed = new Set(parseKnownHosts(text, this.file).flatMap(e => (speaksOf(e, name) ? [e.line] : [])));
      removed = doomed.size;
      return text
        .split('\n')
        .filter((_, index) => !doomed.has(index + 1))
        .join('\n');
    });
    return removed;
  }

  #change(edit: (text: string) => string): Promise<void> {
    const run = this.#writing.then(async () => {
      const text = await readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
      const draft = `${this.file}.${process.pid}.new`;
      await writeFile(draft, edit(text), { mode: 0o600 });
      await rename(draft, this.file);
    });
    this.#writing = run.catch(() => undefined);
    return run;
  }
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

function trusted({ type, key, file, line }: KnownHost): TrustedKey {
  return { type, key, where: `${file}:${line}` };
}
