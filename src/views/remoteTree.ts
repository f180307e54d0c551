import type * as vscode from 'vscode';
import type { ServerSession } from '../app/session';
import type { Sessions } from '../app/sessions';
import type { ConfigTree, TextFile } from '../chasquid/tree/model';
import { parseRemoteUri, remoteScheme } from './remoteUri';

/**
 * The configuration folder of a server, in one round trip, with paths as the documents of {@link remoteScheme} have them.
 * Undefined for a folder that is on no server, and for one that is not chasquid's there.
 */
export async function remoteTree(sessions: Sessions, folder: vscode.Uri): Promise<ConfigTree | undefined> {
  if (folder.scheme !== remoteScheme) return undefined;
  const { server, path } = parseRemoteUri(folder);
  const session = sessions.get(server);
  return session && (await readFrom(session, path, folder.path.slice(0, folder.path.length - path.length)));
}

async function readFrom(session: ServerSession, path: string, prefix: string): Promise<ConfigTree | undefined> {
  const { readConfigTree } = await import('../host/files/configTree');
  const tree = await readConfigTree(await session.rootShell());
  if (tree.path !== path) return undefined;
  const moved = <File extends { path: string }>(file: File): File => ({ ...file, path: `${prefix}${file.path}` });
  const text = (name: 'config' | 'aliases' | 'users', file: TextFile | undefined) => file && { [name]: moved(file) };
  return {
    ...moved(tree),
    ...text('config', tree.config),
    ...(tree.domains && {
      domains: tree.domains.map(domain => ({
        ...moved(domain),
        ...text('aliases', domain.aliases),
        ...text('users', domain.users),
      })),
    }),
    hooks: tree.hooks.map(moved),
    problems: tree.problems.map(moved),
  };
}
