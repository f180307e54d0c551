export type NumberKind = 'decimal' | 'hexadecimal' | 'octal' | 'float';

/**
 * The number at `at`, as protobuf-go's `parseNumber` takes it: `0x…` and a leading 0 decide the base at once, a number ends
 * at a delimiter. Undefined when there is none.
 */
export function scanNumber(bytes: string, at: number): { kind: NumberKind; length: number } | undefined {
  const start = at;
  if (bytes[at] === '-') at++;
  let kind: NumberKind = 'decimal';
  const digits = (pattern: RegExp): void => {
    while (at < bytes.length && pattern.test(bytes[at]!)) at++;
  };
  const first = bytes[at] ?? '';
  const second = bytes[at + 1] ?? '';
  if (first === '0' && /[xX0-7]/.test(second)) {
    kind = /[xX]/.test(second) ? 'hexadecimal' : 'octal';
    at += 2;
    const from = at;
    digits(kind === 'octal' ? /[0-7]/ : /[0-9a-fA-F]/);
    if (kind === 'hexadecimal' && at === from) return undefined;
    return ended(bytes, start, at, kind);
  }
  if (first === '0') at++;
  else if (/[1-9]/.test(first)) digits(/[0-9]/);
  else if (first !== '.' || second === '') return undefined;
  if (bytes[at] === '.') {
    kind = 'float';
    at++;
    digits(/[0-9]/);
  }
  if (/[eE]/.test(bytes[at] ?? '') && at + 1 < bytes.length) {
    kind = 'float';
    at++;
    if (/[+-]/.test(bytes[at]!) && ++at >= bytes.length) return undefined;
    digits(/[0-9]/);
  }
  if (/[fF]/.test(bytes[at] ?? '')) {
    kind = 'float';
    at++;
  }
  return ended(bytes, start, at, kind);
}

function ended(
  bytes: string,
  start: number,
  at: number,
  kind: NumberKind,
): { kind: NumberKind; length: number } | undefined {
  return /[-+.\w]/.test(bytes[at] ?? '') ? undefined : { kind, length: at - start };
}
