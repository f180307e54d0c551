import * as vscode from 'vscode';
import { showWarning } from '../app/window';
import { type EffectiveDocuments, effectiveScheme } from './effectiveDocuments';

/** Opens what chasquid makes of a chasquid.conf, defaults included, as `chasquid-util print-config` prints it. */
export async function showEffectiveConfiguration(
  file: vscode.Uri | undefined,
  documents: EffectiveDocuments,
): Promise<vscode.Uri | undefined> {
  const source = file ?? vscode.window.activeTextEditor?.document.uri;
  const document = source && (await vscode.workspace.openTextDocument(source));
  if (document?.languageId !== 'chasquid-conf') {
    void showWarning('Open a chasquid.conf to see its effective configuration.');
    return undefined;
  }
  const shown = document.uri.with({
    scheme: effectiveScheme,
    path: `${document.uri.path} (effective).conf`,
    query: document.uri.toString(),
  });
  documents.refresh(shown);
  const effective = await vscode.workspace.openTextDocument(shown);
  await vscode.window.showTextDocument(effective, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  return shown;
}
