import { parseAliasLine } from './line';
import type { AliasContext, AliasLine, LineError, Recipient } from './model';

/** An aliases file, line by line. Line numbers and offsets count from 0. */
export interface AliasFile {
  context: AliasContext;
  lines: AliasLine[];
  /** Where each line begins. */
  starts: number[];
}

/** Splits at line feeds only, as Go's `bufio.ScanLines`; one carriage return before it is part of the ending. */
export function parseAliases(text: string, context: AliasContext): AliasFile {
  const lines: AliasLine[] = [];
  const starts: number[] = [];
  for (let from = 0; from < text.length;) {
    const feed = text.indexOf('\n', from);
    const end = feed < 0 ? text.length : feed;
    starts.push(from);
    lines.push(parseAliasLine(text.slice(from, end), context));
    from = end + 1;
  }
  return { context, lines, starts };
}

/** The error for which chasquid refuses the file, with its line from 0; undefined when the file loads. */
export function loadError(file: AliasFile): (LineError & { line: number }) | undefined {
  for (const [line, parsed] of file.lines.entries()) {
    const error = parsed.kind === 'bad' || parsed.kind === 'entry' ? parsed.error : undefined;
    if (error && (file.context.features.strictAliases || error.code === 'alias-line-too-long'))
      return { ...error, line };
  }
  return undefined;
}

/** chasquid's own words for a load error, as `AddAliasesFile` gives them. `path` as chasquid names the file, quoted by it. */
export function loadErrorText(error: LineError & { line: number }, quotedPath: string, strict: boolean): string {
  if (error.code === 'alias-line-too-long')
    return `${strict ? '' : 'reading '}${quotedPath}${strict ? '' : ':'} ${error.upstream}`;
  return `${quotedPath} line ${error.line + 1}: ${error.upstream}`;
}

/** What the file contributes to chasquid's map of aliases: nothing when it does not load; of two equal keys the later one. */
export function aliasEntries(file: AliasFile): Map<string, Recipient[]> {
  const entries = new Map<string, Recipient[]>();
  if (loadError(file)) return entries;
  for (const line of file.lines) if (line.kind === 'entry' && line.recipients) entries.set(line.key, line.recipients);
  return entries;
}
