import type { SpfTerm } from './parse';
import { costsLookup, isConstantExists, isEverywhere, parseSpf } from './parse';
import { sameName } from '../name';

export interface SpfMergeOptions {
  domain: string;
  host: string;
  /** The addresses to allow, used where no lookup is left. */
  addresses: string[];
  /** Lookups that the existing record costs with everything it includes. */
  lookups: number;
  /** Terms to leave out, as written. */
  without?: ReadonlySet<string>;
}

/**
 * Puts this server into the records that exist, as one record: the user's terms, in their order, and their `all` stay. Terms which
 * are broken, repeated, never read or open to everybody are left out, `+all` becomes `~all`, and where no lookup is left the server is named by address.
 */
export function mergeSpf(records: string[], options: SpfMergeOptions): string {
  const terms = records
    .flatMap(record => usefulTerms(parseSpf(record).terms))
    .filter(term => !options.without?.has(term.text));
  const kept = dedupe(terms.filter(term => !isAll(term) && term.name !== 'redirect' && term.name !== 'exp'));
  const modifiers = ['redirect', 'exp'].flatMap(name => terms.find(term => term.name === name) ?? []);
  const all = terms.find(isAll);
  const body = kept.map(term => term.text);
  if (!kept.some(term => namesHost(term, options))) body.unshift(...ownTerms(options));
  const redirect = modifiers.find(term => term.name === 'redirect');
  // redirect= is only read when there is no `all` (RFC 7208 §6.1).
  const end = all ? [all.qualifier === '+' ? '~all' : all.text] : redirect ? [redirect.text] : ['~all'];
  const exp = modifiers.filter(term => term.name === 'exp').map(term => term.text);
  return ['v=spf1', ...body, ...end, ...exp].join(' ');
}

function ownTerms({ host, addresses, lookups }: SpfMergeOptions): string[] {
  if (lookups < 10) return [`a:${host}`];
  return addresses.map(address => (address.includes(':') ? `ip6:${address}` : `ip4:${address}`));
}

function isAll(term: SpfTerm): boolean {
  return term.kind === 'mechanism' && term.name === 'all';
}

function usefulTerms(terms: SpfTerm[]): SpfTerm[] {
  const end = terms.findIndex(isAll);
  const read =
    end < 0 ? terms : [...terms.slice(0, end + 1), ...terms.slice(end + 1).filter(term => term.kind === 'modifier')];
  return read.filter(term => term.kind !== 'broken' && !isEverywhere(term) && !isConstantExists(term));
}

function dedupe(terms: SpfTerm[]): SpfTerm[] {
  return terms.filter((term, at) => terms.findIndex(other => sameTerm(other, term)) === at);
}

/** Whether two terms mean the same, whatever the spelling. */
export function sameTerm(a: SpfTerm, b: SpfTerm): boolean {
  return (
    a.qualifier === b.qualifier && a.text.replace(/^\+/, '').toLowerCase() === b.text.replace(/^\+/, '').toLowerCase()
  );
}

/** Whether a term already allows the server by its name. */
export function namesHost(term: SpfTerm, { domain, host }: { domain: string; host: string }): boolean {
  return (
    term.kind === 'mechanism' &&
    term.name === 'a' &&
    term.qualifier === '+' &&
    costsLookup(term) &&
    sameName(term.target || domain, host)
  );
}
