import { goQuote } from '../text';
import type { Normalized } from './precis';

/**
 * `idna.ToUnicode` of golang.org/x/net with its plain Punycode profile: each label that begins with `xn--` (lower case) is
 * decoded, nothing else is looked at.
 */
export function domainToUnicode(domain: string): Normalized {
  if (!domain.includes('xn--')) return { value: domain };
  const labels = domain.split('.');
  for (const [index, label] of labels.entries()) {
    if (!label.startsWith('xn--')) continue;
    const decoded = decodePunycode(label.slice(4));
    if (decoded === undefined) return { error: `idna: invalid label ${goQuote(label.slice(4))}` };
    labels[index] = decoded;
  }
  return { value: labels.join('.') };
}

const int32 = 0x7fffffff;

/** RFC 3492 §6.2, with the limits of golang.org/x/net: 32-bit arithmetic, 1024 characters. Undefined when it cannot be decoded. */
function decodePunycode(encoded: string): string | undefined {
  const delimiter = encoded.lastIndexOf('-');
  if (delimiter === 0) return undefined;
  // Only ASCII after the last hyphen: what is not a digit of RFC 3492 ends the decoding.
  if (encoded !== '' && delimiter === encoded.length - 1) return encoded.slice(0, -1);
  const output = delimiter > 0 ? Array.from(encoded.slice(0, delimiter), char => char.codePointAt(0)!) : [];
  let at = delimiter + 1;
  let n = 128;
  let bias = 72;
  let i = 0;
  while (at < encoded.length) {
    const before = i;
    let weight = 1;
    for (let k = 36; ; k += 36) {
      const digit = at < encoded.length ? digitOf(encoded.charCodeAt(at++)) : -1;
      if (digit < 0) return undefined;
      i += digit * weight;
      if (i > int32) return undefined;
      const threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
      if (digit < threshold) break;
      weight *= 36 - threshold;
      if (weight > int32) return undefined;
    }
    if (output.length >= 1024) return undefined;
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    n += Math.floor(i / length);
    i %= length;
    if (n > 0x10ffff) return undefined;
    output.splice(i++, 0, n);
  }
  return output.map(point => (point >= 0xd800 && point < 0xdc80 ? '\ufffd' : scalar(point))).join('');
}

/** A code point as Go writes it: a surrogate becomes U+FFFD. */
function scalar(point: number): string {
  return point >= 0xd800 && point <= 0xdfff ? '\ufffd' : String.fromCodePoint(point);
}

function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30 + 26;
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  return code >= 0x61 && code <= 0x7a ? code - 0x61 : -1;
}

/** RFC 3492 §6.1. */
function adapt(delta: number, length: number, first: boolean): number {
  delta = Math.floor(first ? delta / 700 : delta / 2);
  delta += Math.floor(delta / length);
  let k = 0;
  for (; delta > 455; k += 36) delta = Math.floor(delta / 35);
  return k + Math.floor((36 * delta) / (delta + 38));
}
