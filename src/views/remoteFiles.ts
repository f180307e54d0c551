import * as vscode from 'vscode';
import type { ServerSession } from '../app/session';
import type { Sessions } from '../app/sessions';
import type { RootShell } from '../host/protocol/privilege';
import { messageOf } from '../text/problem';
import { isStandIn } from './pages/standIn';
import { parseRemoteUri, remoteScheme } from './remoteUri';
import { StandIns } from './standIns';

/** A file as it was last seen on the server. */
interface Seen {
  hash: string;
  bytes: number;
  /** When this content was first seen in this window, ms. */
  mtime: number;
}

/** What the file system asks of the rest of the extension. */
export interface RemoteFilesOptions {
  /** Called when a file was saved. */
  saved(server: string, path: string): void;
  /** Connects, asking the user what is needed. */
  connect(session: ServerSession): Promise<unknown>;
}

/**
 * Opens and saves files of a server. A save is atomic, keeps owner and mode and leaves a backup. When the file has changed
 * on the server since it was opened, VS Code asks whether to compare or to overwrite; when chasquid would not take it, we ask
 * before anything is sent.
 *
 * A file is read again in every new window, so reading never asks a question: where one is needed, something stands in for the
 * file (`StandIns`). Saving by hand asks.
 */
export class RemoteFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly seen = new Map<string, Seen>();
  /** Why the last look at a file failed: there is nothing then with which VS Code could compare what it saves. */
  private readonly unseen = new Map<string, string>();
  /** Files that the user is saving: then what is needed to reach the server is asked. */
  private readonly saving = new Set<string>();
  private readonly standIns: StandIns;
  private readonly disposables: vscode.Disposable[];

  constructor(
    private readonly sessions: Sessions,
    private readonly options: RemoteFilesOptions,
  ) {
    this.standIns = new StandIns(sessions, uri => this.readAgain(uri));
    this.disposables = [
      this.changed,
      this.standIns,
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (reason === vscode.TextDocumentSaveReason.Manual && document.uri.scheme === remoteScheme)
          this.saving.add(document.uri.toString());
      }),
    ];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  /** Has editors read the file again. */
  readAgain(uri: vscode.Uri): void {
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Looks at the server: VS Code asks before each save, and takes a newer file of another size for a conflict. */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const seen = this.seen.get(uri.toString());
    // Nothing to save, and the editor has the text: no reason to connect. The user may have disconnected on purpose.
    if (seen && !isEdited(uri) && !this.isConnected(uri)) return statOf(seen);
    try {
      const bytes = await this.look(uri, this.saving.delete(uri.toString()));
      return bytes ? statOf(this.seen.get(uri.toString())!) : this.standIns.get(uri)!.stat;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'FileIsADirectory') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      // Without an answer VS Code would try to make the folder first; `writeFile` says what is the matter.
      if (code === 'Unavailable' && isEdited(uri)) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: 0 };
      throw error;
    }
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    // VS Code asks for `stat` before: a server that is out of reach is not tried twice.
    const standIn = this.standIns.get(uri);
    if (standIn && !this.isConnected(uri)) return standIn.bytes;
    return (await this.look(uri)) ?? this.standIns.get(uri)!.bytes;
  }

  async writeFile(uri: vscode.Uri, bytes: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    const { server, path } = parseRemoteUri(uri);
    const problem = this.unseen.get(uri.toString());
    if (problem !== undefined) {
      throw vscode.FileSystemError.Unavailable(
        `Nothing was written, since the file on ${server} could not be compared with yours. ${problem} Then save again.`,
      );
    }
    const session = this.session(uri);
    const [{ readTextFile, writeTextFile }, { consequencesOf }, { versionOf }, { decodeText }, guard] =
      await Promise.all([
        import('../host/files/configFiles'),
        import('../chasquid/beforeSave'),
        import('../chasquid/versions'),
        import('../chasquid/text'),
        import('./saveGuard'),
      ]);
    const shell = await session.rootShell();
    const known = this.seen.get(uri.toString()) ?? (options.create ? await readTextFile(shell, path) : undefined);
    if (!known) throw vscode.FileSystemError.FileNotFound(uri);
    const version = (session.knownFacts() ?? (await session.refresh())).chasquid?.version;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const text = decodeText(bytes);
    if (isStandIn(text)) {
      throw new vscode.FileSystemError(
        'This text was only a placeholder while the file could not be shown. Nothing was written. Use Redo, or close the editor without saving.',
      );
    }
    const { errors, lost } = version ? consequencesOf(path, text, versionOf(version)) : { errors: [], lost: [] };
    if (errors.length > 0 && !(await guard.saveAnyway(name, version!, errors)))
      throw new vscode.FileSystemError('You chose not to save it. The file on the server is as it was.');
    const written = await writeTextFile(shell, path, bytes, { expectedHash: known.hash });
    this.remember(uri, written.hash, bytes.length);
    this.readAgain(uri);
    this.options.saved(server, path);
    guard.tellLost(name, version ?? '', lost);
  }

  /**
   * Reads the file. Undefined where it cannot be read now and nothing is lost by that: something stands in for it then.
   * @param asks whether the user may be asked what is needed to reach it
   * @throws FileSystemError FileNotFound, FileIsADirectory; Unavailable where the user has edits, or the text has been shown already
   */
  private async look(uri: vscode.Uri, asks = false): Promise<Uint8Array | undefined> {
    const { path } = parseRemoteUri(uri);
    const key = uri.toString();
    try {
      const { readTextFile } = await import('../host/files/configFiles');
      const file = await readTextFile(await this.shell(uri, asks), path);
      this.unseen.delete(key);
      this.standIns.delete(uri);
      if (!file.bytes) this.seen.delete(key);
      else this.remember(uri, file.hash, file.bytes.length);
      if (file.bytes) return file.bytes;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'not-a-file')
        throw vscode.FileSystemError.FileIsADirectory(uri);
      const message = messageOf(error);
      this.unseen.set(key, message);
      if (isEdited(uri) || this.seen.has(key)) throw vscode.FileSystemError.Unavailable(message);
      this.standIns.show(uri, message);
      return undefined;
    }
    throw vscode.FileSystemError.FileNotFound(uri);
  }

  private async shell(uri: vscode.Uri, asks: boolean): Promise<RootShell> {
    const session = this.session(uri);
    if (asks) {
      await this.options.connect(session);
      return session.rootShell();
    }
    const shell = await session.rootShellUnasked();
    // As after *Connect*: for the rows of the sidebar, and for the languages, which go by the server's version.
    if (!session.knownFacts()) session.refresh().catch(() => undefined);
    return shell;
  }

  private remember(uri: vscode.Uri, hash: string, bytes: number): void {
    const before = this.seen.get(uri.toString());
    if (before?.hash === hash) return;
    const mtime = Math.max(Date.now(), (before?.mtime ?? 0) + 1);
    this.seen.set(uri.toString(), { hash, bytes, mtime });
  }

  private isConnected(uri: vscode.Uri): boolean {
    return this.sessions.get(parseRemoteUri(uri).server)?.connected === true;
  }

  private session(uri: vscode.Uri): ServerSession {
    const { server } = parseRemoteUri(uri);
    const session = this.sessions.get(server);
    if (session) return session;
    throw vscode.FileSystemError.Unavailable(
      `There is no server named “${server}”. It was removed from the list or has another name now. Add it again under this name.`,
    );
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
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

/** Whether an editor has changes of this file that are not saved. */
function isEdited(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return vscode.workspace.textDocuments.some(document => document.isDirty && document.uri.toString() === key);
}

/**
 * VS Code compares nothing but times and sizes, and keeps both with unsaved text when a window is closed or loaded again. So the
 * size tells each content from another: with a part of its hash added, a change that keeps the length is seen too, and a file
 * that stayed the same is the same in the next window. The time is only that of this window: those of servers may go back.
 */
function statOf({ hash, bytes, mtime }: Seen): vscode.FileStat {
  const fingerprint = Number.parseInt(hash.slice(0, 8), 16) % fingerprints;
  return { type: vscode.FileType.File, ctime: 0, mtime, size: bytes + fingerprint };
}

/** So many bytes are added at most: in a remote window VS Code asks before it opens a file of more than 10 MB. */
const fingerprints = 4 * 1024 * 1024;
