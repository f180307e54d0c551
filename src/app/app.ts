import type * as vscode from 'vscode';
import type { ServerSecrets } from './secrets';
import type { Sessions } from './sessions';
import type { HostKeyStore } from './trustStore';

/** What a command may use. Composed once, in extension.ts. */
export interface App {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  secrets: ServerSecrets;
  hostKeys: HostKeyStore;
  sessions: Sessions;
}
