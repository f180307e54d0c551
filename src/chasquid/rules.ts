/**
 * What a user may enter as a domain, host name, selector, sender, address or password: the same for prompts, commands, the
 * set-up and the command line. What is on a server already may be wider; it is read by the parsers of its files.
 */
import { NameError, toAscii } from '../input/domainName';
import { normalizeUser } from './normalize';

/** The value in the form in which it is used, or why it cannot be used, in a sentence for whoever typed it. */
export type Judged = { value: string } | { reason: string };

export const reasonOf = (judged: Judged): string | undefined => ('reason' in judged ? judged.reason : undefined);

/** A mail domain or the name of a host: a full name of letters, digits and hyphens (RFC 1123 §2.1, RFC 5321 §4.1.2), as A-labels. */
export function fullNameRule(text: string): Judged {
  const judged = dnsNameRule(text);
  if ('reason' in judged) return judged;
  if (judged.value.includes('_')) return { reason: 'An underscore cannot be in the name of a host or mail domain.' };
  return judged.value.includes('.') ? judged : { reason: 'A full name is needed, such as mail.example.com.' };
}

/** Several of these, separated by spaces or commas; separated by spaces as a value. None is right too. */
export function fullNamesRule(text: string): Judged {
  const values: string[] = [];
  for (const name of text.split(/[\s,;]+/).filter(Boolean)) {
    const judged = fullNameRule(name);
    if ('reason' in judged) return { reason: `“${name.slice(0, 80)}” is not a full name. ${judged.reason}` };
    values.push(judged.value);
  }
  return { value: values.join(' ') };
}

/** A name that the DNS can hold, as A-labels (RFC 1035 §2.3.4): underscores and single labels are possible. */
export function dnsNameRule(text: string): Judged {
  if (/[\s'"`$\\;&|<>(){}*?!~#/]/.test(text))
    return { reason: 'A name has letters, digits, hyphens and dots only, no spaces or other characters.' };
  let value: string;
  try {
    value = toAscii(text);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    return {
      reason: 'Each part between the dots needs 1 to 63 letters, digits or hyphens, and no hyphen at its ends.',
    };
  }
  return /(^|\.)\d+$/.test(value) ? { reason: 'This is an address in numbers; a name is needed.' } : { value };
}

/** The selector of a new DKIM key. Those of existing keys may be any name of the DNS. */
export function selectorRule(text: string): Judged {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
    ? { value: text }
    : { reason: 'A selector has 1 to 63 lower-case letters, digits or hyphens, such as 20261124.' };
}

/**
 * A new sender, as chasquid keeps it. What counts is who may log in: chasquid normalises that name (RFC 8265) and
 * looks it up as it is (internal/auth/auth.go, internal/userdb/userdb.go). It cuts a name at “+” and removes dots only when it
 * delivers (internal/smtpsrv/conn.go: `localUserExists`), so a sender may have both.
 */
export function senderRule(text: string): Judged {
  const strange = /[\s\p{Cc}\p{Cf}]/u.exec(text);
  if (strange) {
    return {
      reason:
        strange[0] === ' '
          ? 'An address cannot contain a space. Leave it out, or use a dot or a hyphen instead.'
          : 'An address cannot contain a line break or an invisible character. Type it instead of pasting it.',
    };
  }
  const at = text.lastIndexOf('@');
  if (at < 0) return { reason: 'An address has two parts around an @, such as newsletter@example.com.' };
  const [user, domain] = [text.slice(0, at), text.slice(at + 1)];
  const reason = userReason(user);
  if (reason !== undefined) return { reason };
  if (!domain) return { reason: 'The part after the @ is missing. It is one of the domains on your server.' };
  const name = dnsNameRule(domain);
  if ('reason' in name)
    return { reason: `“${domain.slice(0, 80)}” is not a valid domain name. It looks like example.com.` };
  return { value: `${normalizeUser(user).value!}@${name.value}` };
}

function userReason(user: string): string | undefined {
  if (!user) return 'The part before the @ is missing. Choose a name, such as newsletter.';
  if (user.includes('@')) return 'An address has only one @. Remove the others.';
  const sign = /[^\p{L}\p{M}\p{N}._+'-]/u.exec(user);
  if (sign)
    return `The part before the @ cannot contain ${sign[0]}. Use letters, digits, dots, hyphens, underscores or plus signs.`;
  if (/^\.|\.\.|\.$/.test(user)) return 'A dot in the part before the @ must be between two other characters.';
  if (!/^[\p{L}\p{N}_]/u.test(user)) return 'The part before the @ begins with a letter, a digit or an underscore.';
  if (Buffer.byteLength(user) > 64) return 'The part before the @ is too long. Mail allows 64 bytes there (RFC 5321).';
  if (normalizeUser(user).error !== undefined)
    return `chasquid cannot use “${user}” as a name: some of its characters do not go together (RFC 8265). Use letters of one script.`;
  return undefined;
}

/** An address of any mail service, to which mail or reports go. */
export function addressRule(text: string): Judged {
  const at = text.lastIndexOf('@');
  const user = text.slice(0, Math.max(at, 0));
  if (!/^[^\s@<>()[\]",;:\\|\p{Cc}]{1,64}$/u.test(user))
    return { reason: 'Enter one whole address, such as you@gmail.com.' };
  const domain = fullNameRule(text.slice(at + 1));
  return 'reason' in domain ? domain : { value: `${user}@${domain.value}` };
}

export const shortestPassword = 8;

/** The password of a sender. It is typed into mail programs, and chasquid-util reads it from a terminal line. */
export function passwordRule(text: string): Judged {
  if (/[\u0000-\u001f\u007f]/.test(text))
    return { reason: 'A password cannot contain line breaks or other control characters.' };
  if ([...text].length < shortestPassword)
    return { reason: `Use at least ${shortestPassword} characters: anyone on the internet may try to guess it.` };
  return Buffer.byteLength(text) > 512 ? { reason: 'It may be at most 512 bytes long.' } : { value: text };
}
