import * as vscode from 'vscode';
import { addressAt, canonical, nameProblem, occurrencesIn } from '../chasquid/aliases/occurrences';
import { AliasFile, type LineSource, stride } from '../chasquid/aliases/file';
import { splitAddress } from '../chasquid/normalize';
import { parseUsers } from '../chasquid/users/parse';
import { aliasContext } from '../chasquid/aliases/context';
import { lineRange } from './convert';
import type { OpenAliases } from './openAliases';
import { type Root, type Roots, worldWith } from './roots';
import { runSliced } from '../input/slices';

interface Place {
  location: vscode.Location;
  kind: 'alias' | 'target' | 'user';
}

const ours = [{ language: 'chasquid-aliases' }, { language: 'chasquid-users' }];

/** Definition, references, rename and workspace symbols, across all domains of a configuration folder. */
export function registerNavigation(roots: Roots, open: OpenAliases): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerDefinitionProvider(ours, {
      async provideDefinition(document, position) {
        const found = await findPlaces(document, position, roots, open);
        return found?.places.filter(place => place.kind !== 'target').map(place => place.location);
      },
    }),
    vscode.languages.registerReferenceProvider(ours, {
      async provideReferences(document, position, { includeDeclaration }) {
        const found = await findPlaces(document, position, roots, open);
        return found?.places
          .filter(place => includeDeclaration || place.kind === 'target')
          .map(place => place.location);
      },
    }),
    vscode.languages.registerDocumentHighlightProvider(ours, {
      async provideDocumentHighlights(document, position) {
        const found = await symbolAt(document, position, roots, open);
        const here = found && (await placesHere(document, found, open));
        return here?.map(
          ({ location, kind }) =>
            new vscode.DocumentHighlight(
              location.range,
              kind === 'target' ? vscode.DocumentHighlightKind.Read : vscode.DocumentHighlightKind.Write,
            ),
        );
      },
    }),
    vscode.languages.registerRenameProvider(ours, {
      async prepareRename(document, position) {
        const found = await symbolAt(document, position, roots, open);
        if (!found) throw new Error('There is no alias or user here. Put the cursor on a name.');
        if (found.address.startsWith('*@')) throw new Error('The catch-all has no name. Edit the line instead.');
        return found.range;
      },
      async provideRenameEdits(document, position, newName) {
        const found = await findPlaces(document, position, roots, open);
        if (!found) return undefined;
        const problem = nameProblem(newName, found.root.world);
        if (problem) throw new Error(problem);
        const renamed = `${newName}@${splitAddress(found.address)[1]}`;
        const world = { ...found.root.world };
        const taken = canonical(renamed, world);
        if (taken !== found.address && (world.aliases.get(taken) || world.userExists(...splitAddress(taken)))) {
          throw new Error(`“${newName}” is taken by another alias or user. Choose another name.`);
        }
        const edit = new vscode.WorkspaceEdit();
        for (const { location, kind } of found.places)
          edit.replace(location.uri, location.range, kind === 'user' ? JSON.stringify(newName) : newName);
        return edit;
      },
    }),
    vscode.languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: query => workspaceSymbols(query, roots),
    }),
  );
}

/** The alias or user under the cursor. */
async function symbolAt(document: vscode.TextDocument, position: vscode.Position, roots: Roots, open: OpenAliases) {
  if (document.languageId === 'chasquid-users') {
    const root = await roots.of(document);
    const domain = root?.tree.domains?.find(each => each.users?.path === document.uri.path);
    if (!root || !domain) return undefined;
    const file = parseUsers(document.getText(), roots.version(document.uri));
    const offset = document.offsetAt(position);
    const user = file.users.find(
      each => offset >= file.source.offset(each.key.start) && offset <= file.source.offset(each.key.end),
    );
    if (!user) return undefined;
    const start = document.positionAt(file.source.offset(user.key.start) + 1);
    const end = document.positionAt(file.source.offset(user.key.end) - 1);
    return { address: `${user.name}@${domain.name}`, range: new vscode.Range(start, end), root };
  }
  const { root, file } = await open(document);
  const found = addressAt(document.lineAt(position.line).text, file.line(position.line), position.character, file);
  return found && root && { address: found.address, range: lineRange(position.line, found.span), root };
}

async function findPlaces(document: vscode.TextDocument, position: vscode.Position, roots: Roots, open: OpenAliases) {
  const found = await symbolAt(document, position, roots, open);
  if (!found) return undefined;
  const root = (await roots.fresh(document)) ?? found.root;
  const places: Place[] = [];
  await runSliced(collect(placesOf(root, found.address), places), () => false);
  return { address: found.address, root, places };
}

/** The places in one document alone, as it stands. */
async function placesHere(
  document: vscode.TextDocument,
  { address, root }: { address: string; root: Root },
  open: OpenAliases,
): Promise<Place[]> {
  const places: Place[] = [];
  if (document.languageId === 'chasquid-users') {
    const domain = root.tree.domains?.find(each => each.users?.path === document.uri.path);
    if (domain) places.push(...usersPlaces(root, domain.users!, domain.name, address));
    return places;
  }
  const { file } = await open(document);
  const { aliases } = worldWith(root, file.context.domain, file.entries);
  const found = aliasPlaces(file, document.uri, address, key => aliases.get(key) !== undefined);
  const { version } = document;
  await runSliced(collect(found, places), () => document.isClosed || document.version !== version);
  return places;
}

function* collect(found: Iterable<Place | undefined>, places: Place[]): Generator<void> {
  for (const place of found) {
    if (place) places.push(place);
    yield;
  }
}

/** Undefined stands for some lines without such a place. */
function* aliasPlaces(
  file: LineSource,
  uri: vscode.Uri,
  address: string,
  hasAlias: (key: string) => boolean,
): Generator<Place | undefined> {
  for (let from = 0; from < file.lineCount; from += stride) {
    yield;
    for (const { line, span, kind } of occurrencesIn(file, address, hasAlias, from, from + stride))
      yield { location: new vscode.Location(uri, lineRange(line, span)), kind };
  }
}

/** Every place on the server that names the address. */
function* placesOf(root: Root, address: string): Generator<Place | undefined> {
  const { world } = root;
  for (const domain of root.tree.domains ?? []) {
    if (domain.aliases) {
      const uri = root.uri.with({ path: domain.aliases.path });
      const file =
        world.files.get(domain.path) ??
        new AliasFile(domain.aliases.text, aliasContext(domain.folder, world.version, world));
      yield* aliasPlaces(file, uri, address, key => world.aliases.has(key));
    }
    if (domain.users && address.endsWith(`@${domain.name}`))
      yield* usersPlaces(root, domain.users, domain.name, address);
  }
}

function* usersPlaces(
  root: Root,
  users: { path: string; text: string },
  domain: string,
  address: string,
): Generator<Place> {
  const file = parseUsers(users.text, root.world.version);
  for (const user of file.users) {
    if (`${user.name}@${domain}` !== address) continue;
    const position = (byte: number) => {
      const before = users.text.slice(0, file.source.offset(byte)).split('\n');
      return new vscode.Position(before.length - 1, before.at(-1)!.length);
    };
    const range = new vscode.Range(position(user.key.start), position(user.key.end));
    yield { location: new vscode.Location(root.uri.with({ path: users.path }), range), kind: 'user' };
  }
}

async function workspaceSymbols(query: string, roots: Roots): Promise<vscode.SymbolInformation[]> {
  const wanted = query.toLowerCase();
  const symbols: vscode.SymbolInformation[] = [];
  for (const root of await roots.all()) {
    for (const domain of root.tree.domains ?? []) {
      const file = world(root, domain.path);
      if (!file || !domain.aliases) continue;
      for (const [key, line] of file.entries.keys()) {
        if (!key.includes(wanted)) continue;
        const parsed = file.line(line);
        if (parsed.kind !== 'entry') continue;
        const location = new vscode.Location(
          root.uri.with({ path: domain.aliases.path }),
          lineRange(line, parsed.left),
        );
        symbols.push(new vscode.SymbolInformation(key, vscode.SymbolKind.Variable, domain.name, location));
        if (symbols.length >= 1000) return symbols;
      }
    }
  }
  return symbols;
}

function world(root: Root, path: string): AliasFile | undefined {
  return root.world.files.get(path);
}
