import { goQuoteRune, hasEscapes } from './text';
import { isAssigned } from './unicode/classes';
import { domainToUnicode } from './unicode/idna';
import { nfc } from './unicode/nfc';
import { type Normalized, usernameCaseMapped } from './unicode/precis';

/** chasquid's `internal/envelope.Split`: user and domain at the first `@`; without one there is no domain. */
export function splitAddress(address: string): [user: string, domain: string] {
  const at = address.indexOf('@');
  return at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
}

/** chasquid's `internal/normalize.User`: RFC 8265 UsernameCaseMapped. */
export const normalizeUser: (user: string) => Normalized = usernameCaseMapped;

/** chasquid's `internal/normalize.Domain`: `xn--` labels decoded, NFC, lower case. Otherwise anything passes. */
export function normalizeDomain(domain: string): Normalized {
  if (/^[a-z0-9._:/ [\]-]*$/.test(domain) && !domain.includes('xn--')) return { value: domain };
  const decoded = domainToUnicode(domain);
  return decoded.error === undefined ? { value: lowerCase(nfc(decoded.value)) } : decoded;
}

/** Go's `strings.ToLower`: each character by itself with its simple mapping; a stray byte becomes U+FFFD. */
function lowerCase(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  let lower = '';
  for (const char of text) {
    if (char === '\u0130') lower += 'i';
    else if (char !== char.toLowerCase() && isAssigned(char.codePointAt(0)!)) lower += char.toLowerCase();
    else lower += hasEscapes(char) ? '\ufffd' : char;
  }
  return lower;
}

/** Why chasquid ≥ 1.19 refuses a normalised domain, in its words. */
export function domainRefusal(domain: string): string | undefined {
  const wrong = /[^A-Za-z0-9._\u0080-\uffff-]/.exec(domain);
  return wrong ? `invalid domain: invalid character ${goQuoteRune(wrong[0])}` : undefined;
}

/** chasquid's `internal/normalize.Addr`. The user's error comes first. */
export function normalizeAddress(address: string): Normalized {
  // The usual case, already normal: lower case ASCII without spaces, with an "@" and without punycode.
  if (/^[!-?[-~]*@[!-@[-~]*$/.test(address) && !address.includes('xn--')) return { value: address };
  const [user, domain] = splitAddress(address);
  const normalUser = normalizeUser(user);
  if (normalUser.error !== undefined) return normalUser;
  const normalDomain = normalizeDomain(domain);
  if (normalDomain.error !== undefined) return normalDomain;
  return { value: `${normalUser.value}@${normalDomain.value}` };
}
