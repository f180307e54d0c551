import * as vscode from 'vscode';
import { shownConfig } from '../chasquid/config/shown';
import type { LanguageOptions } from './options';
import { versionFor } from './version';

/** The text of such a document (`EffectiveDocuments`): its chasquid.conf as chasquid reads it, defaults included. */
export async function effectiveText(uri: vscode.Uri, options: LanguageOptions): Promise<string> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri.query));
  const version = versionFor(document.uri, options);
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  return shownConfig(document.getText(), version, name);
}
