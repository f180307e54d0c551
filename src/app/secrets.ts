import type * as vscode from 'vscode';

export type SecretKind = 'password' | 'passphrase';

/** Passwords and passphrases of servers, and keys of DNS providers, in VS Code's secret storage: the only place where secrets are kept. */
export class ServerSecrets {
  constructor(private readonly storage: vscode.SecretStorage) {}

  get(server: string, kind: SecretKind): Thenable<string | undefined> {
    return this.storage.get(key(server, kind));
  }

  set(server: string, kind: SecretKind, value: string): Thenable<void> {
    return this.storage.store(key(server, kind), value);
  }

  /** The keys of a DNS provider, NAME=value lines. */
  dnsKeys(provider: string): Thenable<string | undefined> {
    return this.storage.get(`chasquid.dns:${provider}`);
  }

  keepDnsKeys(provider: string, lines: string): Thenable<void> {
    return this.storage.store(`chasquid.dns:${provider}`, lines);
  }

  async forget(server: string): Promise<void> {
    await Promise.all([this.storage.delete(key(server, 'password')), this.storage.delete(key(server, 'passphrase'))]);
  }

  async rename(from: string, to: string): Promise<void> {
    for (const kind of ['password', 'passphrase'] as const) {
      const value = await this.get(from, kind);
      if (value !== undefined) await this.set(to, kind, value);
    }
    await this.forget(from);
  }
}

function key(server: string, kind: SecretKind): string {
  return `chasquid.${kind}:${server}`;
}
