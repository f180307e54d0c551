import * as vscode from 'vscode';
import type { ServiceStatus } from '../host/services';
import type { App } from './app';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const restartService = defineCommand('restartService', async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Restart Service'));
  const { restartService: restart, serviceProblem } = await import('../host/services');
  const status = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Restarting chasquid on ${session.name}…` },
    async () => restart(await session.rootShell()),
  );
  await session.refresh();
  if (status.state !== 'active') throw new Error(serviceProblem(session.name, status));
  void vscode.window.showInformationMessage(`chasquid on ${session.name} was restarted and runs.`);
  return status;
});

export const showStatus = defineCommand('showStatus', async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Show Service Status'));
  const { readStatus } = await import('../host/services');
  const status = await readStatus(await session.rootShell());
  const document = await vscode.workspace.openTextDocument({
    language: 'markdown',
    content: statusText(session.name, status),
  });
  await vscode.window.showTextDocument(document, { preview: true });
  return status;
});

function explain(status: ServiceStatus): string {
  return status.failure ? `${status.failure.cause} ${status.failure.cure}` : '';
}

/** The status as a page to read, or to send to somebody who helps. */
export function statusText(server: string, status: ServiceStatus): string {
  const since = status.since === undefined ? '' : ` since ${new Date(status.since * 1000).toLocaleString()}`;
  const ports = [25, 465, 587].map(
    port => `- ${port}: ${status.listening.some(listener => listener.port === port) ? 'open' : 'nobody listens'}`,
  );
  return [
    `# chasquid on ${server}`,
    `**${status.state}** (${status.subState})${since}; ${status.enabled ? 'starts at boot' : 'does **not** start at boot'}; restarted by systemd ${status.restarts} times.`,
    ...(status.failure ? [`## What is the matter`, explain(status)] : []),
    '## Ports',
    ports.join('\n'),
    '## Last lines of the log',
    [
      '```text',
      ...status.lines.map(line => `${new Date(line.time).toISOString()}  ${line.text.replaceAll('```', "'''")}`),
      '```',
    ].join('\n'),
    '',
  ].join('\n\n');
}
