import { parseAliasLine } from './line';
import type { AliasContext, AliasLine, Entry, LineError, Recipient } from './model';
import { PlainReader } from './plain';

/** The lines of an aliases file, however they are kept. Numbers and offsets count from 0. */
export interface LineSource {
  readonly context: AliasContext;
  readonly lineCount: number;
  readonly entries: AliasIndex;
  /** Where the line begins; for the line after the last one the end of the text. */
  start(line: number): number;
  /** The line's text without its line feed; a carriage return stays. */
  lineText(line: number): string;
  line(line: number): AliasLine;
  /** What the line contributes; undefined when it contributes nothing. */
  entry(line: number): Entry | undefined;
}

/** How many lines are read between two chances to leave off. */
export const stride = 16;

/**
 * An aliases file. Lines are read anew each time their parts' places are asked for: that costs less than keeping 100,000 of
 * them. Line numbers and offsets count from 0.
 */
export class AliasFile implements LineSource {
  private readonly starts: number[] = [];
  private readonly read: (Entry | undefined)[] = [];
  private index: AliasIndex | undefined;

  constructor(
    readonly text: string,
    readonly context: AliasContext,
  ) {
    // Only line feeds end lines, as for Go's `bufio.ScanLines`; what follows the last one is a line if it is not empty.
    for (let at = 0; at < text.length;) {
      this.starts.push(at);
      const feed = text.indexOf('\n', at);
      at = feed < 0 ? text.length : feed + 1;
    }
  }

  get lineCount(): number {
    return this.starts.length;
  }

  start(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  lineText(line: number): string {
    return this.text.slice(this.starts[line], this.end(line));
  }

  private end(line: number): number {
    const end = this.start(line + 1);
    return this.text.charCodeAt(end - 1) === 0x0a ? end - 1 : end;
  }

  line(line: number): AliasLine {
    return parseAliasLine(this.lineText(line), this.context);
  }

  entry(line: number): Entry | undefined {
    if (!this.index) this.finish();
    return this.read[line];
  }

  /** The lines that count by themselves, whether or not chasquid takes the file as a whole. */
  get entries(): AliasIndex {
    return this.index ?? this.finish();
  }

  private finish(): AliasIndex {
    for (const work = this.putTogether(); !work.next().done;);
    return this.index!;
  }

  /** Reads all lines; can be left off after every few of them. */
  *putTogether(): Generator<void> {
    if (this.index) return;
    const reader = new PlainReader(this.context);
    const index = new AliasIndex(this.read);
    for (let line = 0; line < this.starts.length; line++) {
      if (line % stride === 0) yield;
      let entry = reader.read(this.text, this.starts[line]!, this.end(line));
      if (!entry) {
        const parsed = this.line(line);
        if (parsed.kind === 'blank' || parsed.kind === 'comment') continue;
        if (parsed.error && !index.error && isFatal(parsed.error, this.context))
          index.error = { ...parsed.error, line };
        entry = entryOf(parsed);
      }
      this.read[line] = entry;
      if (entry) index.add(entry.key, line);
    }
    this.index = index;
  }
}

/** What a line contributes that has been read in full. */
export function entryOf(line: AliasLine): Entry | undefined {
  if (line.kind !== 'entry' || !line.recipients) return undefined;
  return { key: line.key, recipients: line.recipients, plain: false };
}

export type FileError = LineError & { line: number };

/** What an aliases file says, by key; of two lines with the same key the later one. */
export class AliasIndex {
  /** The line that counts for a key. */
  readonly lines = new Map<string, number>();
  /** Keys that have several lines. */
  readonly repeated = new Set<string>();
  /** Why chasquid refuses the file as a whole. */
  error?: FileError;
  private all: Map<string, Recipient[]> | undefined;

  /** @param entries what each line contributes. */
  constructor(private readonly entries: readonly (Entry | undefined)[]) {}

  add(key: string, line: number): void {
    const { size } = this.lines;
    this.lines.set(key, line);
    if (this.lines.size === size) this.repeated.add(key);
  }

  get(key: string): Recipient[] | undefined {
    const line = this.lines.get(key);
    return line === undefined ? undefined : this.entries[line]?.recipients;
  }

  has(key: string): boolean {
    return this.lines.has(key);
  }

  keys(): Iterable<string> {
    return this.lines.keys();
  }

  /** Everything at once. */
  get recipients(): Map<string, Recipient[]> {
    return (this.all ??= new Map([...this.lines].map(([key, line]) => [key, this.entries[line]!.recipients])));
  }
}

/** Answers by key, without holding all that could be asked. */
export type AliasMap = Pick<AliasIndex, 'get' | 'has' | 'keys'>;

function isFatal(error: LineError, { features }: AliasContext): boolean {
  return features.strictAliases || error.code === 'alias-line-too-long';
}

/** What the file contributes to chasquid's map of aliases: nothing when it does not load. */
export function aliasEntries(file: AliasFile): Map<string, Recipient[]> {
  return file.entries.error ? new Map() : file.entries.recipients;
}

/** chasquid's own words for a load error, as `AddAliasesFile` gives them. `quotedPath`: the file's path as `%q` shows it. */
export function loadErrorText(error: FileError, quotedPath: string, strict: boolean): string {
  if (error.code === 'alias-line-too-long')
    return strict ? `${quotedPath} ${error.upstream}` : `reading ${quotedPath}: ${error.upstream}`;
  return `${quotedPath} line ${error.line + 1}: ${error.upstream}`;
}
