import { parseAliasLine } from './line';
import type { AliasContext, AliasLine, LineError, Recipient } from './model';

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
}

/**
 * An aliases file. Lines are read anew each time they are asked for: that costs less than keeping 100,000 of them.
 * Line numbers and offsets count from 0.
 */
export class AliasFile implements LineSource {
  private readonly starts: number[] = [];
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

  /** Where the line begins; for the line after the last one the end of the text. */
  start(line: number): number {
    return this.starts[line] ?? this.text.length;
  }

  /** The line's text without its line feed; a carriage return stays. */
  lineText(line: number): string {
    const end = this.start(line + 1);
    return this.text.slice(this.starts[line], this.text.charCodeAt(end - 1) === 0x0a ? end - 1 : end);
  }

  line(line: number): AliasLine {
    return parseAliasLine(this.lineText(line), this.context);
  }

  /** The lines that count by themselves, whether or not chasquid takes the file as a whole. */
  get entries(): AliasIndex {
    if (this.index) return this.index;
    const recipients = new Map<string, Recipient[]>();
    const lines = new Map<string, number>();
    let error: FileError | undefined;
    for (let index = 0; index < this.lineCount; index++) {
      const line = this.line(index);
      if (line.kind === 'blank' || line.kind === 'comment') continue;
      if (line.error && !error && isFatal(line.error, this.context)) error = { ...line.error, line: index };
      if (line.kind !== 'entry' || !line.recipients) continue;
      recipients.set(line.key, line.recipients);
      lines.set(line.key, index);
    }
    return (this.index = { recipients, lines, ...(error && { error }) });
  }
}

export type FileError = LineError & { line: number };

/** What an aliases file says, by key; of two lines with the same key the later one. */
export interface AliasIndex {
  recipients: Map<string, Recipient[]>;
  /** The line that counts for a key. */
  lines: Map<string, number>;
  /** Why chasquid refuses the file as a whole. */
  error?: FileError;
}

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
