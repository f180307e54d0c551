import type * as vscode from 'vscode';
import type { Secrets } from '../app/secrets';
import type { Sessions } from '../app/sessions';
import type { Languages } from '../language';
import type { LogChannels } from '../views/logs';
import type { RemoteFiles } from '../views/remoteFiles';
import type { Reports } from '../views/reports';

/** What a command may use. Composed once, in extension.ts. */
export interface App {
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  secrets: Secrets;
  sessions: Sessions;
  logs: LogChannels;
  files: RemoteFiles;
  reports: Reports;
  languages: Languages;
}
