import { goQuote } from '../text';
import { textOf } from './source';

const simple: Record<string, string> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '?': '?',
  a: '\x07',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  f: '\f',
};

type Literal = { value: string; end: number; error?: undefined } | { error: string };

const ended: Literal = { error: 'unexpected EOF' };

/** One quoted literal at `start` as protobuf-go's `parseString` reads it: its bytes, one character each, or its error text. */
export function scanString(bytes: string, start: number): Literal {
  const quote = bytes[start]!;
  let value = '';
  for (let at = start + 1; at < bytes.length;) {
    const char = bytes[at]!;
    if (char === quote) return { value, end: at + 1 };
    if (char === '\n' || char === '\0')
      return { error: `invalid character '${char === '\n' ? '\\n' : '\\x00'}' in string` };
    if (char === '\\') {
      const escape = scanEscape(bytes, at);
      if ('error' in escape) return escape;
      value += escape.value;
      at = escape.end;
      continue;
    }
    const length = char < '\x80' ? 1 : characterLength(bytes, at);
    if (length === 0) return { error: 'invalid UTF-8 detected' };
    value += bytes.slice(at, at + length);
    at += length;
  }
  return ended;
}

/** The length in bytes of the UTF-8 character at `at`; 0 when it is damaged. */
function characterLength(bytes: string, at: number): number {
  const text = textOf(bytes.slice(at, at + 4));
  const first = text.codePointAt(0)!;
  return first >= 0xdc80 && first <= 0xdcff ? 0 : Buffer.byteLength(String.fromCodePoint(first));
}

function scanEscape(bytes: string, at: number): Literal {
  const letter = bytes[at + 1];
  if (letter === undefined) return ended;
  if (simple[letter] !== undefined) return { value: simple[letter], end: at + 2 };
  if (/[0-7]/.test(letter)) return scanByte(bytes, at, at + 1, /[0-7]{1,3}/y, 8, 'octal');
  if (letter === 'x') return scanByte(bytes, at, at + 2, /[0-9a-fA-F]{0,2}/y, 16, 'hex');
  if (letter === 'u' || letter === 'U') return scanCodePoint(bytes, at, letter === 'u' ? 6 : 10);
  return wrong('', bytes, at, 2);
}

function scanByte(bytes: string, at: number, from: number, pattern: RegExp, base: number, name: string): Literal {
  pattern.lastIndex = from;
  const digits = pattern.exec(bytes)![0];
  const value = parseInt(digits, base);
  if (!(value <= 255)) return wrong(`${name} `, bytes, at, from - at + digits.length);
  return { value: String.fromCharCode(value), end: from + digits.length };
}

/** `\uXXXX` and `\UXXXXXXXX`; a surrogate wants its other half as a second `\u`. */
function scanCodePoint(bytes: string, at: number, length: number): Literal {
  if (at + length > bytes.length) return ended;
  const digits = bytes.slice(at + 2, at + length);
  const value = /^[0-9a-fA-F]+$/.test(digits) ? parseInt(digits, 16) : Infinity;
  if (value > 0x10ffff) return wrong('Unicode ', bytes, at, length);
  const end = at + length;
  if (value < 0xd800 || value > 0xdfff) return { value: utf8(String.fromCodePoint(value)), end };
  if (end + 6 > bytes.length) return ended;
  const second = /^\\u([0-9a-fA-F]{4})$/.exec(bytes.slice(end, end + 6));
  const low = second ? parseInt(second[1]!, 16) : 0;
  if (value > 0xdbff || low < 0xdc00 || low > 0xdfff) return wrong('Unicode ', bytes, end, 6);
  return { value: utf8(String.fromCharCode(value, low)), end: end + 6 };
}

function utf8(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function wrong(name: string, bytes: string, at: number, length: number): Literal {
  const shown = goQuote(textOf(bytes.slice(at, at + length)));
  return { error: `invalid ${name}escape code ${shown} in string` };
}
