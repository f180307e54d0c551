import type { Diagnostic } from '../diagnostics';
import { checkLine } from './checkLine';
import { type CheckWorld, WorldChecks } from './checkWorld';
import type { AliasIndex, LineSource } from './file';
import { parseAliasLine } from './line';
import type { AliasContext, AliasLine, Recipient } from './model';

/**
 * An aliases file while it is edited: a change costs what the changed lines cost. What needs the whole file is a generator
 * that can be left off between any two lines.
 */
export class LiveAliases implements LineSource {
  private texts: string[] = [];
  private keys: (string | undefined)[] = [];
  private recipients: (readonly Recipient[] | undefined)[] = [];
  private own: (Diagnostic[] | undefined)[] = [];
  private shared = new Map<number, Diagnostic[]>();
  private starts: number[] | undefined;
  entries: AliasIndex = { recipients: new Map(), lines: new Map() };

  constructor(
    readonly context: AliasContext,
    readonly version: string,
  ) {}

  get lineCount(): number {
    return this.texts.length;
  }

  lineText(line: number): string {
    return this.texts[line]!;
  }

  line(line: number): AliasLine {
    return parseAliasLine(this.texts[line]!, this.context);
  }

  start(line: number): number {
    if (!this.starts) {
      let at = 0;
      this.starts = this.texts.map(text => (at += text.length + 1) - text.length - 1);
      this.starts.push(at);
    }
    return this.starts[Math.min(line, this.texts.length)]!;
  }

  /** Reads the whole text; yields after each line. `lines` are without their line feeds. */
  *load(lines: readonly string[]): Generator<void> {
    this.texts = [...lines];
    this.keys = new Array<undefined>(lines.length);
    this.recipients = new Array<undefined>(lines.length);
    this.own = new Array<undefined>(lines.length);
    this.starts = undefined;
    for (let line = 0; line < lines.length; line++) {
      this.read(line);
      yield;
    }
  }

  /** Replaces the lines from `first` to `last` (inclusive) and reads the new ones. */
  change(first: number, last: number, lines: readonly string[]): void {
    const count = last - first + 1;
    const empty = lines.map(() => undefined);
    this.texts.splice(first, count, ...lines);
    this.keys.splice(first, count, ...empty);
    this.recipients.splice(first, count, ...empty);
    this.own.splice(first, count, ...empty);
    this.starts = undefined;
    for (let line = first; line < first + lines.length; line++) this.read(line);
    if (lines.length === count) for (let line = first; line <= last; line++) this.shared.delete(line);
    else this.moveShared(first, last, lines.length - count);
  }

  private moveShared(first: number, last: number, by: number): void {
    const moved = new Map<number, Diagnostic[]>();
    for (const [line, found] of this.shared)
      if (line < first || line > last) moved.set(line > last ? line + by : line, found);
    this.shared = moved;
  }

  private read(line: number): void {
    const text = this.texts[line]!;
    const parsed = parseAliasLine(text, this.context);
    const entry = parsed.kind === 'entry' && parsed.recipients ? parsed : undefined;
    this.keys[line] = entry?.key;
    this.recipients[line] = entry?.recipients;
    const found = checkLine(text, parsed, this.context, this.version);
    this.own[line] = found.length > 0 ? found : undefined;
  }

  /** Puts the lines together to the file's map of aliases; yields after each line. */
  *collect(): Generator<void, AliasIndex> {
    const index: AliasIndex = { recipients: new Map(), lines: new Map() };
    for (let line = 0; line < this.texts.length; line++) {
      const key = this.keys[line];
      if (key !== undefined) {
        index.recipients.set(key, this.recipients[line] as Recipient[]);
        index.lines.set(key, line);
      }
      yield;
    }
    return (this.entries = index);
  }

  /** Finds what needs the whole server; yields after each line. The findings stand when it has run to its end. */
  *judge(world: CheckWorld): Generator<void> {
    const shared = new Map<number, Diagnostic[]>();
    const checks = new WorldChecks(this, world);
    for (let line = 0; line < this.texts.length; line++) {
      if (this.keys[line] !== undefined || line === 0) {
        const found = checks.line(line, this.line(line));
        if (found.length > 0) shared.set(line, found);
      }
      yield;
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
