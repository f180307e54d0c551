import * as vscode from 'vscode';
import { LiveAliases } from '../chasquid/aliases/live';
import { checkConfig } from '../chasquid/config/check';
import { checkUsers } from '../chasquid/users/check';
import { type FixableDiagnostic, toDiagnostic } from './convert';
import { contextOf, type Roots, worldWith } from './roots';
import { runSliced } from './slices';

/** How long typing must rest before the whole server is looked at again, in milliseconds. */
const restBeforeWorld = 150;
/** How soon after a keystroke the changed lines' findings are shown, in milliseconds. */
const restBeforeLines = 15;

/** Keeps the Problems panel up to date for the documents of our languages. */
export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('chasquid');
  private readonly aliases = new Map<string, AliasesDocument>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly shown = new Map<string, FixableDiagnostic[]>();
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly roots: Roots) {
    this.disposables = [
      this.collection,
      vscode.workspace.onDidOpenTextDocument(document => this.open(document)),
      vscode.workspace.onDidChangeTextDocument(event => this.change(event)),
      vscode.workspace.onDidCloseTextDocument(document => this.close(document)),
      roots.onChange(() => vscode.workspace.textDocuments.forEach(document => this.open(document))),
    ];
    vscode.workspace.textDocuments.forEach(document => this.open(document));
  }

  /** The findings shown for a document, with their fixes. */
  of(document: vscode.TextDocument): readonly FixableDiagnostic[] {
    return this.shown.get(document.uri.toString()) ?? [];
  }

  /** The lines of an open aliases file as they stand now; what is put together of them may be a moment old. */
  live(document: vscode.TextDocument): LiveAliases | undefined {
    return this.aliases.get(document.uri.toString())?.lines;
  }

  private publish = (document: vscode.TextDocument, found: FixableDiagnostic[]): void => {
    this.shown.set(document.uri.toString(), found);
    this.collection.set(document.uri, found);
  };

  private open(document: vscode.TextDocument): void {
    if (document.languageId === 'chasquid-aliases') {
      const key = document.uri.toString();
      this.aliases.get(key)?.dispose();
      this.aliases.set(key, new AliasesDocument(document, this.roots, this.publish));
    } else if (document.languageId === 'chasquid-conf' || document.languageId === 'chasquid-users')
      this.check(document);
  }

  private change({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const key = document.uri.toString();
    if (document.languageId === 'chasquid-aliases') this.aliases.get(key)?.change(contentChanges);
    else if (document.languageId === 'chasquid-conf' || document.languageId === 'chasquid-users') {
      clearTimeout(this.timers.get(key));
      this.timers.set(
        key,
        setTimeout(() => !document.isClosed && this.check(document), restBeforeLines),
      );
    }
  }

  private check(document: vscode.TextDocument): void {
    const version = this.roots.version(document.uri);
    const found = (document.languageId === 'chasquid-conf' ? checkConfig : checkUsers)(document.getText(), version);
    this.publish(
      document,
      found.map(each => toDiagnostic(document, each)),
    );
  }

  private close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.aliases.get(key)?.dispose();
    this.aliases.delete(key);
    this.shown.delete(key);
    this.collection.delete(document.uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const each of this.aliases.values()) each.dispose();
    vscode.Disposable.from(...this.disposables).dispose();
  }
}

/** One open aliases file: changed lines at once, the whole server when typing rests. */
class AliasesDocument {
  private live: LiveAliases | undefined;
  /** Grows with every change; work begun for an older one stops. */
  private generation = 0;
  private disposed = false;
  private lineTimer: NodeJS.Timeout | undefined;
  private worldTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly roots: Roots,
    private readonly publish: (document: vscode.TextDocument, found: FixableDiagnostic[]) => void,
  ) {
    void this.load();
  }

  get lines(): LiveAliases | undefined {
    return this.live;
  }

  private stale(generation: number): () => boolean {
    return () => this.disposed || this.document.isClosed || generation !== this.generation;
  }

  private async load(): Promise<void> {
    const generation = ++this.generation;
    this.live = undefined;
    const stale = this.stale(generation);
    const root = await this.roots.of(this.document)?.catch(() => undefined);
    if (stale()) return;
    const version = this.roots.version(this.document.uri);
    const live = new LiveAliases(contextOf(this.document, root, version), version);
    // Only line feeds end lines for chasquid; the editor also ends them at a lone carriage return.
    const lines = this.document.getText().split(/\r\n|\n|\r/);
    if ((await runSliced(finish(live.load(lines)), stale)) === undefined) return;
    this.live = live;
    this.show();
    await this.judge(generation);
  }

  change(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    const { live } = this;
    if (!live) return void this.load();
    const generation = ++this.generation;
    for (const { range, text } of changes) {
      const before = live.lineText(range.start.line).slice(0, range.start.character);
      const after = live.lineText(range.end.line).slice(range.end.character);
      live.change(range.start.line, range.end.line, `${before}${text}${after}`.split(/\r\n|\n|\r/));
    }
    clearTimeout(this.lineTimer);
    clearTimeout(this.worldTimer);
    this.lineTimer = setTimeout(() => this.show(), restBeforeLines);
    this.worldTimer = setTimeout(() => void this.judge(generation), restBeforeWorld);
  }

  private async judge(generation: number): Promise<void> {
    const { live } = this;
    const stale = this.stale(generation);
    if (!live || stale()) return;
    const index = await runSliced(live.collect(), stale);
    const root = await this.roots.of(this.document)?.catch(() => undefined);
    if (!index || !root || stale()) return;
    const world = worldWith(root, live.context.domain, index);
    if ((await runSliced(finish(live.judge(world)), stale)) !== undefined) this.show();
  }

  private show(): void {
    const { live, document } = this;
    if (!live || this.disposed || document.isClosed || live.lineCount !== document.lineCount) return;
    const found: FixableDiagnostic[] = [];
    for (const { line, diagnostic } of live.findings()) {
      found.push(toDiagnostic(document, diagnostic, document.offsetAt(new vscode.Position(line, 0))));
    }
    this.publish(document, found);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.lineTimer);
    clearTimeout(this.worldTimer);
  }
}

/** Tells the end of a generator that returns nothing from being stopped. */
function* finish(work: Generator<unknown>): Generator<unknown, true> {
  yield* work;
  return true;
}
