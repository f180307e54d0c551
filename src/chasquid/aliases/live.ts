import type { Diagnostic } from '../diagnostics';
import { checkLine } from './checkLine';
import { type CheckWorld, WorldChecks } from './checkWorld';
import { AliasIndex } from './aliasIndex';
import { entryOf, type LineSource, stride } from './file';
import { parseAliasLine } from './line';
import type { AliasContext, AliasLine, Entry } from './model';
import { hashOf, PlainReader } from './plain';

/**
 * An aliases file while it is edited: a change costs what the changed lines cost. What needs the whole file is a generator
 * that can be left off after every few lines.
 */
export class LiveAliases implements LineSource {
  private texts: string[] = [];
  private read: (Entry | undefined)[] = [];
  private own: (Diagnostic[] | undefined)[] = [];
  private shared = new Map<number, Diagnostic[]>();
  private starts: number[] | undefined;
  /** The first line that is still to be read. */
  private unread = 0;
  private readonly reader: PlainReader;
  entries: AliasIndex;

  constructor(readonly context: AliasContext) {
    this.reader = new PlainReader(context);
    this.entries = new AliasIndex(context.domain, 0, () => undefined);
  }

  get lineCount(): number {
    return this.texts.length;
  }

  lineText(line: number): string {
    return this.texts[line]!;
  }

  line(line: number): AliasLine {
    return parseAliasLine(this.texts[line]!, this.context);
  }

  entry(line: number): Entry | undefined {
    return this.read[line];
  }

  start(line: number): number {
    if (!this.starts) {
      let at = 0;
      this.starts = this.texts.map(text => (at += text.length + 1) - text.length - 1);
      this.starts.push(at);
    }
    return this.starts[Math.min(line, this.texts.length)]!;
  }

  /** Reads the whole text. `lines` are without their line feeds; they may be changed while this is left off. */
  *load(lines: readonly string[]): Generator<void> {
    this.texts = [...lines];
    this.read = new Array<undefined>(lines.length).fill(undefined);
    this.own = new Array<undefined>(lines.length).fill(undefined);
    this.shared = new Map();
    this.starts = undefined;
    for (this.unread = 0; this.unread < this.texts.length; this.unread++) {
      if (this.unread % stride === 0) yield;
      // A change may have taken the last lines away.
      if (this.unread < this.texts.length) this.readLine(this.unread);
    }
  }

  /** Replaces the lines from `first` to `last` (inclusive) and reads the new ones. */
  change(first: number, last: number, lines: readonly string[]): void {
    const count = last - first + 1;
    const empty = lines.map(() => undefined);
    this.texts.splice(first, count, ...lines);
    this.read.splice(first, count, ...empty);
    this.own.splice(first, count, ...empty);
    this.starts = undefined;
    for (let line = first; line < first + lines.length; line++) this.readLine(line);
    if (this.unread > last) this.unread += lines.length - count;
    else if (this.unread > first) this.unread = first;
    if (lines.length === count) for (let line = first; line <= last; line++) this.shared.delete(line);
    else this.moveShared(first, last, lines.length - count);
  }

  private moveShared(first: number, last: number, by: number): void {
    const moved = new Map<number, Diagnostic[]>();
    for (const [line, found] of this.shared)
      if (line < first || line > last) moved.set(line > last ? line + by : line, found);
    this.shared = moved;
  }

  private readLine(line: number): void {
    const text = this.texts[line]!;
    const plain = this.reader.read(text, 0, text.length);
    this.own[line] = undefined;
    this.read[line] = plain;
    if (plain) return;
    const parsed = parseAliasLine(text, this.context);
    this.read[line] = entryOf(parsed);
    const found = checkLine(text, parsed, this.context);
    if (found.length > 0) this.own[line] = found;
  }

  /** Puts the lines together to the file's map of aliases. */
  *collect(): Generator<void, AliasIndex> {
    const read = this.read.slice();
    const index = new AliasIndex(this.context.domain, read.length, line => read[line]);
    for (let line = 0; line < read.length; line++) {
      if (line % stride === 0) yield;
      const entry = read[line];
      if (entry) index.add(hashOf(entry.user), line);
    }
    return (this.entries = index);
  }

  /** Finds what needs the whole server. The findings stand when it has run to its end. */
  *judge(world: CheckWorld): Generator<void> {
    const shared = new Map<number, Diagnostic[]>();
    const checks = new WorldChecks(this, world);
    const free: Diagnostic[] = [];
    for (let line = 0; line < this.texts.length; line++) {
      if (line % stride === 0) yield;
      const own = this.own[line];
      // Most lines have none: one array serves them all until something is found.
      const found = own ? [...own] : free;
      checks.line(line, this.read[line], found);
      const added = found.length - (own?.length ?? 0);
      if (added > 0) shared.set(line, found.slice(-added));
      free.length = 0;
    }
    this.shared = shared;
  }

  /** All findings known now, with the line each belongs to. */
  *findings(): Generator<{ line: number; diagnostic: Diagnostic }> {
    for (let line = 0; line < this.texts.length; line++) {
      for (const diagnostic of this.own[line] ?? []) yield { line, diagnostic };
      for (const diagnostic of this.shared.get(line) ?? []) yield { line, diagnostic };
    }
  }
}
