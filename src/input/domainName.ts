import { domainToASCII } from 'node:url';

/** A name that a user typed is not one that the DNS can hold. The message is for that user. */
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
      `“${name.slice(0, 80)}” is not a domain name. A name has labels of letters, digits and hyphens, separated by dots. Write it like mail.example.com.`,
    );
  return ascii;
}

/** Whether the DNS holds names like this one for hosts and mail: labels of letters, digits, hyphens and underscores. */
export function isDnsName(name: string): boolean {
  const plain = name.replace(/\.$/, '');
  return plain.length <= 253 && plain.split('.').every(label => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}
