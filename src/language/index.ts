import * as vscode from 'vscode';
import type { ConfigTree } from '../chasquid/tree/model';
import { EffectiveDocuments } from './effectiveDocuments';

export const languageIds = ['chasquid-conf', 'chasquid-aliases', 'chasquid-users'] as const;

/** What the languages ask of the rest of the extension. */
export interface LanguageOptions {
  /** The chasquid version of the server that a file comes from, when it is connected. */
  versionOf?(uri: vscode.Uri): string | undefined;
  /** Whether files around an open one may be read: on a server, only while it is connected. Undefined: they may. */
  mayRead?(uri: vscode.Uri): boolean;
  /**
   * Reads a configuration folder whose file system cannot list it; resolves to undefined for another one. The paths of the
   * tree are those of the folder's addresses.
   */
  readTree?(folder: vscode.Uri): Promise<ConfigTree | undefined>;
  /** What was last learnt of the server that a file comes from: another object each time it is looked at. */
  stateOf?(uri: vscode.Uri): unknown;
  /** Fires when an answer of these may have changed. */
  onVersionChange?: vscode.Event<void>;
}

/** Serves chasquid's three kinds of files. Everything heavy is loaded when the first of them is opened. */
export class Languages implements vscode.Disposable {
  readonly effective: EffectiveDocuments;
  private readonly opened = vscode.workspace.onDidOpenTextDocument(document => this.startFor(document));
  private started: Promise<vscode.Disposable> | undefined;
  private disposed = false;

  constructor(private readonly options: LanguageOptions) {
    this.effective = new EffectiveDocuments(options);
    vscode.workspace.textDocuments.forEach(document => this.startFor(document));
  }

  async start(): Promise<void> {
    this.started ??= import('./start').then(module => module.startLanguages(this.options));
    if (this.disposed) (await this.started).dispose();
  }

  dispose(): void {
    this.disposed = true;
    vscode.Disposable.from(this.effective, this.opened).dispose();
    void this.started?.then(running => running.dispose());
  }

  private startFor(document: vscode.TextDocument): void {
    if ((languageIds as readonly string[]).includes(document.languageId)) void this.start();
  }
}
