import { domainToASCII } from 'node:url';
import { getDomain } from 'tldts';

/** A name that a person typed is not one that the DNS can hold. The message is for that person. */
export class NameError extends Error {
  override name = 'NameError';
}

/**
 * The A-label form of a domain name, lower case, without the final dot.
 * @throws NameError when the DNS cannot hold it (RFC 1035 §2.3.4: labels of 1–63 octets, 253 in all).
 */
export function toAscii(name: string): string {
  const plain = name.trim().replace(/\.$/, '');
  const ascii = /^[\x21-\x7e]+$/.test(plain) ? plain.toLowerCase() : domainToASCII(plain);
  if (!isDnsName(ascii))
    throw new NameError(
      `“${name.slice(0, 80)}” is not a domain name. A name has labels of letters, digits and hyphens, divided by dots. Write it like mail.example.com.`,
    );
  return ascii;
}

/** Whether the DNS holds names like this one for hosts and mail: labels of letters, digits, hyphens and underscores. */
export function isDnsName(name: string): boolean {
  const plain = name.replace(/\.$/, '');
  return plain.length <= 253 && plain.split('.').every(label => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}

/** Compares two names as the DNS does: without case and without the final dot (RFC 4343). */
export function sameName(a: string, b: string): boolean {
  return bare(a) === bare(b);
}

/** Lower case, without the final dot. For names that came from the DNS and may hold anything. */
export function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether `name` is `zone` or lies below it. */
export function isWithin(name: string, zone: string): boolean {
  const [inner, outer] = [bare(name), bare(zone)];
  return outer === '' || inner === outer || inner.endsWith(`.${outer}`);
}

/** The name that the registrar sells: one label below the public suffix. The name itself when it has none (example.test). */
export function registrableDomain(name: string): string {
  return getDomain(name, { allowPrivateDomains: true, validateHostname: false }) ?? lastLabels(name, 2);
}

/** `name` as one enters it in the page of `zone`: `@` for the zone itself. */
export function relativeName(name: string, zone: string): string {
  if (sameName(name, zone)) return '@';
  return isWithin(name, zone) && zone !== '' ? name.slice(0, -zone.length - 1) : name;
}

/** The name and all its parents, longest first: `a.b.c`, `b.c`, `c`. */
export function ancestors(name: string): string[] {
  const labels = name.split('.');
  return labels.map((_, at) => labels.slice(at).join('.'));
}

function lastLabels(name: string, count: number): string {
  return name.split('.').slice(-count).join('.');
}
