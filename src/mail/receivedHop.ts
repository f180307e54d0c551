import { isIP } from 'node:net';
import { getDomain } from 'tldts';
import { canonicalAddress, isPublicAddress } from '../dns/address';
import type { HeaderField } from './headers';

/** One `Received` field (RFC 5321 §4.4), as the servers in use write it. */
export interface Hop {
  /** What EHLO said. */
  helo?: string;
  /** Who connected, as the receiving server saw it. */
  address?: string;
  by?: string;
  /** Whether it came over TLS, as its protocol word or its notes tell (RFC 3848). */
  tls: boolean;
  protocol?: string;
  cipher?: string;
  /** Handed in by a sender who logged in: the way into the sending server, not out of it. */
  submission: boolean;
}

export function parseHop(value: string): Hop {
  const text = value.slice(0, 4000);
  const from = /^from\s/i.test(text)
    ? text
        .slice(5)
        .split(/(?<!\s)\s+(?:by|with)\s|;/i, 1)[0]!
        .trim()
    : undefined;
  const by = /(?:^|\s)by\s+([^\s;()]+)/i.exec(text)?.[1];
  const withWord = /\swith\s+([A-Za-z0-9]+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
  const version = /\bTLS(?:v|_|-|\s)?1(?:[._]([0-3]))?\b/i.exec(text);
  const cipher = /(?<![A-Z0-9_-])(?:TLS_|ECDHE-|DHE-|AES)[A-Z0-9_-]*(?:GCM|CCM|CHACHA20|CBC|SHA)[A-Z0-9_-]*/i.exec(
    text,
  )?.[0];
  const helo = from && heloOf(from);
  const address = from && addressOf(from);
  return {
    ...(helo && { helo }),
    ...(address && { address }),
    ...(by && { by }),
    tls: /^(UTF8)?(E?SMTP|LMTP)SA?$/.test(withWord) || (version !== null && !/^(HTTP|HTTPS|MAPI)$/.test(withWord)),
    ...(version && { protocol: `TLSv1.${version[1] ?? '0'}` }),
    ...(cipher && { cipher }),
    submission: /^(UTF8)?(E?SMTP|LMTP)S?A$/.test(withWord) || /^(HTTP|HTTPS|MAPI)$/.test(withWord),
  };
}

/** `mail.example.com (mail.example.com. [192.0.2.1])`, `[192.0.2.1] (helo=mail.example.com)`. */
function heloOf(from: string): string | undefined {
  return /\bhelo[=\s]\s*\[?([^\s)\]]+)/i.exec(from)?.[1] ?? /^([^\s()]+)/.exec(from)?.[1];
}

/** The address in brackets or parentheses is the server's own observation; what EHLO claims comes last. */
function addressOf(from: string): string | undefined {
  const inComments = [...from.matchAll(/\(([^()]*)\)/g)].map(match => match[1]!).join(' ');
  const words = `${inComments} ${from}`.replace(/IPv6:/gi, ' ').match(/[0-9a-f.:]{2,45}/gi) ?? [];
  const found = words.map(word => word.replace(/^:(?=\d+\.)|[.:]$/g, '')).find(word => isIP(word) !== 0);
  return found === undefined ? undefined : canonicalAddress(found);
}

/**
 * The hop at which the message came from the sender's server to the receiver's: the topmost that tells an address and is
 * neither within one organisation nor a login. Fields below it were written by the sender's side and prove nothing.
 */
export function receivingHop(fields: HeaderField[]): Hop | undefined {
  const hops = fields.filter(field => field.name === 'received').map(field => parseHop(field.value));
  const crossing = hops.filter(hop => hop.address !== undefined && !hop.submission);
  const between = crossing.filter(hop => !sameOrganisation(hop));
  const outside = between.filter(hop => isPublicAddress(hop.address!));
  return outside[0] ?? between[0] ?? crossing.find(hop => !/^(127\.|::1$)/.test(hop.address!));
}

/** Who passed the message on before it came to its receiver, as far as its fields tell. */
export interface Way {
  /** The server at the receiving hop, where a further hop stands below it: a forwarder, or a relay of the sender. */
  relay?: string;
  /** The mailing list that sent it (RFC 2919). */
  list?: string;
}

export function wayOf(fields: HeaderField[]): Way {
  const hops = fields.filter(field => field.name === 'received').map(field => parseHop(field.value));
  const last = receivingHop(fields);
  const at = hops.findIndex(hop => hop.address === last?.address && hop.by === last?.by && hop.helo === last?.helo);
  const before = hops
    .slice(at + 1)
    .some(
      hop => hop.address !== undefined && isPublicAddress(hop.address) && !hop.submission && !sameOrganisation(hop),
    );
  const list = fields.find(field => field.name === 'list-id')?.value;
  const named = list === undefined ? undefined : (/<([^<>]{1,253})>/.exec(list)?.[1] ?? list.slice(0, 100)).trim();
  return { ...(last?.helo && before && { relay: last.helo }), ...(named && { list: named }) };
}

function sameOrganisation({ helo, by }: Hop): boolean {
  if (!helo || !by) return false;
  const [one, other] = [organisation(helo), organisation(by)];
  return one !== undefined && one === other;
}

/** Domains of one operator, whose servers hand mail to each other under several names. */
const operators: readonly (readonly string[])[] = [
  ['outlook.com', 'office365.com', 'exchangelabs.com', 'hotmail.com', 'microsoft.com'],
  ['google.com', 'gmail.com', 'googlemail.com'],
  ['yahoo.com', 'yahoodns.net', 'aol.com'],
  ['icloud.com', 'apple.com', 'me.com'],
];

function organisation(name: string): string | undefined {
  const domain = getDomain(name.toLowerCase()) ?? undefined;
  return operators.find(group => domain !== undefined && group.includes(domain))?.[0] ?? domain;
}
