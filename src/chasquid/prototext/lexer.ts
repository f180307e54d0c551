import { goQuoteRune } from '../text';
import { type NumberKind, scanNumber } from './number';
import { textOf } from './source';
import { scanString } from './string';

/** Byte offsets, end exclusive. */
export interface Bytes {
  start: number;
  end: number;
}

export type Token = Bytes &
  (
    | { kind: 'end' | '{' | '}' | '[' | ']' | ',' | ';' }
    /** `separated`: a `:` follows. */
    | { kind: 'name'; form: 'identifier' | 'type' | 'number'; separated: boolean }
    /** `value`: of a string its bytes, one character each; of a number its digits. `parts`: the literals of a string. */
    | { kind: 'scalar'; form: 'string' | 'literal' | NumberKind; value: string; parts?: Bytes[] }
  );

/** Why the decoder stopped, in protobuf-go's words after the position; without a position for the unexpected end. */
export class ProtoFailure {
  constructor(
    readonly upstream: string,
    readonly at?: number,
    readonly syntax = true,
  ) {}
}

export const unexpectedEnd = 'unexpected EOF';

/**
 * protobuf-go's `internal/encoding/text.Decoder` (v1.28): tokens of the text format, where what may come next depends on
 * what came before. Throws `ProtoFailure` only.
 */
export class Lexer {
  at: number;
  private last: Token['kind'] | 'begin' = 'begin';
  private readonly open: ('{' | '<' | '[')[] = [];
  private peeked: Token | undefined;

  constructor(
    readonly bytes: string,
    start = 0,
  ) {
    this.at = skipBlank(bytes, start);
  }

  peek(): Token {
    return (this.peeked ??= this.next());
  }

  read(): Token {
    const token = this.peeked ?? this.next();
    this.peeked = undefined;
    return token;
  }

  /** The token as protobuf-go shows it: a string goes on to the next token, with the white space and comments behind it. */
  raw(token: Bytes & { parts?: Bytes[] }): string {
    return textOf(this.bytes.slice(token.start, token.parts ? skipBlank(this.bytes, token.end) : token.end));
  }

  private next(): Token {
    let token = this.parseNext();
    if (token.kind === ',' || token.kind === ';') {
      this.last = token.kind;
      token = this.parseNext();
    }
    this.last = token.kind;
    return token;
  }

  private parseNext(): Token {
    const char = this.bytes[this.at];
    const open = this.open.at(-1);
    if (this.last === 'end') return this.take('end', 0);
    if (char === undefined) {
      if (this.last === 'name' || open) throw new ProtoFailure(unexpectedEnd);
      return this.take('end', 0);
    }
    if (this.last === 'name') {
      if (char === '{' || char === '<' || char === '[') return this.opening(char);
      return this.scalar();
    }
    if (open === '[') return this.inList(char);
    return this.inMessage(char, open);
  }

  private inList(char: string): Token {
    const fresh = this.last === '[' || this.last === ',';
    if (char === ']' && this.last !== ',') return this.closing(']');
    if (!fresh) {
      if (char === ',') return this.take(',', 1);
      throw this.failure(`unexpected character ${goQuoteRune(char)}`);
    }
    return char === '{' || char === '<' ? this.opening(char) : this.scalar();
  }

  private inMessage(char: string, open: '{' | '<' | '[' | undefined): Token {
    if (open) {
      const close = open === '{' ? '}' : '>';
      if (char === close) return this.closing('}');
      if (char === '}' || char === '>') throw this.failure(`mismatched close character ${goQuoteRune(char)}`);
    }
    const afterValue = this.last === 'scalar' || this.last === '}' || this.last === ']';
    if (afterValue && (char === ',' || char === ';')) return this.take(char, 1);
    return this.name();
  }

  private opening(char: '{' | '<' | '['): Token {
    this.open.push(char);
    return this.take(char === '[' ? '[' : '{', 1);
  }

  private closing(kind: '}' | ']'): Token {
    this.open.pop();
    return this.take(kind, 1);
  }

  private name(): Token {
    const token = this.bareName();
    if (this.bytes[this.at] === ':') {
      this.at = skipBlank(this.bytes, this.at + 1);
      token.separated = true;
    }
    return token;
  }

  private bareName(): Token & { kind: 'name' } {
    const name = (form: 'identifier' | 'type' | 'number', length: number) => {
      const token = { kind: 'name' as const, form, separated: false, start: this.at, end: this.at + length };
      this.at = skipBlank(this.bytes, token.end);
      return token;
    };
    if (this.bytes[this.at] === '[') return name('type', this.typeNameLength());
    const identifier = matchAt(/[A-Za-z_]\w*(?![-+.\w])/y, this.bytes, this.at);
    if (identifier) return name('identifier', identifier.length);
    const number = scanNumber(this.bytes, this.at);
    if (number) {
      const digits = this.bytes.slice(this.at, this.at + number.length);
      if (number.kind === 'decimal' && !digits.startsWith('-') && Number(digits) < 2 ** 31)
        return name('number', digits.length);
      throw this.failure(`invalid field number: ${digits}`);
    }
    throw this.failure(`invalid field name: ${errorText(this.bytes, this.at)}`);
  }

  /** The length of `[a.b/c]`; white space and comments may stand between its parts. */
  private typeNameLength(): number {
    const word = /[-\w]*/y;
    let at = skipBlank(this.bytes, this.at + 1);
    if (at >= this.bytes.length) throw new ProtoFailure(unexpectedEnd);
    const wrong = (end: number) =>
      this.failure(
        `invalid type URL/extension field name: ${this.raw({ start: this.at, end: Math.min(end, this.bytes.length) })}`,
      );
    let name = matchAt(word, this.bytes, at)!;
    at = skipBlank(this.bytes, at + name.length);
    for (;;) {
      const char = this.bytes[at];
      if (char === undefined) throw new ProtoFailure(unexpectedEnd);
      if (char === ']') break;
      if ((char !== '/' && char !== '.') || /[./]$/.test(name)) throw wrong(at + 1);
      at = skipBlank(this.bytes, at + 1);
      const part = matchAt(word, this.bytes, at)!;
      name += char + part;
      at = skipBlank(this.bytes, at + part.length);
    }
    at++;
    if (name === '' || name.startsWith('.') || /[./]$/.test(name)) throw wrong(at);
    return at - this.at;
  }

  private scalar(): Token {
    const start = this.at;
    const first = this.bytes[start]!;
    if (first === '"' || first === "'") return this.string();
    const literal = matchAt(/-?[A-Za-z_]\w*(?![-+.\w])/y, this.bytes, start);
    if (literal) return this.value('literal', literal.length, literal);
    const number = scanNumber(this.bytes, start);
    if (!number) throw this.failure(`invalid scalar value: ${errorText(this.bytes, start)}`);
    const digits = this.bytes.slice(start, start + number.length);
    return this.value(number.kind, number.length, number.kind === 'float' ? digits.replace(/[fF]$/, '') : digits);
  }

  private value(form: 'literal' | NumberKind, length: number, value: string): Token {
    const token: Token = { kind: 'scalar', form, value, start: this.at, end: this.at + length };
    this.at = skipBlank(this.bytes, token.end);
    return token;
  }

  /** Adjacent literals are one string, also across lines and comments. */
  private string(): Token {
    const start = this.at;
    const parts: Bytes[] = [];
    let value = '';
    while (this.bytes[this.at] === '"' || this.bytes[this.at] === "'") {
      const literal = scanString(this.bytes, this.at);
      if (literal.error !== undefined)
        throw literal.error === unexpectedEnd ? new ProtoFailure(unexpectedEnd) : this.failure(literal.error);
      value += literal.value;
      parts.push({ start: this.at, end: literal.end });
      this.at = skipBlank(this.bytes, literal.end);
    }
    return { kind: 'scalar', form: 'string', value, parts, start, end: parts.at(-1)!.end };
  }

  private take(kind: 'end' | '{' | '}' | '[' | ']' | ',' | ';', length: number): Token {
    const start = this.at;
    this.at = skipBlank(this.bytes, start + length);
    return { kind, start, end: start + length };
  }

  private failure(upstream: string): ProtoFailure {
    return new ProtoFailure(upstream, this.at);
  }
}

/** White space is space, tab, CR and LF; a comment runs from `#` to the end of the line. */
export function skipBlank(bytes: string, at: number): number {
  for (;;) {
    const char = bytes[at];
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') at++;
    else if (char === '#') {
      const feed = bytes.indexOf('\n', at);
      at = feed < 0 ? bytes.length : feed + 1;
    } else return at;
  }
}

function matchAt(pattern: RegExp, bytes: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(bytes)?.[0];
}

/** What protobuf-go shows of text that is no name or value (`errId`): up to a delimiter, at most 33 bytes. */
function errorText(bytes: string, at: number): string {
  for (let length = 0; at + length < bytes.length; length++) {
    if (length > 32) return `${bytes.slice(at, at + length)}…`;
    if (!/[-+._/A-Za-z0-9]/.test(bytes[at + length]!))
      return length > 0 ? bytes.slice(at, at + length) : firstCharacter(bytes, at);
  }
  return bytes.slice(at);
}

function firstCharacter(bytes: string, at: number): string {
  const text = textOf(bytes.slice(at, at + 4));
  return String.fromCodePoint(text.codePointAt(0)!);
}
