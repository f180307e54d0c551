import * as vscode from 'vscode';
import type { Sessions } from '../app/sessions';
import { inert } from '../text/inert';
import { standInText } from './pages/standIn';
import { parseRemoteUri, remoteScheme } from './remoteUri';

interface StandIn {
  uri: vscode.Uri;
  bytes: Uint8Array;
  stat: vscode.FileStat;
  /** Whether its server was connected when the file could not be read. */
  connected: boolean;
}

/**
 * Texts that editors show in place of files which cannot be read yet, each with a button above it. VS Code has nothing to say of
 * a file system's errors but *unexpected error*, and a file that was open is opened again in every new window.
 */
export class StandIns implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly shown = new Map<string, StandIn>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly disposables: vscode.Disposable[];
  /** Grows, so that another text is another version of the file; every real file is newer. */
  private made = 0;

  /** @param readAgain called when the server of a file has been connected */
  constructor(
    private readonly sessions: Sessions,
    private readonly readAgain: (uri: vscode.Uri) => void,
  ) {
    this.disposables = [
      this.changed,
      vscode.languages.registerCodeLensProvider({ scheme: remoteScheme }, this),
      sessions.onDidChange(() => this.follow()),
    ];
  }

  get(uri: vscode.Uri): StandIn | undefined {
    return this.shown.get(uri.toString());
  }

  /** @param problem why the file could not be read, where its server is connected */
  show(uri: vscode.Uri, problem: string): StandIn {
    const file = parseRemoteUri(uri);
    const session = this.sessions.get(file.server);
    const bytes = new TextEncoder().encode(standInText(file, session?.snapshot(), problem));
    const mtime = ++this.made;
    const stat = {
      type: vscode.FileType.File,
      ctime: 0,
      mtime,
      size: bytes.length,
      permissions: vscode.FilePermission.Readonly,
    };
    const standIn = { uri, bytes, stat, connected: session?.connected === true };
    this.shown.set(uri.toString(), standIn);
    this.changed.fire();
    return standIn;
  }

  delete(uri: vscode.Uri): void {
    if (this.shown.delete(uri.toString())) this.changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const standIn = this.get(document.uri);
    const { server, path } = parseRemoteUri(document.uri);
    if (!standIn || !this.sessions.get(server)) return [];
    const command = {
      title: standIn.connected ? 'Try Again' : `Connect to ${inert(server)}`,
      command: 'chasquid.readRemoteFile',
      arguments: [{ server, path, interactive: true }],
    };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), command)];
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private follow(): void {
    for (const standIn of this.shown.values()) {
      const connected = this.sessions.get(parseRemoteUri(standIn.uri).server)?.connected === true;
      const isNews = connected && !standIn.connected;
      standIn.connected = connected;
      if (isNews) this.readAgain(standIn.uri);
    }
  }
}
