import * as vscode from 'vscode';
import type { Sessions } from '../app/sessions';

export const remoteScheme = 'chasquid';

/** A file of a server as a document: `chasquid:/<server>/etc/chasquid/chasquid.conf`. */
export function remoteUri(server: string, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: remoteScheme, path: `/${server.replaceAll('/', '∕')}${path}` });
}

/** The server and the path on it. @throws FileSystemError for what is no such document. */
export function parseRemoteUri(uri: vscode.Uri): { server: string; path: string } {
  const parts = /^\/([^/]+)(\/.*)$/s.exec(uri.path);
  if (!parts) throw vscode.FileSystemError.FileNotFound(uri);
  return { server: parts[1]!.replaceAll('∕', '/'), path: parts[2]! };
}

/**
 * Opens and saves files of a server. A save is atomic, keeps owner and mode, leaves a backup, and is refused when the file
 * has changed on the server since it was opened.
 */
export class RemoteFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly known = new Map<string, { hash: string; size: number; mtime: number }>();

  constructor(
    private readonly sessions: Sessions,
    private readonly saved: (server: string) => void,
  ) {}

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const known = this.known.get(uri.toString());
    if (known) return { type: vscode.FileType.File, ctime: 0, mtime: known.mtime, size: known.size };
    const bytes = await this.readFile(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: Date.now(), size: bytes.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { server, path } = parseRemoteUri(uri);
    const { readTextFile } = await import('../host/configFiles');
    const file = await readTextFile(await this.shell(uri, server), path);
    if (!file.bytes) {
      this.known.delete(uri.toString());
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    this.remember(uri, file.hash, file.bytes.length);
    return file.bytes;
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    const { server, path } = parseRemoteUri(uri);
    const { readTextFile, writeTextFile } = await import('../host/configFiles');
    const shell = await this.shell(uri, server);
    const known = this.known.get(uri.toString()) ?? (options.create ? await readTextFile(shell, path) : undefined);
    if (!known) throw vscode.FileSystemError.FileNotFound(uri);
    const written = await writeTextFile(shell, path, bytes, { expectedHash: known.hash });
    this.remember(uri, written.hash, bytes.length);
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    this.saved(server);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  private remember(uri: vscode.Uri, hash: string, size: number): void {
    this.known.set(uri.toString(), { hash, size, mtime: Date.now() });
  }

  private async shell(uri: vscode.Uri, server: string) {
    const session = this.sessions.get(server);
    if (!session) throw vscode.FileSystemError.Unavailable(uri);
    return session.rootShell();
  }
}
