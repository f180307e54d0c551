import type * as vscode from 'vscode';
import { AliasFile, type LineSource } from '../chasquid/aliases/file';
import type { Version } from '../chasquid/versions';
import type { Diagnostics } from './diagnostics';
import { contextOf, type Root, type Roots } from './roots';

/** An aliases document together with the server around it, when it belongs to one. */
export type OpenAliases = (
  document: vscode.TextDocument,
) => Promise<{ root: Root | undefined; version: Version; file: LineSource }>;

/** Takes the lines that the diagnostics keep up to date; reads the document only while these are not there yet. */
export function aliasesOpener(roots: Roots, diagnostics: Diagnostics): OpenAliases {
  return async document => {
    const root = await roots.of(document);
    const version = roots.version(document.uri);
    const live = await diagnostics.live(document);
    const file = live ?? new AliasFile(document.getText(), contextOf(document, root, version));
    return { root, version, file };
  };
}
