import * as vscode from 'vscode';
import { LiveAliases } from '../chasquid/aliases/live';
import type { Diagnostic } from '../chasquid/diagnostics';
import type { Severity } from '../text/problem';
import { FixableDiagnostic, toDiagnostic } from './convert';
import { contextOf, type Roots, worldWith } from './roots';
import { runSliced } from '../input/slices';

/** How soon after a keystroke the changed lines' findings are shown, in milliseconds. */
const restBeforeLines = 10;
/**
 * How long typing must rest before the whole server is looked at again: as long as that took the last time, within these
 * bounds, in milliseconds.
 */
const shortestRest = 20;
const longestRest = 300;
/** VS Code lists no more findings of a file than this; choosing them here spares the work for the others. */
const mostShown = 1000;

const order: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

type Found = { line: number; diagnostic: Diagnostic };

/** One open aliases file: changed lines at once, the whole server when typing rests. */
export class AliasesDocument {
  private live: LiveAliases | undefined;
  /** All lines have been read. */
  private loaded = false;
  /** Grows with every change; what was begun for an older one stops. */
  private generation = 0;
  /** The generation for which the whole server was looked at last. */
  private judged = -1;
  private judging: Promise<void> | undefined;
  private disposed = false;
  private lineTimer: NodeJS.Timeout | undefined;
  private worldTimer: NodeJS.Timeout | undefined;
  /** How long the last look at the whole server took, in milliseconds. */
  private lookTook = 0;
  private shown: readonly Found[] | undefined;

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly roots: Roots,
    private readonly publish: (document: vscode.TextDocument, found: FixableDiagnostic[]) => void,
  ) {
    this.loading = this.load();
  }

  private readonly loading: Promise<void>;

  private settle!: (lines: LiveAliases | undefined) => void;
  /** The lines, once they have been put together; from then on they follow the typing. Undefined when the file is closed before. */
  readonly lines = new Promise<LiveAliases | undefined>(resolve => (this.settle = resolve));

  private get gone(): boolean {
    return this.disposed || this.document.isClosed;
  }

  private async load(): Promise<void> {
    const root = await this.roots.of(this.document)?.catch(() => undefined);
    if (this.gone) return this.settle(undefined);
    const version = this.roots.version(this.document.uri);
    const live = (this.live = new LiveAliases(contextOf(this.document, root, version)));
    // Only line feeds end lines for chasquid; the editor also ends them at a lone carriage return.
    const lines = this.document.getText().split(/\r\n|\n|\r/);
    if ((await runSliced(finish(live.load(lines)), () => this.gone)) === undefined) return this.settle(undefined);
    this.loaded = true;
    this.show();
    await this.look();
  }

  /** Resolves when the findings are those of the text as it then stands. */
  async settled(): Promise<void> {
    await this.loading;
    while (!this.gone && this.judged !== this.generation) await (this.judging ?? this.look());
  }

  /** Takes over what was typed. */
  change(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    const { live } = this;
    // Not begun to be read: the text will be taken as it then stands.
    if (!live) return;
    this.generation++;
    for (const { range, text } of changes) {
      const before = live.lineText(range.start.line).slice(0, range.start.character);
      const after = live.lineText(range.end.line).slice(range.end.character);
      live.change(range.start.line, range.end.line, `${before}${text}${after}`.split(/\r\n|\n|\r/));
    }
    clearTimeout(this.lineTimer);
    clearTimeout(this.worldTimer);
    if (!this.loaded) return;
    this.lineTimer = setTimeout(() => this.show(), restBeforeLines);
    const rest = Math.min(longestRest, Math.max(shortestRest, this.lookTook));
    this.worldTimer = setTimeout(() => void this.look(), rest);
  }

  /** One look at a time: one that is under way stops at once when it is stale. */
  private async look(): Promise<void> {
    clearTimeout(this.worldTimer);
    await this.judging;
    if (this.judging) return;
    this.judging = this.judge().finally(() => (this.judging = undefined));
    await this.judging;
  }

  private async judge(): Promise<void> {
    const { live, generation } = this;
    const stale = () => this.gone || generation !== this.generation;
    if (!live || stale()) return;
    const began = performance.now();
    const entries = await runSliced(live.collect(), stale);
    if (entries) this.settle(live);
    const root = await this.roots.of(this.document)?.catch(() => undefined);
    if (!entries || stale()) return;
    if (root) {
      const world = worldWith(root, live.context.domain, entries);
      if ((await runSliced(finish(live.judge(world)), stale)) === undefined) return;
    }
    this.judged = generation;
    this.lookTook = performance.now() - began;
    this.show();
  }

  private show(): void {
    const { live, document } = this;
    if (!live || this.gone || live.lineCount !== document.lineCount) return;
    const all = [...live.findings()];
    const chosen = all.length > mostShown ? worst(all) : all;
    if (this.shown && sameFindings(chosen, this.shown)) return;
    this.shown = chosen;
    const found = chosen.map(each => this.convert(each));
    if (chosen.length < all.length) found.push(notShown(all.length - chosen.length));
    this.publish(document, found);
  }

  private convert({ line, diagnostic }: Found): FixableDiagnostic {
    return toDiagnostic(this.document, diagnostic, this.document.offsetAt(new vscode.Position(line, 0)));
  }

  /** All findings that have a fix. */
  *fixable(): Generator<FixableDiagnostic> {
    for (const each of this.live?.findings() ?? []) if (each.diagnostic.fixes) yield this.convert(each);
  }

  dispose(): void {
    this.disposed = true;
    this.settle(undefined);
    clearTimeout(this.lineTimer);
    clearTimeout(this.worldTimer);
  }
}

/** The gravest findings, in the order of the file. */
function worst(all: readonly Found[]): Found[] {
  const chosen = new Set<Found>();
  for (const severity of order) {
    for (const each of all) {
      if (chosen.size === mostShown - 1) break;
      if (each.diagnostic.severity === severity) chosen.add(each);
    }
  }
  return all.filter(each => chosen.has(each));
}

function notShown(count: number): FixableDiagnostic {
  return new FixableDiagnostic(
    new vscode.Range(0, 0, 0, 0),
    `${count.toLocaleString('en')} more findings are not listed. VS Code lists at most ${mostShown.toLocaleString('en')} of a file. Fix those that are listed, or all at once.`,
    vscode.DiagnosticSeverity.Information,
  );
}

/** Findings of lines that were judged again are told by what they say. */
function sameFindings(some: readonly Found[], others: readonly Found[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ line, diagnostic }, index) => {
      const other = others[index]!;
      if (line !== other.line) return false;
      return diagnostic === other.diagnostic || JSON.stringify(diagnostic) === JSON.stringify(other.diagnostic);
    })
  );
}

/** Tells the end of a generator that returns nothing from being stopped. */
function* finish(work: Generator): Generator<unknown, true> {
  yield* work;
  return true;
}
