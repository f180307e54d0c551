import type * as vscode from 'vscode';

/**
 * What a secret is for; only a use with the very same name gets it.
 * - a password: the login, as `loginAddress` (ssh/config/address.ts) writes it;
 * - a passphrase: the key file, absolute;
 * - keys of a DNS provider, NAME=value lines: the provider's ID and the domain they were entered for;
 * - a TSIG key, as `parseTsigKey` reads it: the zones and the DNS server.
 */
export type SecretName =
  | readonly ['password', address: string]
  | readonly ['passphrase', keyFile: string]
  | readonly ['dnsKeys', provider: string, domain: string]
  | readonly ['tsigKey', zones: string, dnsServer: string];

export interface StoredSecret {
  name: SecretName;
  /** Names of the server entries that have used it. */
  servers: string[];
}

/** Everything secret that is kept: in VS Code's secret storage and nowhere else. */
export class Secrets {
  #isTidy: Promise<unknown> | undefined;

  constructor(private readonly storage: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'keys'>) {}

  async get(name: SecretName): Promise<string | undefined> {
    await this.#tidy();
    return (await this.#read(name))?.value;
  }

  /** @param server the name of the server entry that it was entered or used for */
  async set(name: SecretName, value: string, server: string): Promise<void> {
    await this.#tidy();
    const servers = new Set([...((await this.#read(name))?.servers ?? []), server]);
    await this.storage.store(keyOf(name), JSON.stringify({ value, servers: [...servers] }));
  }

  async delete(name: SecretName): Promise<void> {
    await this.storage.delete(keyOf(name));
  }

  /** What is stored, without its values. */
  async list(): Promise<StoredSecret[]> {
    await this.#tidy();
    const names = (await this.storage.keys()).map(nameOf).filter(name => name !== undefined);
    return Promise.all(names.map(async name => ({ name, servers: (await this.#read(name))?.servers ?? [] })));
  }

  /** A server entry has got another name. */
  async renameServer(from: string, to: string): Promise<void> {
    for (const { name, servers } of await this.list()) {
      const value = servers.includes(from) ? await this.get(name) : undefined;
      if (value === undefined) continue;
      const renamed = servers.map(server => (server === from ? to : server));
      await this.storage.store(keyOf(name), JSON.stringify({ value, servers: renamed }));
    }
  }

  async #read(name: SecretName): Promise<{ value: string; servers: string[] } | undefined> {
    const text = await this.storage.get(keyOf(name));
    return text === undefined ? undefined : (JSON.parse(text) as { value: string; servers: string[] });
  }

  /**
   * Deletes, when the storage is first used, what has a name of another form: it does not say which login it belongs to, and
   * nobody can tell. Where that fails the next window does it.
   */
  #tidy(): Promise<unknown> {
    const tidy = async () => {
      const keys = await this.storage.keys();
      await Promise.all(keys.filter(key => !nameOf(key)).map(key => this.storage.delete(key)));
    };
    return (this.#isTidy ??= tidy().catch(() => undefined));
  }
}

/** Whether two names are the same. */
export function sameSecret(one: SecretName, other: SecretName): boolean {
  return keyOf(one) === keyOf(other);
}

const prefix = 'chasquid.secret:';

function keyOf(name: SecretName): string {
  return `${prefix}${JSON.stringify(name)}`;
}

function nameOf(key: string): SecretName | undefined {
  return key.startsWith(prefix) ? (JSON.parse(key.slice(prefix.length)) as SecretName) : undefined;
}
