import type { Version } from '../versions';

/** Where something stands: UTF-16 offsets, end exclusive. Inside a parsed line they count from the line's start. */
export interface Span {
  start: number;
  end: number;
}

/** Who finally gets the mail (chasquid's `aliases.Recipient`). For a pipe `address` is the command. */
export interface Recipient {
  type: 'email' | 'pipe' | 'forward';
  address: string;
  /** The servers of a forward. */
  via?: string[];
}

/** What reading a line depends on besides the line. */
export interface AliasContext {
  /** The domain as `normalizeDomain` gives it. */
  domain: string;
  version: Version;
  suffixSeparators: string;
  dropCharacters: string;
}

/** Something chasquid ≥ 1.16 refuses. `upstream` is its own text after `line N: `. */
export interface LineError extends Span {
  code:
    | 'alias-missing-colon'
    | 'alias-missing-side'
    | 'alias-left-at'
    | 'alias-pipe-empty'
    | 'alias-via-empty'
    | 'alias-address-refused'
    | 'alias-line-too-long';
  upstream: string;
}

/** One element of the list on the right side. */
export interface Target extends Span {
  /** Where the address part ends, which begins the element: at its end unless there is a `via`. */
  addressEnd: number;
  /** The servers behind `via`. */
  via?: Span[];
  /** Absent when chasquid refuses the element or takes nothing from it. */
  recipient?: Recipient;
  error?: LineError;
}

export interface BlankLine {
  kind: 'blank';
}
export interface CommentLine extends Span {
  kind: 'comment';
}
/** A line from which chasquid takes nothing, whatever its version. */
export interface BadLine extends Span {
  kind: 'bad';
  left?: Span;
  right?: Span;
  error: LineError;
}
/** A line that names a left side and a right side. */
export interface EntryLine extends Span {
  kind: 'entry';
  left: Span;
  colon: number;
  right: Span;
  /** What chasquid files the entry under: `user@domain`, normalised. */
  key: string;
  /** Why the left side could not be normalised, in Go's words; chasquid ignores it and the key can never match. */
  keyError?: string;
  /** The command's place when the right side is a pipe. */
  pipe?: Span;
  targets: Target[];
  /** What the entry stands for. Undefined when the whole line is an error in this version. */
  recipients?: Recipient[];
  /** The first error of the line. */
  error?: LineError;
}
export type AliasLine = BlankLine | CommentLine | BadLine | EntryLine;

/** What a line contributes to an aliases file. */
export interface Entry {
  /** The key's part before the domain, which is the file's. */
  user: string;
  recipients: Recipient[];
  /** The line is spelt so that nothing can be said about it by itself. */
  plain: boolean;
}
