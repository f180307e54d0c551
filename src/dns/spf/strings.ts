import type { SpfNode } from './tree';
import { hasMacro } from './parse';

const termStart = /^[-+~?]?(?:all|a|mx|ptr)(?=[\s:/]|$)|^[-+~?]?(?:include|ip4|ip6|exists):|^(?:redirect|exp)=/i;

/** Two terms that became one, since nothing stands between the strings of a TXT record when they are joined (RFC 7208 §3.3). */
export interface GluedTerms {
  before: string;
  after: string;
}

/**
 * Places where a string ends and the next one begins with a term, without a space between. A name that was merely cut there is none:
 * only what makes no sense as one word counts.
 * @param strings of the record that `root` is read from.
 */
export function gluedTerms(strings: readonly string[], root: SpfNode): GluedTerms[] {
  return strings.slice(1).flatMap((right, at) => {
    const left = strings.slice(0, at + 1).join('');
    const before = left.slice(left.lastIndexOf(' ') + 1) || undefined;
    const after = /^\S+/.exec(strings.slice(at + 1).join(''))?.[0];
    if (before === undefined || after === undefined || !termStart.test(right)) return [];
    const whole = root.terms.find(({ term }) => term.text === before + after);
    if (!whole) return [];
    const { term, child, void: isVoid } = whole;
    const senseless = term.kind === 'broken' || isVoid === true || child?.problem === 'none';
    return senseless && !hasMacro(term) ? [{ before, after }] : [];
  });
}
