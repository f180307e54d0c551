import * as vscode from 'vscode';
import type { App } from './composedApp';
import type { ServerSession } from '../app/session';
import { remoteUri } from '../views/remoteUri';
import { connected, defineCommand, pickDomain, pickServer, type ServerArgs } from './command';

export const openConfig = defineCommand(async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Edit chasquid.conf'));
  return open(session, 'chasquid.conf', 'chasquid-conf');
});

export const openAliases = defineCommand(async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Edit Aliases'));
  return open(session, `domains/${await pickDomain(session, args, 'Edit Aliases')}/aliases`, 'chasquid-aliases');
});

export const openUsers = defineCommand(async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Show Users File'));
  return open(session, `domains/${await pickDomain(session, args, 'Show Users File')}/users`, 'chasquid-users');
});

/** Behind the button above what stands in for a file. Asks what is needed to read it. */
export const readRemoteFile = defineCommand(async (app: App, args: { server: string; path: string }) => {
  const session = await connected(await pickServer(app, args, 'Open File'));
  await session.rootShell();
  app.files.readAgain(remoteUri(session.name, args.path));
});

async function open(session: ServerSession, file: string, language: string): Promise<vscode.TextDocument> {
  const facts = session.knownFacts() ?? (await session.refresh());
  if (!facts.chasquid) {
    throw new Error(
      `chasquid is not installed on ${session.name} yet, so there is no ${file} to open. Use Set Up Server first.`,
    );
  }
  const uri = remoteUri(session.name, `${facts.chasquid.configDir}/${file}`);
  const { readTextFile, writeTextFile } = await import('../host/files/configFiles');
  const shell = await session.rootShell();
  const path = `${facts.chasquid.configDir}/${file}`;
  const present = await readTextFile(shell, path);
  // A file that is not there yet is made empty, so that it can be edited and saved like any other.
  if (!present.bytes) await writeTextFile(shell, path, new Uint8Array(), { expectedHash: present.hash });
  const document = await vscode.workspace.openTextDocument(uri);
  const shown =
    document.languageId === language ? document : await vscode.languages.setTextDocumentLanguage(document, language);
  await vscode.window.showTextDocument(shown);
  return shown;
}
