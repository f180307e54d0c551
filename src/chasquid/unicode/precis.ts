import { hasEscapes } from '../text';
import { passesBidiRule } from './bidi';
import { isAssigned, precisClass } from './classes';
import { nfc } from './nfc';

export const disallowedRune = 'precis: disallowed rune encountered';
export const contextViolated = 'precis: contextual rule violated';
export const bidiFailed = 'bidirule: failed Bidi Rule';

/** A normalised text, or the reason (in Go's words) why there is none. */
export type Normalized = { value: string; error?: undefined } | { value?: undefined; error: string };

/**
 * The UsernameCaseMapped profile of RFC 8265 §3.3 as golang.org/x/text/secure/precis carries it out: width mapping, lower
 * case, NFC, Bidi Rule, IdentifierClass. An empty text passes; ASCII alone is not put to the Bidi Rule.
 */
export function usernameCaseMapped(text: string): Normalized {
  if (/^[\x21-\x7e]*$/.test(text)) return { value: text.toLowerCase() };
  if (/^[\x00-\x7f]*$/.test(text)) return { error: disallowedRune };
  // The tables look at the shape of a byte sequence only: a surrogate or an overlong form is a character to them, not allowed.
  text = text.replace(shapedSequence, privateUse);
  if (hasEscapes(text)) return { error: bidiFailed };
  let mapped = '';
  for (const char of text) mapped += lowerCase(foldWidth(char));
  mapped = nfc(mapped);
  const points = Array.from(mapped, char => char.codePointAt(0)!);
  if (!passesBidiRule(points)) return { error: bidiFailed };
  const error = checkIdentifier(points);
  return error ? { error } : { value: mapped };
}

const shapedSequence = /[\udce0-\udcef][\udc80-\udcbf]{2}|[\udcf0-\udcf7][\udc80-\udcbf]{3}/gu;
/** Left-to-right and disallowed, as the tables have it for what they do not know. */
const privateUse = '\ue000';

/** Full lower case without the final sigma rule. What Unicode 13 does not assign has no case. */
function lowerCase(char: string): string {
  return isAssigned(char.codePointAt(0)!) ? char.toLowerCase() : char;
}

/** Fullwidth and halfwidth forms to their decomposition mapping (UAX #11), one step. */
function foldWidth(char: string): string {
  const code = char.codePointAt(0)!;
  if (code === 0x3000) return ' ';
  if (code < 0xff01 || code > 0xffee) return char;
  if (code === 0xffe3) return '\u00af';
  // Halfwidth hangul decomposes to compatibility jamo; NFKC would go a step further.
  if (code >= 0xffa0 && code <= 0xffdc) return hangul(code) ?? char;
  return char.normalize('NFKC');
}

function hangul(code: number): string | undefined {
  if (code === 0xffa0) return '\u3164';
  if (code <= 0xffbe) return String.fromCharCode(code - 0xffa1 + 0x3131);
  const block = [0xffc2, 0xffca, 0xffd2, 0xffda].findLastIndex(start => code >= start);
  const offset = code - (0xffc2 + 8 * block);
  return block < 0 || offset > 5 || (block === 3 && offset > 2)
    ? undefined
    : String.fromCharCode(0x314f + 6 * block + offset);
}

/**
 * The IdentifierClass of RFC 8264 §4.2 with the contextual rules of RFC 5892 appendix A, as one pass: marks tell what came
 * before; a rule that looks ahead leaves in `wanted` what must follow and in `passing` what may stand in between.
 */
function checkIdentifier(points: number[]): string | undefined {
  let marks = new Set<string>();
  let wanted: string | undefined;
  let passing: string | undefined;
  const lasting = new Set<string>();
  for (const point of points) {
    const kind = precisClass(point);
    const rule = contextual[kind];
    let lookAhead = false;
    if (kind === 'U' || kind === 'D') return disallowedRune;
    if (rule) {
      const verdict = rule(marks, lasting);
      if (verdict === 'violated') return contextViolated;
      lookAhead = verdict === 'look ahead';
    }
    const kept = kind === 'C' && marks.has('joinStart') ? ['joinStart'] : [];
    marks = new Set([...kept, ...(marking[kind] ?? [])]);
    if (lastingMark[kind]) lasting.add(lastingMark[kind]);
    if (wanted !== undefined) {
      if (marks.has(wanted)) wanted = passing = undefined;
      else if (passing === undefined || !marks.has(passing)) return contextViolated;
    }
    if (lookAhead) {
      if (wanted !== undefined) return contextViolated;
      wanted = lookingFor[kind];
      passing = kind === 'N' ? 'joinMid' : undefined;
    }
  }
  return wanted !== undefined || (lasting.has('needs japanese') && !lasting.has('japanese'))
    ? contextViolated
    : undefined;
}

const marking: Record<string, string[]> = {
  A: ['joinStart'],
  B: ['joinStart', 'joinEnd'],
  C: ['joinMid'],
  E: ['joinEnd'],
  F: ['virama'],
  G: ['virama', 'joinMid'],
  H: ['l'],
  I: ['greek'],
  J: ['greek', 'joinMid'],
  K: ['hebrew'],
  L: ['hebrew', 'joinMid'],
  Q: ['greek'],
  R: ['hebrew'],
};
const lastingMark: Record<string, string> = {
  M: 'japanese',
  S: 'needs japanese',
  T: 'arabic digit',
  W: 'extended digit',
};
const lookingFor: Record<string, string> = { N: 'joinEnd', P: 'l', Q: 'greek' };

type Rule = (before: Set<string>, lasting: Set<string>) => 'fine' | 'look ahead' | 'violated';
const needs =
  (mark: string, then: 'fine' | 'look ahead' = 'fine'): Rule =>
  before =>
    before.has(mark) ? then : 'violated';
const contextual: Record<string, Rule> = {
  N: before => (before.has('virama') ? 'fine' : before.has('joinStart') ? 'look ahead' : 'violated'),
  O: needs('virama'),
  P: needs('l', 'look ahead'),
  Q: () => 'look ahead',
  R: needs('hebrew'),
  T: (_, lasting) => (lasting.has('extended digit') ? 'violated' : 'fine'),
  W: (_, lasting) => (lasting.has('arabic digit') ? 'violated' : 'fine'),
};
