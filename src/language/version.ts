import * as vscode from 'vscode';
import { newest, parseVersion, type Version } from '../chasquid/versions';
import type { LanguageOptions } from './options';

/** The version whose rules hold for a file: the setting's, else that of the server it comes from, else the newest. */
export function versionFor(uri: vscode.Uri, options: LanguageOptions): Version {
  const set = vscode.workspace.getConfiguration('chasquid', uri).get<string>('language.version', 'auto');
  return parseVersion(set) ?? parseVersion(options.versionOf?.(uri) ?? '') ?? newest;
}
