import * as vscode from 'vscode';
import { autoCommit } from './app/autoCommit';
import { sessionPorts } from './app/ports';
import { Secrets } from './app/secrets';
import { Sessions } from './app/sessions';
import { commands, internalCommands } from './commands';
import type { App } from './commands/composedApp';
import { commandApi, connected, registerCommand, type CommandApi } from './commands/command';
import { Languages } from './language';
import { registerDnsPanels } from './views/dnsPanel/register';
import { LogChannels } from './views/logs';
import { RemoteFiles } from './views/remoteFiles';
import { parseRemoteUri, remoteScheme } from './views/remoteUri';
import { remoteTree } from './views/remoteTree';
import { Reports } from './views/reports';
import { ServersView } from './views/servers/tree';

/** Composes the extension and registers it; whatever is large is loaded when it is first needed. */
export function activate(context: vscode.ExtensionContext): CommandApi {
  const log = vscode.window.createOutputChannel('Chasquid', { log: true });
  const secrets = new Secrets(context.secrets);
  const sessions = new Sessions(sessionPorts(log, secrets, context.globalStorageUri.fsPath));
  const logs = new LogChannels();
  const reports = new Reports();
  const factsOf = (uri: vscode.Uri) =>
    uri.scheme === remoteScheme ? sessions.get(parseRemoteUri(uri).server)?.knownFacts() : undefined;
  const mayRead = (uri: vscode.Uri): boolean =>
    uri.scheme !== remoteScheme || sessions.get(parseRemoteUri(uri).server)?.connected === true;
  const files = new RemoteFiles(sessions, {
    saved: (server, path) => saved(app, server, path),
    connect: session => connected(session),
  });
  const languages = new Languages({
    versionOf: uri => factsOf(uri)?.chasquid?.version,
    stateOf: factsOf,
    mayRead,
    readTree: folder => remoteTree(sessions, folder),
    onVersionChange: sessions.onDidChange,
  });
  const app: App = { context, log, secrets, sessions, logs, files, reports, languages };
  context.subscriptions.push(
    log,
    sessions,
    logs,
    files,
    reports,
    new ServersView(sessions),
    vscode.workspace.registerFileSystemProvider(remoteScheme, files, { isCaseSensitive: true }),
    registerDnsPanels(context, async (server, domain) => {
      const { restoredDnsSource } = await import('./commands/dns');
      return restoredDnsSource(app, server, domain);
    }),
    languages,
    ...[...commands, ...internalCommands].map(([name, load]) => registerCommand(app, name, load)),
  );
  return commandApi(app, commands);
}

/** A file of a server was saved: what the sidebar shows may have changed. */
function saved(app: App, server: string, path: string): void {
  const session = app.sessions.get(server);
  if (!session) return;
  session.refresh().catch(() => undefined);
  void autoCommit(app.log, session, `Edit ${path}`);
}
