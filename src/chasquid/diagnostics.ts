import type { Severity } from '../text/problem';
import { verbatim } from '../text/visible';
import type { Span } from './aliases/model';
import { printable } from './text';

export interface Edit extends Span {
  text: string;
}

/** A change that fixes a finding. */
export interface Fix {
  title: string;
  edits: Edit[];
  /** Keeps what was meant beyond doubt: may be applied to a whole file at once. */
  safe?: boolean;
}

/** Something to say about a file. Offsets are UTF-16 units of its text. */
export interface Diagnostic {
  /** Kebab-case, stable; explained in docs/diagnostics.md. */
  code: string;
  severity: Severity;
  /** One sentence what is wrong, one what chasquid does with it, one how to fix it. */
  message: string;
  range: Span;
  /** What that version of chasquid prints after its position. Present exactly where chasquid itself reports an error. */
  upstream?: string;
  fixes?: Fix[];
  /** Other places that matter. `path` is absent for the same file. */
  related?: { path?: string; range: Span; message: string }[];
  /** The place has no effect. */
  unused?: boolean;
}

/** Characters of the file that a message quotes, and of a message. */
const quoteLimit = 100;
const messageLimit = 900;

/** The message as it is shown: what it quotes of the file is shortened, and nothing in it is unseen. */
export function shownMessage(message: string): string {
  const [start = '', ...quotes] = printable(message).split('“');
  const shorter = quotes.map(quote => {
    const end = quote.indexOf('”');
    return `“${verbatim(quote.slice(0, Math.max(end, 0)), quoteLimit)}${quote.slice(Math.max(end, 0))}`;
  });
  return verbatim(start + shorter.join(''), messageLimit);
}

/** Moves a diagnostic, e.g. from its line's offsets to its file's. */
export function shift(diagnostic: Diagnostic, by: number): Diagnostic {
  const moved = <Place extends Span>(place: Place): Place => ({
    ...place,
    start: place.start + by,
    end: place.end + by,
  });
  return {
    ...diagnostic,
    range: moved(diagnostic.range),
    ...(diagnostic.fixes && { fixes: diagnostic.fixes.map(fix => ({ ...fix, edits: fix.edits.map(moved) })) }),
  };
}

/** The text after the edits, which must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }
  return result;
}
