import * as vscode from 'vscode';
import type { CheckWorld } from '../chasquid/aliases/checkWorld';
import type { AliasMap } from '../chasquid/aliases/aliasIndex';
import { aliasContext } from '../chasquid/aliases/context';
import type { AliasContext } from '../chasquid/aliases/model';
import type { ConfigTree, DomainFolder } from '../chasquid/tree/model';
import { readTree } from '../chasquid/tree/read';
import { type World, worldOf } from '../chasquid/tree/world';
import { parseUsers } from '../chasquid/users/parse';
import type { Version } from '../chasquid/versions';
import type { LanguageOptions } from './options';
import { runSliced } from '../input/slices';
import { versionFor } from './version';
import { withOpenDocuments, WorkspaceFiles } from './workspaceFiles';

/** What says which folder a file belongs to: a document, or a file that is not open. */
type Place = Pick<vscode.TextDocument, 'uri' | 'isUntitled'>;

/** How many files of the workspace are looked through for configuration folders. */
const mostSearched = 500;

/** A configuration folder as the editor sees it. */
export interface Root {
  uri: vscode.Uri;
  tree: ConfigTree;
  world: World;
}

/** The configuration folders around open documents, read once and again when one of their files is saved or changed outside. */
export class Roots implements vscode.Disposable {
  private readonly roots = new Map<string, Promise<Root>>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[];
  private known: readonly unknown[] = [];
  /** Something besides the documents' own text changed. */
  readonly onChange = this.changed.event;

  constructor(private readonly options: LanguageOptions) {
    const watcher = vscode.workspace.createFileSystemWatcher(
      '**/{chasquid.conf,domains/*/aliases,domains/*/users,hooks/*}',
    );
    const forget = () => this.forget();
    this.disposables = [
      watcher,
      this.changed,
      watcher.onDidChange(forget),
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      vscode.workspace.onDidSaveTextDocument(document => document.languageId.startsWith('chasquid-') && forget()),
      vscode.workspace.onDidChangeConfiguration(event => event.affectsConfiguration('chasquid.language') && forget()),
    ];
    if (options.onVersionChange) this.disposables.push(options.onVersionChange(() => this.forgetChanged()));
  }

  private forget(): void {
    this.roots.clear();
    this.changed.fire();
  }

  /** What is known of servers is told often; only what matters here counts. */
  private forgetChanged(): void {
    const known = vscode.workspace.textDocuments
      .filter(document => document.languageId.startsWith('chasquid-'))
      .flatMap(({ uri }) => [
        uri.toString(),
        this.version(uri).text,
        this.options.mayRead?.(uri),
        this.options.stateOf?.(uri),
      ]);
    const same = known.length === this.known.length && known.every((each, index) => each === this.known[index]);
    if (!same) this.forget();
    this.known = known;
  }

  version(uri: vscode.Uri): Version {
    return versionFor(uri, this.options);
  }

  /** The configuration folder that a file belongs to; undefined for a file that stands alone. */
  static folderOf(document: Place): vscode.Uri | undefined {
    if (document.isUntitled) return undefined;
    const path = document.uri.path;
    const folder = /^(.*)\/domains\/[^/]+\/(?:aliases|users)$/.exec(path) ?? /^(.*)\/chasquid\.conf$/.exec(path);
    return folder ? document.uri.with({ path: folder[1] || '/' }) : undefined;
  }

  /** The configuration folders around open documents and in the folders of the workspace. */
  async all(): Promise<Root[]> {
    const listed = await vscode.workspace.findFiles('**/domains/*/{aliases,users}', undefined, mostSearched);
    const places: Place[] = [...vscode.workspace.textDocuments, ...listed.map(uri => ({ uri, isUntitled: false }))];
    const found = new Map<string, Root>();
    for (const place of places) {
      const root = await this.of(place)?.catch(() => undefined);
      if (root) found.set(root.uri.toString(), root);
    }
    return [...found.values()];
  }

  /** Reads the folder, with what is open in editors as it stands there at the first call after a change. */
  of(document: Place): Promise<Root> | undefined {
    const uri = Roots.folderOf(document);
    if (!uri) return undefined;
    if (this.options.mayRead?.(uri) === false) return undefined;
    const version = this.version(document.uri);
    const key = `${version.text} ${uri.toString()}`;
    let root = this.roots.get(key);
    if (!root) {
      root = this.read(uri).then(async tree => ({
        uri,
        tree,
        world: (await runSliced(
          worldOf(tree, { version, lenient: true, later: path => isOpen(uri.with({ path })) }),
          () => false,
        ))!,
      }));
      root.catch(() => this.roots.delete(key));
      this.roots.set(key, root);
    }
    return root;
  }

  private async read(uri: vscode.Uri): Promise<ConfigTree> {
    const tree = await this.options.readTree?.(uri);
    return tree ? withOpenDocuments(tree, uri) : readTree(new WorkspaceFiles(uri), uri.path);
  }

  /** Reads again, with all open documents as they stand now. */
  async fresh(document: vscode.TextDocument): Promise<Root | undefined> {
    const uri = Roots.folderOf(document);
    if (uri) this.roots.delete(`${this.version(document.uri).text} ${uri.toString()}`);
    return this.of(document);
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

/** The lines of an open aliases file are those of its document; what the folder says of it is hardly ever asked for. */
function isOpen(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return vscode.workspace.textDocuments.some(
    document => document.languageId === 'chasquid-aliases' && document.uri.toString() === key,
  );
}

/** What reading the lines of an aliases document depends on. */
export function contextOf(document: vscode.TextDocument, root: Root | undefined, version: Version): AliasContext {
  return aliasContext(document.uri.path.split('/').at(-2) ?? '', version, root?.world);
}

/** The world with a document's aliases as they stand in the editor. */
export function worldWith(root: Root, domain: string, entries: Pick<AliasMap, 'get'>): CheckWorld {
  const own = `@${domain}`;
  const { aliases } = root.world;
  return { ...root.world, aliases: { get: key => (key.endsWith(own) ? entries : aliases).get(key) } };
}

/** The users of every domain as addresses. */
export function usersOf(root: Root, version: Version): { address: string; domain: DomainFolder }[] {
  return (root.tree.domains ?? []).flatMap(domain =>
    domain.users
      ? parseUsers(domain.users.text, version).users.map(user => ({ address: `${user.name}@${domain.name}`, domain }))
      : [],
  );
}
