import { getDomain } from 'tldts';

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
