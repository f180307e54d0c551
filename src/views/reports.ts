import * as vscode from 'vscode';

const scheme = 'chasquid-report';

/** Pages to read and to copy from: Markdown that nobody edits, so closing one never asks to save. */
export class Reports implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? 'This page was made in an earlier window. Run its command again.\n';
  }

  /** Shows a page, rendered; one of the same title is replaced. @param parts paragraphs of Markdown */
  async show(title: string, parts: readonly string[]): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '∕')}.md` });
    this.texts.set(uri.path, `${parts.join('\n\n')}\n`);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      // The extension that renders Markdown may be switched off.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    }
    return uri;
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
