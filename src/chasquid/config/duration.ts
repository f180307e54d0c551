import { goQuote } from '../text';

const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 6e10, h: 3.6e12 };
const most = 2n ** 63n;

/** Go's `time.ParseDuration` (Go 1.19): nanoseconds, or its error text. */
export function parseDuration(text: string): { nanoseconds: bigint; error?: undefined } | { error: string } {
  const invalid = { error: `time: invalid duration ${quote(text)}` };
  const negative = text.startsWith('-');
  let rest = /^[-+]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return { nanoseconds: 0n };
  if (rest === '') return invalid;
  let total = 0n;
  while (rest !== '') {
    const match = /^([0-9]*)(\.?)([0-9]*)/.exec(rest)!;
    const [number, whole, , fraction] = match as unknown as [string, string, string, string];
    if (whole === '' && fraction === '') return invalid;
    if (BigInt(whole || '0') > most) return invalid;
    rest = rest.slice(number.length);
    const unit = /^[^.0-9]*/.exec(rest)![0];
    if (unit === '') return { error: `time: missing unit in duration ${quote(text)}` };
    const scale = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (scale === undefined) return { error: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` };
    rest = rest.slice(unit.length);
    const amount = BigInt(whole || '0') * BigInt(scale) + part(fraction, BigInt(scale));
    if (amount > most) return invalid;
    // Go adds in 64 bits without noticing when the sum wraps to zero.
    total = BigInt.asUintN(64, total + amount);
    if (total > most) return invalid;
  }
  if (!negative && total > most - 1n) return invalid;
  return { nanoseconds: negative ? -total : total };
}

function part(fraction: string, scale: bigint): bigint {
  const digits = fraction.slice(0, 18);
  return digits === '' ? 0n : (BigInt(digits) * scale) / 10n ** BigInt(digits.length);
}

/** The quoting of package time: like `%q`, but every byte outside printable ASCII as `\x…`. */
function quote(text: string): string {
  return goQuote(text).replace(/[^\x20-\x7e]|\\u[0-9a-f]{4}/g, char =>
    Array.from(Buffer.from(char), byte => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
