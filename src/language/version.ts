import * as vscode from 'vscode';
import { newest, parseVersion } from '../chasquid/versions';
import type { LanguageOptions } from './index';

/** The version whose rules hold for a file: the setting's, else that of the server it comes from, else the newest. */
export function versionFor(uri: vscode.Uri, options: LanguageOptions): string {
  const set = vscode.workspace.getConfiguration('chasquid', uri).get<string>('language.version', 'auto');
  if (set !== 'auto' && parseVersion(set)) return set;
  const connected = options.versionOf?.(uri);
  return connected !== undefined && parseVersion(connected) ? connected : newest;
}
