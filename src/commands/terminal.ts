import * as vscode from 'vscode';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const openTerminal = defineCommand(async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Open SSH Terminal'));
  const { SshTerminal } = await import('../views/sshTerminal');
  const terminal = vscode.window.createTerminal({
    name: `ssh · ${session.name}`,
    iconPath: new vscode.ThemeIcon('terminal'),
    pty: new SshTerminal(session, () => connected(session)),
    isTransient: true,
  });
  terminal.show();
  return { server: session.name };
});

export const openGuide = defineCommand(() =>
  vscode.commands.executeCommand(
    'workbench.action.openWalkthrough',
    'chasquid-tools.chasquid#chasquid.firstServer',
    false,
  ),
);
