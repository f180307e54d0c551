import { splitAddress } from '../normalize';
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
  /** Of the recipients of the line. */
  private readonly hashes = new Int32Array(mostTargets);
  private colon = 0;
  private isSpecial = false;

  constructor(private readonly context: AliasContext) {
    const { domain, suffixSeparators, dropCharacters } = context;
    this.own = `@${domain}`;
    for (const char of suffixSeparators + dropCharacters) if (char < '\x80') this.special[char.charCodeAt(0)] = 1;
    this.usable = /^[a-z0-9._:[\]-]*$/.test(domain) && !domain.includes('xn--');
  }

  /** With an odd domain nothing is plain. */
  private readonly usable: boolean;

  read(text: string, start: number, end: number): Entry | undefined {
    const recipients: Recipient[] = [];
    return this.scan(text, start, end, recipients) === undefined
      ? undefined
      : { user: this.userAt(text, start), recipients, plain: true };
  }

  /**
   * The hash of the line's user as `hashOf` gives it, for a plain line; undefined for another one. Its recipients are added
   * to `into`.
   */
  scan(text: string, start: number, end: number, into?: Recipient[]): number | undefined {
    if (!this.usable || end - start > 20_000) return undefined;
    if (end > start && text.charCodeAt(end - 1) === 0x0d) end--;
    let at = start;
    let special = 0;
    let code = 0;
    let hash = 0;
    for (; at < end; at++) {
      code = text.charCodeAt(at);
      if (code >= 128 || (classes[code]! & name) === 0) break;
      special |= this.special[code]!;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    if (at === start || at === end || code !== 0x3a) return undefined;
    if (special && !this.context.version.features.cleanLeftSide) return undefined;
    this.colon = at;
    this.isSpecial = special !== 0;
    if (special) hash = hashOf(this.userAt(text, start));
    at++;
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    while (end > at && isBlank(text.charCodeAt(end - 1))) end--;
    if (at === end) return undefined;
    const plain = text.charCodeAt(at) === 0x7c ? this.pipe(text, at + 1, end, into) : this.list(text, at, end, into);
    return plain ? hash : undefined;
  }

  /** The user of the line that was scanned last. */
  private userAt(text: string, start: number): string {
    const user = text.slice(start, this.colon);
    return this.isSpecial ? splitAddress(removeDropCharacters(user + this.own, this.context))[0] : user;
  }

  private pipe(text: string, at: number, end: number, into?: Recipient[]): boolean {
    while (at < end && isBlank(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== 0x2f) return false;
    for (let next = at; next < end; next++) {
      const code = text.charCodeAt(next);
      if (code >= 128 || (classes[code]! & command) === 0) return false;
    }
    into?.push({ type: 'pipe', address: text.slice(at, end) });
    return true;
  }

  private list(text: string, at: number, end: number, into?: Recipient[]): boolean {
    for (let count = 0; ; count++) {
      const start = at;
      let sign = -1;
      let dot = -1;
      let code: number;
      let hash = 0;
      for (; at < end; at++) {
        code = text.charCodeAt(at);
        if (code < 128 && (classes[code]! & name) !== 0) {
          // Two hyphens together may be Punycode.
          if (code === 0x2d && text.charCodeAt(at - 1) === 0x2d) return false;
          if (sign >= 0 && code === 0x2e) {
            // A label is not empty and has at most 63 characters.
            if (at - dot < 2 || at - dot > 64) return false;
            dot = at;
          } else if (sign >= 0 && (code === 0x2b || code === 0x5f)) return false;
        } else if (code === 0x40 && sign < 0 && at > start) sign = dot = at;
        else break;
        hash = (Math.imul(hash, 31) + code) | 0;
      }
      if (at === start || at - start > longestTarget) return false;
      if (sign >= 0 && (dot === sign || at - dot < 2 || at - dot > 64 || this.isOwn(text, sign, at))) return false;
      // Probably a repetition.
      for (let other = 0; other < count; other++) if (this.hashes[other] === hash) return false;
      this.hashes[count] = hash;
      if (into) {
        const written = text.slice(start, at);
        into.push({ type: 'email', address: sign < 0 ? written + this.own : written });
      }
      if (at === end) return true;
      while (at < end && isBlank(text.charCodeAt(at))) at++;
      if (text.charCodeAt(at) !== 0x2c || count + 1 === mostTargets) return false;
      at++;
      while (at < end && isBlank(text.charCodeAt(at))) at++;
    }
  }

  private isOwn(text: string, sign: number, end: number): boolean {
    return end - sign === this.own.length && text.startsWith(this.own, sign);
  }
}

/** A hash of a name. */
export function hashOf(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
