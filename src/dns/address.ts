import { isIP, isIPv4 } from 'node:net';

/** The canonical text of an IP address (RFC 5952 for IPv6), or undefined for any other text. */
export function canonicalAddress(text: string): string | undefined {
  const address = text.trim();
  if (isIPv4(address)) return address;
  if (isIP(address) !== 6 || address.includes('%')) return undefined;
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

/** Compares addresses, not their spelling. */
export function sameAddress(a: string, b: string): boolean {
  const left = canonicalAddress(a);
  return left !== undefined && left === canonicalAddress(b);
}

/** The eight groups of a canonical IPv6 address, each as four hexadecimal digits. */
function groups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const gap = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...gap, ...right].map(group => group.padStart(4, '0'));
}

/** The labels of an address as DNS lists and reverse zones spell them: octets or nibbles, last first. */
export function reversedLabels(address: string): string {
  const canonical = canonicalAddress(address) ?? address;
  if (isIPv4(canonical)) return canonical.split('.').reverse().join('.');
  return groups(canonical).join('').split('').reverse().join('.');
}

/** The name whose PTR record tells an address's name (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(address: string): string {
  return `${reversedLabels(address)}.${isIPv4(address) ? 'in-addr' : 'ip6'}.arpa`;
}

/** The reverse zone as providers usually cut it: a /24 of IPv4, a /64 of IPv6. */
export function usualReverseZone(address: string): string {
  return reverseName(address)
    .split('.')
    .slice(isIPv4(address) ? 1 : 16)
    .join('.');
}

/** Whether the internet can reach an address (RFC 6890, RFC 4193, RFC 4291): private, link-local and loopback ones it cannot. */
export function isPublicAddress(address: string): boolean {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return false;
  if (isIPv4(canonical))
    return !/^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      canonical,
    );
  return !/^(?:::1?$|fe[89ab]|f[cd])/.test(canonical);
}
