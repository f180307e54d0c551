import { isAssigned } from './unicode/classes';

/**
 * chasquid works on bytes, an editor on UTF-16. Here a text is a JavaScript string in which each byte that is not part of
 * valid UTF-8 stands as one lone surrogate U+DC80…U+DCFF (as Python's `surrogateescape` does): every text keeps its bytes.
 */
const escape = /[\udc80-\udcff]/u;
const escapes = /[\udc80-\udcff]/gu;

/** Reads bytes into a text; never fails. A byte order mark is kept. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeDamaged(bytes);
  }
}

function decodeDamaged(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    const point = length === 0 ? 0xdc00 + bytes[at]! : codePointAt(bytes, at, length);
    if (point < 0x10000) units[count++] = point;
    else {
      units[count++] = 0xd7c0 + (point >> 10);
      units[count++] = 0xdc00 + (point & 0x3ff);
    }
    at += length || 1;
  }
  // A decoder would replace the lone surrogates.
  return Buffer.from(units.buffer, 0, 2 * count).toString('utf16le');
}

/** What a valid sequence of that length stands for. */
function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  if (length === 1) return bytes[at]!;
  let point = bytes[at]! & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i]! & 0x3f);
  return point;
}

/** The length of the valid UTF-8 sequence at `at`, 0 when there is none (RFC 3629 §4). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return length;
}

/** The bytes that `decodeText` read. Other lone surrogates become U+FFFD. */
export function encodeText(text: string): Uint8Array {
  if (!hasEscapes(text)) return new TextEncoder().encode(text);
  const bytes = new Uint8Array(3 * text.length);
  let count = 0;
  for (const char of text) {
    let point = char.codePointAt(0)!;
    const length = encodedLength(point);
    if (length === 1) {
      bytes[count++] = point & 0xff;
      continue;
    }
    if (point >= 0xd800 && point < 0xe000) point = 0xfffd;
    bytes[count++] = ((0xf00 >> length) & 0xff) | (point >> (6 * (length - 1)));
    for (let left = length - 2; left >= 0; left--) bytes[count++] = 0x80 | ((point >> (6 * left)) & 0x3f);
  }
  return bytes.subarray(0, count);
}

/** How many bytes `encodeText` makes of a code point. */
export function encodedLength(point: number): number {
  if (point < 0x80 || (point >= 0xdc80 && point < 0xdd00)) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

/** Whether the text holds bytes that are not UTF-8. */
export function hasEscapes(text: string): boolean {
  return escape.test(text);
}

/** The text with each stray byte shown as U+FFFD: for messages and JSON. */
export function printable(text: string): string {
  return text.replace(escapes, '\ufffd');
}

/** Length in bytes. */
export function byteLength(text: string): number {
  const length = Buffer.byteLength(text);
  return hasEscapes(text) ? length - 2 * text.match(escapes)!.length : length;
}

/** Whether a UTF-16 unit is white space for Go's `unicode.IsSpace` (U+FEFF is not, U+0085 is). */
export function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 9 && unit <= 13);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return (
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}

export function skipSpace(text: string, from: number, to: number): number {
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  return from;
}

export function dropSpace(text: string, from: number, to: number): number {
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return to;
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const start = skipSpace(text, 0, text.length);
  return text.slice(start, dropSpace(text, start, text.length));
}

const shortEscapes: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** Go's `strconv.Quote` (`%q`), with Unicode 13's idea of what is printable. */
export function goQuote(text: string): string {
  if (/^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (shortEscapes[char]) quoted += shortEscapes[char];
    else if (code >= 0xdc80 && code <= 0xdcff) quoted += `\\x${(code - 0xdc00).toString(16)}`;
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (isPrintable(char, code)) quoted += char;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, '0')}`;
    else quoted += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `${quoted}"`;
}

/** Go's `%q` of a character. */
export function goQuoteRune(char: string): string {
  const quoted = goQuote(char).slice(1, -1);
  return `'${quoted === '\\"' ? '"' : quoted === "'" ? "\\'" : quoted}'`;
}

function isPrintable(char: string, code: number): boolean {
  return code < 0x7f || (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(char) && isAssigned(code));
}
