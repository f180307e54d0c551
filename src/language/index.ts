import * as vscode from 'vscode';
import { EffectiveDocuments } from './effectiveDocuments';
import type { LanguageOptions } from './options';

export const languageIds = ['chasquid-conf', 'chasquid-aliases', 'chasquid-users'] as const;

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
    void this.started?.then(running => void running.dispose());
  }

  private startFor(document: vscode.TextDocument): void {
    if ((languageIds as readonly string[]).includes(document.languageId)) void this.start();
  }
}
