import type * as vscode from 'vscode';
import type { ConfigTree } from '../chasquid/tree/model';

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
