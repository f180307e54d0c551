import { domainToASCII, domainToUnicode } from 'node:url';
import { normalizeUser } from '../../chasquid/normalize';

export interface SenderAddress {
  /** As chasquid keeps it (PRECIS UsernameCaseMapped). */
  user: string;
  /** The domain's folder may be named in either form. */
  domain: { unicode: string; ascii: string };
}

/** Why `address` cannot be a sender, in words for people; undefined when it can. */
export function validateSenderAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const user = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  const strange = /[\s\p{Cc}\p{Cf}]/u.exec(address);
  if (strange) {
    return strange[0] === ' '
      ? 'An address cannot contain a blank. Leave it out, or use a dot or a hyphen instead.'
      : 'An address cannot contain a line break or an invisible character. Type it anew instead of pasting it.';
  }
  if (at < 0) return 'An address has two parts around an @, such as newsletter@example.com.';
  if (!user) return 'The part before the @ is missing. Choose a name, such as newsletter.';
  if (!domain) return 'The part after the @ is missing. It is one of the domains on your server.';
  if (user.includes('@')) return 'An address has only one @. Remove the others.';
  const sign = /["(),:;<>[\]\\]/.exec(user) ?? /[^\p{L}\p{M}\p{N}!-~]/u.exec(user);
  if (sign)
    return `The part before the @ cannot contain ${sign[0]}. Use letters, digits, dots, hyphens or underscores.`;
  if (/^\.|\.\.|\.$/.test(user)) return 'Dots in the part before the @ stand between other characters, one at a time.';
  if (Buffer.byteLength(user) > 64) return 'The part before the @ is too long. Mail allows 64 bytes there (RFC 5321).';
  if (normalizeUser(user).error !== undefined) {
    return `chasquid cannot use “${user}” as a name: some of its characters do not go together (RFC 8265). Use letters of one script.`;
  }
  const ascii = domainToASCII(domain);
  const label = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
  if (!ascii || ascii.length > 253 || !ascii.split('.').every(part => label.test(part)) || /^[\d.]+$/.test(ascii)) {
    return `${domain} is not a domain name. It looks like example.com.`;
  }
  return undefined;
}

/** @throws RangeError with the reason of `validateSenderAddress`. */
export function senderAddress(address: string): SenderAddress {
  const problem = validateSenderAddress(address);
  if (problem) throw new RangeError(problem);
  const at = address.lastIndexOf('@');
  const ascii = domainToASCII(address.slice(at + 1));
  return { user: normalizeUser(address.slice(0, at)).value!, domain: { ascii, unicode: domainToUnicode(ascii) } };
}
