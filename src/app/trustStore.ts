import type * as vscode from 'vscode';

/** A host key that a person accepted: `key` is the base64 of the SSH wire format (RFC 4253 §6.6). */
export interface TrustedKey {
  type: string;
  key: string;
}

const stateKey = 'chasquid.trustedHostKeys';

/** Host keys accepted here, by `host` or `[host]:port`. Kept on this computer, not synchronised; known_hosts is never written. */
export class HostKeyStore {
  constructor(private readonly state: vscode.Memento) {}

  get(name: string): TrustedKey[] {
    return this.all()[name] ?? [];
  }

  async add(name: string, key: TrustedKey): Promise<void> {
    const kept = this.get(name).filter(other => other.key !== key.key);
    await this.state.update(stateKey, { ...this.all(), [name]: [...kept, key] });
  }

  async forget(name: string): Promise<void> {
    const { [name]: _, ...rest } = this.all();
    await this.state.update(stateKey, rest);
  }

  private all(): Record<string, TrustedKey[]> {
    return this.state.get<Record<string, TrustedKey[]>>(stateKey) ?? {};
  }
}
