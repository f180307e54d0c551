import type * as vscode from 'vscode';

/** VS Code's secret storage, kept in memory. */
export class MemorySecrets implements Pick<vscode.SecretStorage, 'get' | 'store' | 'delete' | 'keys'> {
  readonly kept: Map<string, string>;

  constructor(kept: Record<string, string> = {}) {
    this.kept = new Map(Object.entries(kept));
  }

  async get(key: string): Promise<string | undefined> {
    return this.kept.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    this.kept.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.kept.delete(key);
  }

  async keys(): Promise<string[]> {
    return [...this.kept.keys()];
  }
}
