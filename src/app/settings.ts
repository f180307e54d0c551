import * as vscode from 'vscode';

/** One entry of the setting `chasquid.servers`. */
export interface ServerEntry {
  name: string;
  host: string;
  port?: number;
  user?: string;
  identityFile?: string;
  proxyJump?: string;
}

const section = 'chasquid';

export function readServers(): ServerEntry[] {
  const value = vscode.workspace.getConfiguration(section).get<unknown>('servers');
  return Array.isArray(value) ? value.filter(isServerEntry) : [];
}

export async function writeServers(servers: ServerEntry[]): Promise<void> {
  await vscode.workspace.getConfiguration(section).update('servers', servers, vscode.ConfigurationTarget.Global);
}

export function setting<T>(name: string, fallback: T): T {
  return vscode.workspace.getConfiguration(section).get<T>(name, fallback);
}

/** @param name without `chasquid.` */
export function onDidChangeSetting(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(event => {
    if (event.affectsConfiguration(`${section}.${name}`)) listener();
  });
}

/** Settings are edited by hand: an entry without a name or host is passed over, the schema marks it in the editor. */
function isServerEntry(value: unknown): value is ServerEntry {
  const entry = value as Partial<ServerEntry> | null;
  return typeof entry === 'object' && !!entry && isText(entry.name) && isText(entry.host);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
