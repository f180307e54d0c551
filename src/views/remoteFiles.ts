import * as vscode from 'vscode';
import type { ServerSession } from '../app/session';
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

/** A file as it was last seen on the server. */
interface Seen {
  hash: string;
  bytes: number;
  /** When this content was first seen here, ms. */
  mtime: number;
  /** How often somebody else has changed it since it was opened. */
  changes: number;
}

/**
 * Opens and saves files of a server. A save is atomic, keeps owner and mode and leaves a backup. When the file has changed
 * on the server since it was opened, VS Code asks whether to compare or to overwrite; when chasquid would not take it, we ask
 * before anything is sent.
 */
export class RemoteFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly seen = new Map<string, Seen>();

  constructor(
    private readonly sessions: Sessions,
    private readonly saved: (server: string, path: string) => void,
  ) {}

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  /** Looks at the server: VS Code asks before each save, and takes a newer file of another size for a conflict. */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    await this.readFile(uri);
    return this.statOf(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { path } = parseRemoteUri(uri);
    const { readTextFile } = await import('../host/configFiles');
    const file = await readTextFile(await this.session(uri).rootShell(), path);
    if (!file.bytes) {
      this.seen.delete(uri.toString());
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    this.remember(uri, file.hash, file.bytes.length, 'foreign');
    return file.bytes;
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    const { server, path } = parseRemoteUri(uri);
    const session = this.session(uri);
    const [{ readTextFile, writeTextFile }, { consequencesOf }, { decodeText }, guard] = await Promise.all([
      import('../host/configFiles'),
      import('../chasquid/beforeSave'),
      import('../chasquid/text'),
      import('./saveGuard'),
    ]);
    const shell = await session.rootShell();
    const known = this.seen.get(uri.toString()) ?? (options.create ? await readTextFile(shell, path) : undefined);
    if (!known) throw vscode.FileSystemError.FileNotFound(uri);
    const version = (session.knownFacts() ?? (await session.refresh())).chasquid?.version;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const { errors, lost } = version ? consequencesOf(path, decodeText(bytes), version) : { errors: [], lost: [] };
    if (errors.length > 0 && !(await guard.saveAnyway(name, version!, errors)))
      throw new vscode.FileSystemError('You chose not to save it. The file on the server is as it was.');
    const written = await writeTextFile(shell, path, bytes, { expectedHash: known.hash });
    this.remember(uri, written.hash, bytes.length, 'own');
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    this.saved(server, path);
    guard.tellLost(name, version ?? '', lost);
  }

  private statOf(uri: vscode.Uri): vscode.FileStat {
    const { bytes, mtime, changes } = this.seen.get(uri.toString())!;
    // A change that keeps the length is one too, and VS Code compares nothing but times and sizes.
    return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes + changes };
  }

  private remember(uri: vscode.Uri, hash: string, bytes: number, by: 'own' | 'foreign'): void {
    const before = this.seen.get(uri.toString());
    if (before?.hash === hash) return;
    const mtime = Math.max(Date.now(), (before?.mtime ?? 0) + 1);
    const changes = (before?.changes ?? 0) + (before && by === 'foreign' ? 1 : 0);
    this.seen.set(uri.toString(), { hash, bytes, mtime, changes });
  }

  private session(uri: vscode.Uri): ServerSession {
    const session = this.sessions.get(parseRemoteUri(uri).server);
    if (!session) throw vscode.FileSystemError.Unavailable(uri);
    return session;
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
}
