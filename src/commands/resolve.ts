import type { ServerSession } from '../app/session';
import * as vscode from 'vscode';
import { inProgress } from '../app/window';
import type { ConfigTree } from '../chasquid/tree/model';
import type { World } from '../chasquid/tree/world';
import type { Version } from '../chasquid/versions';
import { resolutionPage, type ResolvedAddress } from '../views/pages/resolution';
import { remoteScheme } from '../views/remoteUri';
import { askText } from '../views/wizard';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const resolveAddress = defineCommand(async (app: App, args: ServerArgs): Promise<ResolvedAddress> => {
  const title = 'Resolve Address';
  const open = args.server === undefined ? vscode.window.activeTextEditor?.document : undefined;
  const local = open?.languageId === 'chasquid-aliases' && open.uri.scheme !== remoteScheme ? open : undefined;
  const session = local ? undefined : await connected(await pickServer(app, args, title));
  const address = args.address ?? (await askAddress(title, args.domain));
  const [{ explainAddress, explainedText }, { addressExists, resolveAddress: resolve }] = await Promise.all([
    import('../chasquid/aliases/explain'),
    import('../chasquid/aliases/resolve'),
  ]);
  const { source, world, refused } = session
    ? await inProgress(`Reading the aliases of ${session.name}…`, signal => worldOfServer(session, signal))
    : await worldAround(local!);
  const { recipients = [], error } = resolve(world, address);
  const { hooked } = world;
  const answer = {
    address,
    exists: addressExists(world, address),
    recipients,
    ...(error === undefined ? {} : { error }),
    hooked,
  };
  const tree = explainedText(explainAddress(world, address));
  await app.reports.show(
    `Where mail to ${address} goes`,
    resolutionPage(answer, { source, version: world.version.text, tree, refused }),
  );
  return answer;
});

function askAddress(title: string, domain: string | undefined): Promise<string> {
  return askText(title, {
    prompt: 'Which address? A suffix or other spelling is treated as chasquid treats it.',
    placeholder: `postmaster@${domain ?? 'example.com'}`,
    value: domain === undefined ? '' : `@${domain}`,
    validate: text =>
      /^[^@\s]+@[^@\s]+$/.test(text.trim()) ? undefined : 'Enter one whole address, such as postmaster@example.com.',
  }).then(text => text.trim());
}

interface Known {
  /** Where the files are, for people. */
  source: string;
  world: World;
  /** Aliases files that chasquid refuses, a sentence each. */
  refused: string[];
}

async function worldOfServer(session: ServerSession, signal: AbortSignal): Promise<Known> {
  const [{ readConfigTree }, { versionOf }] = await Promise.all([
    import('../host/files/configTree'),
    import('../chasquid/versions'),
  ]);
  const facts = session.knownFacts() ?? (await session.refresh());
  const tree = await readConfigTree(await session.rootShell(), signal);
  return known(session.name, tree, versionOf(facts.chasquid?.version));
}

/** Offline: the configuration folder that an open aliases file belongs to, with what is not saved yet. */
async function worldAround(document: vscode.TextDocument): Promise<Known> {
  const [{ Roots }, { WorkspaceFiles }, { readTree }, { versionFor }] = await Promise.all([
    import('../language/roots'),
    import('../language/workspaceFiles'),
    import('../chasquid/tree/read'),
    import('../language/version'),
  ]);
  const root = Roots.folderOf(document);
  if (!root)
    throw new Error(
      'The open aliases file is not in a configuration folder. Where mail goes depends on the whole folder (domains/DOMAIN/aliases and chasquid.conf). Open the file inside such a folder, or name a server.',
    );
  return known(root.path, await readTree(new WorkspaceFiles(root), root.path), versionFor(document.uri, {}));
}

async function known(source: string, tree: ConfigTree, version: Version): Promise<Known> {
  const [{ worldOf }, { runSliced }] = await Promise.all([import('../chasquid/tree/world'), import('../input/slices')]);
  const world = await runSliced(worldOf(tree, { version }));
  const refused = [...world.files].flatMap(([path, file]) => {
    const { error } = file.entries;
    return error ? [`${path}/aliases has an error in line ${error.line + 1}: ${error.upstream}.`] : [];
  });
  return { source, world, refused };
}
