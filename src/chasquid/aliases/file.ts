import { splitAddress } from '../normalize';
import { AliasIndex, type FileError } from './aliasIndex';
import { parseAliasLine } from './line';
import type { AliasContext, AliasLine, Entry, LineError, Recipient } from './model';
import { hashOf, PlainReader } from './plain';

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
 * An aliases file. Lines are read again each time they are asked for: that costs less than keeping 100,000 of them. Line
 * numbers and offsets count from 0.
 */
export class AliasFile implements LineSource {
  private readonly starts: number[] = [];
  private readonly reader: PlainReader;
  /** What the lines contribute that are not plain. */
  private readonly others = new Map<number, Entry | undefined>();
  private index: AliasIndex | undefined;

  constructor(
    readonly text: string,
    readonly context: AliasContext,
  ) {
    this.reader = new PlainReader(context);
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
    return this.known(line);
  }

  /** The same while the file is being put together, for the lines that have been read. */
  private known(line: number): Entry | undefined {
    return this.others.has(line)
      ? this.others.get(line)
      : this.reader.read(this.text, this.starts[line]!, this.end(line));
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
    const index = new AliasIndex(this.context.domain, this.starts.length, line => this.known(line));
    for (let line = 0; line < this.starts.length; line++) {
      if (line % stride === 0) yield;
      const hash = this.reader.scan(this.text, this.starts[line]!, this.end(line));
      if (hash !== undefined) {
        index.add(hash, line);
        continue;
      }
      const parsed = this.line(line);
      const entry = entryOf(parsed);
      this.others.set(line, entry);
      const error = parsed.kind === 'bad' || parsed.kind === 'entry' ? parsed.error : undefined;
      if (error && !index.error && isFatal(error, this.context)) index.error = { ...error, line };
      if (entry) index.add(hashOf(entry.user), line);
    }
    this.index = index;
  }
}

/** What a line contributes that has been read in full. */
export function entryOf(line: AliasLine): Entry | undefined {
  if (line.kind !== 'entry' || !line.recipients) return undefined;
  return { user: splitAddress(line.key)[0], recipients: line.recipients, plain: false };
}

function isFatal(error: LineError, { version }: AliasContext): boolean {
  return version.features.strictAliases || error.code === 'alias-line-too-long';
}

/** What the file contributes to chasquid's map of aliases: nothing when it does not load. */
export function aliasEntries(file: AliasFile): Map<string, Recipient[]> {
  return file.entries.error ? new Map<string, Recipient[]>() : file.entries.recipients;
}

/** chasquid's own words for a load error, as `AddAliasesFile` gives them. `quotedPath`: the file's path as `%q` shows it. */
export function loadErrorText(error: FileError, quotedPath: string, strict: boolean): string {
  if (error.code === 'alias-line-too-long')
    return strict ? `${quotedPath} ${error.upstream}` : `reading ${quotedPath}: ${error.upstream}`;
  return `${quotedPath} line ${error.line + 1}: ${error.upstream}`;
}
