import * as vscode from 'vscode';
import type { App } from './app';
import { defineCommand, pickServer, type ServerArgs } from './command';

/** The system's own ssh in a terminal: it verifies host keys by known_hosts and takes the same OpenSSH configuration. */
export const openTerminal = defineCommand(async (app: App, args: ServerArgs) => {
  const session = await pickServer(app, args, 'Open SSH Terminal');
  const { host, port, user, identityFile, proxyJump } = session.entry;
  const terminal = vscode.window.createTerminal({
    name: `ssh · ${session.name}`,
    iconPath: new vscode.ThemeIcon('terminal'),
    shellPath: 'ssh',
    shellArgs: [
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...(identityFile === undefined ? [] : ['-i', identityFile]),
      ...(proxyJump === undefined ? [] : ['-J', proxyJump]),
      ...(user === undefined ? [] : ['-l', user]),
      '--',
      host,
    ],
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
