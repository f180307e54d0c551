import * as vscode from 'vscode';
import { showWarning } from '../app/window';
import { shownConfig } from '../chasquid/config/shown';
import type { LanguageOptions } from './index';
import { versionFor } from './version';

const scheme = 'chasquid-effective';
let provider: EffectiveConfiguration | undefined;

/** Opens what chasquid makes of a chasquid.conf, defaults included, as `chasquid-util print-config` prints it. */
export async function showEffectiveConfiguration(
  uri: vscode.Uri | undefined,
  options: LanguageOptions,
): Promise<vscode.Uri | undefined> {
  const source = uri ?? vscode.window.activeTextEditor?.document.uri;
  const document = source && (await vscode.workspace.openTextDocument(source));
  if (document?.languageId !== 'chasquid-conf') {
    void showWarning('No chasquid.conf is open. The effective configuration belongs to one. Open it and try again.');
    return undefined;
  }
  provider ??= new EffectiveConfiguration(options);
  const shown = document.uri.with({
    scheme,
    path: `${document.uri.path} (effective).conf`,
    query: document.uri.toString(),
  });
  provider.refresh(shown);
  const effective = await vscode.workspace.openTextDocument(shown);
  await vscode.languages.setTextDocumentLanguage(effective, 'chasquid-conf');
  await vscode.window.showTextDocument(effective, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  return shown;
}

class EffectiveConfiguration implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly options: LanguageOptions) {
    vscode.workspace.registerTextDocumentContentProvider(scheme, this);
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      for (const { uri } of vscode.workspace.textDocuments)
        if (uri.scheme === scheme && uri.query === document.uri.toString()) this.refresh(uri);
    });
  }

  refresh(uri: vscode.Uri): void {
    this.changed.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri.query));
    const version = versionFor(document.uri, this.options);
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    return shownConfig(document.getText(), version, name);
  }
}
