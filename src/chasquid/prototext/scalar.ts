import { hasEscapes } from '../text';
import type { Token } from './lexer';
import type { ScalarKind } from './schema';
import { textOf } from './source';

/** Integers as bigint; a string as text, `bytes` as one character per byte. */
export type ScalarValue = string | boolean | bigint;

const literals: Record<string, boolean> = { t: true, true: true, True: true, f: false, false: false, False: false };

const ranges: Partial<Record<ScalarKind, [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** A token as a value of the kind (protobuf-go's `Token.Bool`, `Int64`, `String`, …). Without value and error: the wrong type. */
export function readScalar(
  kind: ScalarKind,
  token: Token & { kind: 'scalar' },
): { value: ScalarValue; error?: undefined } | { value?: undefined; error?: string } {
  if (kind === 'bytes' || kind === 'string') {
    if (token.form !== 'string') return {};
    if (kind === 'bytes') return { value: token.value };
    const text = textOf(token.value);
    return hasEscapes(text) ? { error: 'contains invalid UTF-8' } : { value: text };
  }
  if (kind === 'bool') {
    if (token.form === 'literal') return Object.hasOwn(literals, token.value) ? { value: literals[token.value]! } : {};
    const number = token.form === 'string' ? undefined : integer(token.value);
    return number === 0n || number === 1n ? (token.value.startsWith('-') ? {} : { value: number === 1n }) : {};
  }
  if (token.form === 'string' || token.form === 'literal' || token.form === 'float') return {};
  const number = integer(token.value)!;
  const [least, most] = ranges[kind]!;
  const signed = kind === 'int32' || kind === 'int64';
  return number < least || number > most || (!signed && token.value.startsWith('-')) ? {} : { value: number };
}

/** Go's `strconv.ParseInt(text, 0, …)` for what the lexer lets through. */
function integer(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  if (!/^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(digits)) return undefined;
  const value = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
  return negative ? -value : value;
}
