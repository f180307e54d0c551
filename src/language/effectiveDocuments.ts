import * as vscode from 'vscode';
import type { LanguageOptions } from './options';

export const effectiveScheme = 'chasquid-effective';

/** Read-only documents that say what chasquid makes of a chasquid.conf, whose address is their query. */
export class EffectiveDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly options: LanguageOptions) {
    this.disposables = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(effectiveScheme, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.refreshAll(document.uri)),
      ...(options.onVersionChange ? [options.onVersionChange(() => this.refreshAll())] : []),
    ];
  }

  refresh(uri: vscode.Uri): void {
    this.changed.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { effectiveText } = await import('./effectiveText');
    return effectiveText(uri, this.options);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** @param of only those of this file */
  private refreshAll(of?: vscode.Uri): void {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === effectiveScheme && (!of || uri.query === of.toString())) this.refresh(uri);
  }
}
