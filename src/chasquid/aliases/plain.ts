import { removeDropCharacters } from './clean';
import type { AliasContext, Entry, Recipient } from './model';

const name = 1;
/** What a command may hold besides: nothing that a shell would act on, nothing that looks like a list. */
const command = 2;
const longestTarget = 190;
const mostTargets = 16;

const classes = new Uint8Array(128);
for (let code = 0x20; code < 0x7f; code++) {
  const char = String.fromCharCode(code);
  if (/[a-z0-9._+-]/.test(char)) classes[code] = name | command;
  else if (/[A-Z /:=@%~#]/.test(char)) classes[code] = command;
}

/**
 * Reads the usual spelling of an entry without the cost of knowing its parts' places: `name: recipient, recipient` or
 * `name: | /command` in lower case ASCII. About such a line `checkLine` has nothing to say. Undefined for every other line;
 * `parseAliasLine` reads all of them. `text` from `start` to `end` is the line without its line feed.
 */
export class PlainReader {
  /** Characters that a name must not hold to be plain; those that need cleaning. */
  private readonly special = new Uint8Array(128);
  private readonly own: string;

  constructor(private readonly context: AliasContext) {
    const { domain, suffixSeparators, dropCharacters } = context;
    this.own = `@${domain}`;
    for (const char of suffixSeparators + dropCharacters) if (char < '\x80') this.special[char.charCodeAt(0)] = 1;
    this.usable = /^[a-z0-9._:[\]-]*$/.test(domain) && !domain.includes('xn--');
  }

  /** With an odd domain nothing is plain. */
  private readonly usable: boolean;

  read(text: string, start: number, end: number): Entry | undefined {
    if (!this.usable || end - start > 20_000) return undefined;
    if (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
    let at = start;
    let special = 0;
    let code = 0;
    for (; at < end; at++) {
      code = text.charCodeAt(at);
      if (code >= 128 || (classes[code]! & name) === 0) break;
      special |= this.special[code]!;
    }
    if (at === start || at === end || code !== 0x3a) return undefined;
    if (special && !this.context.features.cleanLeftSide) return undefined;
    let key = text.slice(start, at) + this.own;
    if (special) key = removeDropCharacters(key, this.context);
    at++;
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
    if (at === end) return undefined;
    const recipients = text.charCodeAt(at) === 0x7c ? this.pipe(text, at + 1, end) : this.list(text, at, end);
    return recipients && { key, recipients, plain: true };
  }

  private pipe(text: string, at: number, end: number): Recipient[] | undefined {
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== 0x2f) return undefined;
    for (let next = at; next < end; next++) {
      const code = text.charCodeAt(next);
      if (code >= 128 || (classes[code]! & command) === 0) return undefined;
    }
    return at < end ? [{ type: 'pipe', address: text.slice(at, end) }] : undefined;
  }

  private list(text: string, at: number, end: number): Recipient[] | undefined {
    const recipients: Recipient[] = [];
    for (;;) {
      const start = at;
      let sign = -1;
      let dot = -1;
      let code: number;
      for (; at < end; at++) {
        code = text.charCodeAt(at);
        if (code < 128 && (classes[code]! & name) !== 0) {
          // Two hyphens together may be Punycode.
          if (code === 0x2d && text.charCodeAt(at - 1) === 0x2d) return undefined;
          if (sign < 0) continue;
          if (code === 0x2e) {
            // A label is not empty and has at most 63 characters.
            if (at - dot < 2 || at - dot > 64) return undefined;
            dot = at;
          } else if (code === 0x2b || code === 0x5f) return undefined;
        } else if (code === 0x40 && sign < 0 && at > start) sign = dot = at;
        else break;
      }
      if (at === start || at - start > longestTarget) return undefined;
      if (sign >= 0 && (dot === sign || at - dot < 2 || at - dot > 64 || this.isOwn(text, sign, at))) return undefined;
      const address = sign < 0 ? text.slice(start, at) + this.own : text.slice(start, at);
      for (const other of recipients) if (other.address === address) return undefined;
      recipients.push({ type: 'email', address });
      if (at === end) return recipients;
      while (at < end && isBlank(text.charCodeAt(at))) at++;
      if (text.charCodeAt(at) !== 0x2c || recipients.length === mostTargets) return undefined;
      at++;
      while (at < end && isBlank(text.charCodeAt(at))) at++;
    }
  }

  private isOwn(text: string, sign: number, end: number): boolean {
    return end - sign === this.own.length && text.startsWith(this.own, sign);
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
