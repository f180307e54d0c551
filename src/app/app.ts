import type * as vscode from 'vscode';
import type { ServerSecrets } from './secrets';
import type { Sessions } from './sessions';

/** What a command may use. Composed once, in extension.ts. */
export interface App {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  secrets: ServerSecrets;
  sessions: Sessions;
}
