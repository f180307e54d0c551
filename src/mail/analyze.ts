import type { DNSResolver } from 'mailauth';
import { isIPv6 } from 'node:net';
import { Readable } from 'node:stream';
import type { Resolver } from '../dns/resolver/answer';
import { parseDkimRecord, type DkimRecord } from '../dns/dkim/record';
import { evaluateSpf, lookUp } from '../dns/spf/evaluate';
import { giveWay } from '../input/slices';
import { hasText, headerFields, holdsUp, type HeaderField } from './headers';
import type { MessageAnalysis } from './messageAnalysis';
import { messageFindings } from './messageFindings';
import { originalOf } from './original';
import { receivingHop, wayOf, type Hop } from './receivedHop';
import { dkimVerdict, dmarcVerdict, spfVerdict, type DkimVerdict, type Verdict } from './verdicts';

const pieceSize = 256 * 1024;

/**
 * Judges the original text of a received message.
 * @param raw with its header as the receiver stored it, or what is usually copied of it (`originalOf`); line ends of any kind.
 * @param resolver asked for SPF, DKIM and DMARC records. The verdicts are those of the DNS as it is now.
 * @throws RangeError for what is no message; the signal's reason.
 */
export async function analyzeMessage(
  raw: Uint8Array,
  resolver: Resolver,
  signal?: AbortSignal,
): Promise<MessageAnalysis> {
  const message = originalOf(raw);
  const excess = holdsUp(message);
  if (excess !== undefined)
    throw new RangeError(
      `The header of this message holds ${excess}, which no legitimate program writes and which would stall a program that reads it. Do not trust the message.`,
    );
  const fields = headerFields(message);
  if (!fields.some(field => field.name === 'from' || field.name === 'received')) {
    throw new RangeError(
      'This is not the original of a message: it has neither From: nor Received: at its top. A copy of the visible text is not enough. Take the original (in Gmail: Show original, Download).',
    );
  }
  const hop = receivingHop(fields);
  const dns = ((name: string, type: string) => lookUp(resolver, name, type, signal)) as DNSResolver;
  const { dkimVerify, dmarc } = await import('./mailauth');
  const [sent, signatures] = await Promise.all([
    judgeSpf(fields, hop, resolver, signal),
    dkimVerify(Readable.from(inPieces(message)), { resolver: dns, strict: true, minBitLength: 1024 }),
  ]);
  const judged = await dmarc({
    headerFrom: signatures.headerFrom,
    fromFields: signatures.fromFields,
    spfDomains: sent.verdict.result === 'pass' && sent.domain ? [sent.domain] : [],
    dkimDomains: signatures.results
      .filter(one => one.status.result === 'pass')
      .map(one => ({ ...(one.id && { id: one.id }), domain: one.signingDomain ?? '', ...aligned(one.status) })),
    resolver: dns,
    strict: true,
  });
  signal?.throwIfAborted();
  const text = hasText(message);
  const dkim = await Promise.all(
    signatures.results
      .filter(one => one.signingDomain)
      .map(async one => {
        const record = await publishedKey(one.selector, one.signingDomain, resolver, signal);
        return dkimVerdict(one, { text, ...(record && { record }) });
      }),
  );
  if (!dkim.length) dkim.push(notSigned);
  const from = signatures.headerFrom[0]?.split('@').at(-1)?.toLowerCase();
  const verdicts = {
    tls: judgeTls(hop),
    spf: { ...sent.verdict, ...(sent.domain && { domain: sent.domain }) },
    dkim,
    dmarc: dmarcVerdict(judged, from, {
      spf: sent.verdict,
      dkim,
      arrived: hop !== undefined,
      authors: authorsOf(fields),
    }),
    ip: ipOf(hop),
  };
  return { ...verdicts, findings: messageFindings(verdicts, fields, { ...(from && { from }), ...wayOf(fields) }) };
}

/** The record of a signature's key, where there is one that can be read. The verification asked for it already. */
async function publishedKey(
  selector: string | undefined,
  domain: string | undefined,
  resolver: Resolver,
  signal?: AbortSignal,
): Promise<DkimRecord | undefined> {
  if (!selector || !domain) return undefined;
  const { values } = await resolver.query(`${selector}._domainkey.${domain}`, 'TXT', signal);
  return values.length === 1 ? parseDkimRecord(values[0]!) : undefined;
}

/** So that others get their turn while a large message is gone over. */
async function* inPieces(message: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < message.length; at += pieceSize) {
    yield message.subarray(at, at + pieceSize);
    await giveWay();
  }
}

/** How many From: fields there are. */
function authorsOf(fields: HeaderField[]): number {
  return fields.filter(field => field.name === 'from').length;
}

const notSigned: DkimVerdict = {
  result: 'none',
  reason: 'The message is not signed. Check that the server has a DKIM key for the domain and was restarted since.',
  domain: '',
  selector: '',
};

function aligned({ aligned: domain, underSized }: { aligned?: string | false; underSized?: number }) {
  return { ...(domain !== undefined && { aligned: domain }), ...(underSized !== undefined && { underSized }) };
}

function ipOf(hop: Hop | undefined): MessageAnalysis['ip'] {
  const address = hop?.address ?? null;
  return { address, family: address === null ? null : isIPv6(address) ? 'IPv6' : 'IPv4' };
}

function judgeTls(hop: Hop | undefined): MessageAnalysis['tls'] {
  if (!hop) return { result: 'none', reason: noHop };
  const details = { ...(hop.protocol && { protocol: hop.protocol }), ...(hop.cipher && { cipher: hop.cipher }) };
  const who = `${hop.by ?? 'The receiver'} got it from ${hop.address}`;
  if (!hop.tls) return { result: 'fail', reason: `${who} in clear text: its Received field names no TLS.`, ...details };
  return { result: 'pass', reason: `${who} over ${hop.protocol ?? 'TLS'}.`, ...details };
}

const noHop = 'No Received field shows how the message reached its receiver. It may be a copy from the sender’s side.';

async function judgeSpf(
  fields: HeaderField[],
  hop: Hop | undefined,
  resolver: Resolver,
  signal?: AbortSignal,
): Promise<{ verdict: Verdict; domain?: string }> {
  const sender = envelopeSender(fields);
  const helo = hop?.helo ?? '';
  // A bounce has no sender: then the name of EHLO is judged (RFC 7208 §2.4).
  const domain = (sender?.split('@').at(-1) || helo).toLowerCase().replace(/\.$/, '');
  if (!hop?.address) return { verdict: { result: 'none', reason: noHop }, ...(domain && { domain }) };
  if (sender === undefined) {
    return {
      verdict: {
        result: 'none',
        reason: 'The message does not show its envelope sender (Return-Path), so SPF cannot be checked.',
      },
    };
  }
  const evaluation = await evaluateSpf({ ip: hop.address, sender, helo: helo || hop.address }, resolver, signal);
  return { verdict: spfVerdict(evaluation, domain || hop.address, hop.address), ...(domain && { domain }) };
}

/** MAIL FROM: what the receiver wrote down of it; '' for a bounce. */
function envelopeSender(fields: HeaderField[]): string | undefined {
  const first = (name: string, pattern: RegExp): string | undefined => {
    for (const field of fields) {
      const found = field.name === name ? pattern.exec(field.value) : null;
      if (found) return found[1]!.trim();
    }
    return undefined;
  };
  return (
    first('return-path', /^<([^<>]*)>/) ??
    first('return-path', /^([^\s<>@]+@[^\s<>]+)$/) ??
    first('authentication-results', /\bsmtp\.mailfrom=["<]?([^\s;">]+)/i) ??
    first('received-spf', /\benvelope-from=["<]?([^\s;">]*)/i) ??
    first('received', /\benvelope[- ]from\s+["<]+([^\s">]*)/i)
  );
}
