import { isIPv4, isIPv6 } from 'node:net';
import { withoutZoneLine } from '../records/zoneLine';

/** One term of an SPF record (RFC 7208 §4.6.1). */
export interface SpfTerm {
  /** As written. */
  text: string;
  /** Lower case: a mechanism (`a`, `include`, …) or a modifier (`redirect`, `exp`, …); empty when broken. */
  name: string;
  kind: 'mechanism' | 'modifier' | 'broken';
  /** Of a mechanism; `+` when not written. */
  qualifier: '+' | '-' | '~' | '?';
  /** The domain-spec or address, as written, without prefix lengths. */
  target?: string;
  /** Prefix lengths, where given. */
  cidr4?: number;
  cidr6?: number;
}

export interface SpfRecord {
  text: string;
  terms: SpfTerm[];
}

/** Whether receivers take a text for an SPF record (RFC 7208 §4.5). */
export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text);
}

/** Whether a text was meant as one: with a space, a quotation mark, the beginning of a zone file's line or another typo in front. */
export function looksLikeSpf(text: string): boolean {
  const value = withoutZoneLine(text);
  return /^\W*v\s*=\s*spf(?:1|\d?\s)/i.test(value) || /^\W*spf1\s/i.test(value);
}

const mechanisms = new Set(['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists']);

/** Takes a record apart. Never throws; whether the whole is right by the grammar is for `evaluate` to say. */
export function parseSpf(text: string): SpfRecord {
  return { text, terms: text.split(/\s+/).slice(1).filter(Boolean).map(parseTerm) };
}

function parseTerm(text: string): SpfTerm {
  const modifier = /^([A-Za-z][A-Za-z0-9_.-]*)=(.*)$/.exec(text);
  if (modifier) {
    const [name, target] = [modifier[1]!.toLowerCase(), modifier[2]!];
    if (['redirect', 'exp'].includes(name) && !isDomainSpec(target)) return broken(text);
    return { text, kind: 'modifier', name, qualifier: '+', target };
  }
  const match = /^([-+~?]?)([A-Za-z0-9]+)(?::(.*?))?(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(text);
  const name = match?.[2]?.toLowerCase() ?? '';
  if (!match || !mechanisms.has(name)) return broken(text);
  const term: SpfTerm = { text, kind: 'mechanism', name, qualifier: (match[1] || '+') as SpfTerm['qualifier'] };
  if (match[3] !== undefined) term.target = match[3];
  if (name === 'ip6' && match[4] !== undefined) term.cidr6 = Number(match[4]);
  else if (match[4] !== undefined) term.cidr4 = Number(match[4]);
  if (match[5] !== undefined) term.cidr6 = Number(match[5]);
  return isWellFormed(term) ? term : broken(text);
}

/** Without a name, so that nobody takes it for one of its kind. */
function broken(text: string): SpfTerm {
  return { text, kind: 'broken', name: '', qualifier: '+' };
}

/** Whether a mechanism has the target and the prefix lengths that its kind takes (RFC 7208 §5). */
function isWellFormed({ name, target, cidr4, cidr6 }: SpfTerm): boolean {
  if ((cidr4 ?? 0) > 32 || (cidr6 ?? 0) > 128) return false;
  switch (name) {
    case 'all':
      return target === undefined && cidr4 === undefined && cidr6 === undefined;
    case 'ip4':
      return isIPv4(target ?? '') && cidr6 === undefined;
    case 'ip6':
      return isIPv6(target ?? '') && cidr4 === undefined;
    case 'a':
    case 'mx':
      return target === undefined || isDomainSpec(target);
    default:
      if (cidr4 !== undefined || cidr6 !== undefined) return false;
      return target === undefined ? name === 'ptr' : isDomainSpec(target);
  }
}

const macro = '%(?:[%_-]|\\{[slodiphcrtv]\\d*r?[.\\-+,/_=]*\\})';
/** A top label has a letter, or a hyphen inside: an address is no name. */
const topLabel = '(?![0-9]+\\.?$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const domainSpec = new RegExp(`^(?:[\\x21-\\x24\\x26-\\x7e]|${macro})*(?:\\.${topLabel}\\.?|${macro})$`, 'i');

/** A name of two labels or more, with macros of the right form (RFC 7208 §7.1). */
function isDomainSpec(text: string): boolean {
  return domainSpec.test(text);
}

/** The name of whoever connects, as its PTR record tells it (RFC 7208 §7.2). */
export function usesPtrName({ target = '' }: SpfTerm): boolean {
  return /%\{p/i.test(target);
}

/** Whether a term costs one of the ten lookups (RFC 7208 §4.6.4). */
export function costsLookup(term: SpfTerm): boolean {
  if (term.kind === 'modifier') return term.name === 'redirect';
  return ['include', 'a', 'mx', 'ptr', 'exists'].includes(term.name);
}

/** Whether a term's target depends on the message, so that nobody can look it up beforehand. */
export function hasMacro(term: SpfTerm): boolean {
  return term.target?.includes('%') ?? false;
}

/** A mechanism that was written as a modifier: `ip4=192.0.2.1`. Receivers pass it over (RFC 7208 §6). */
export function isMechanismWithEquals({ kind, name }: SpfTerm): boolean {
  return kind === 'modifier' && mechanisms.has(name);
}

/** `exists` of a name that is the same for every message: it allows everybody when the name is there, and nobody when it is not. */
export function isConstantExists({ name, target = '' }: SpfTerm): boolean {
  return name === 'exists' && !target.replace(/%\{d\}/gi, '').includes('%');
}

/** A term that allows every address of its family: a prefix of no length. */
export function isEverywhere({ kind, qualifier, cidr4, cidr6 }: SpfTerm): boolean {
  return kind === 'mechanism' && qualifier === '+' && (cidr4 === 0 || cidr6 === 0);
}
