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
export function registerLanguages(options: LanguageOptions = {}): vscode.Disposable {
  const effective = new EffectiveDocuments(options);
  let started: Promise<vscode.Disposable> | undefined;
  let disposed = false;
  const start = async (): Promise<void> => {
    started ??= import('./start').then(module => module.startLanguages(options));
    if (disposed) (await started).dispose();
  };
  const startFor = (document: vscode.TextDocument): void => {
    if ((languageIds as readonly string[]).includes(document.languageId)) void start();
  };
  vscode.workspace.textDocuments.forEach(startFor);
  return vscode.Disposable.from(
    effective,
    vscode.workspace.onDidOpenTextDocument(startFor),
    vscode.commands.registerCommand('chasquid.showEffectiveConfiguration', async (uri?: vscode.Uri) => {
      await start();
      return (await import('./effective')).showEffectiveConfiguration(uri, effective);
    }),
    {
      dispose: () => {
        disposed = true;
        void started?.then(running => running.dispose());
      },
    },
  );
}
