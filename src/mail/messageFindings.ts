import type { Finding } from '../dns/record';
import type { MessageAnalysis } from './analyze';
import type { HeaderField } from './headers';

type Verdicts = Omit<MessageAnalysis, 'findings'>;

/** What a person should know of a message, worst first. */
export function messageFindings(verdicts: Verdicts, fields: HeaderField[], from?: string): Finding[] {
  const { tls, spf, dkim, dmarc, ip } = verdicts;
  const findings: Finding[] = [];
  const add = (code: string, severity: Finding['severity'], message: string, why: string): void =>
    void findings.push({ code, severity, message, why });

  if (dmarc.result !== 'pass') {
    const severity = dmarc.result === 'fail' || dmarc.result === 'permerror' ? 'error' : 'warning';
    add(
      `message-dmarc-${dmarc.result}`,
      severity,
      dmarc.reason,
      'Receivers put mail that DMARC does not pass into spam, or refuse it.',
    );
  }
  if (spf.result !== 'pass') {
    const severity = ['fail', 'permerror'].includes(spf.result) ? 'error' : 'warning';
    add(`message-spf-${spf.result}`, severity, spf.reason, 'SPF tells receivers which servers may send for a domain.');
  }
  const signed = dkim.some(one => one.result === 'pass');
  for (const one of dkim.filter(verdict => verdict.result !== 'pass')) {
    // One good signature is enough (RFC 6376 §6.1); others may be of forwarders.
    const severity = signed ? 'information' : one.result === 'temperror' ? 'warning' : 'error';
    add(
      `message-dkim-${one.result}`,
      severity,
      one.reason,
      'A signature shows that the message is the domain’s own and unchanged.',
    );
  }
  if (tls.result === 'fail') {
    add(
      'message-not-encrypted',
      'error',
      tls.reason,
      'Anyone on the way could read it, and Gmail marks it with an open padlock.',
    );
  }
  if (ip.address === null) {
    add(
      'message-no-hop',
      'warning',
      tls.reason,
      'Without it neither TLS nor SPF can be judged. Take the original from the receiver’s mailbox.',
    );
  }
  if (ip.family === 'IPv4') {
    add(
      'message-over-ipv4',
      'information',
      `It came over IPv4, from ${ip.address}.`,
      'That is fine. If your server has IPv6, it was not used: the receiver has none, or the server cannot reach it.',
    );
  }
  findings.push(...forwarders(verdicts, fields, from), ...disagreements(verdicts, fields));
  const order = { error: 0, warning: 1, information: 2 };
  return findings.sort((a, b) => order[a.severity] - order[b.severity]);
}

/** Who passed the message on. A seal below the way in was made before the receiver got it (RFC 8617); the receiver's own says nothing. */
function forwarders({ spf, dmarc }: Verdicts, fields: HeaderField[], from?: string): Finding[] {
  const arrived = fields.findIndex(
    field => field.name === 'received' && /\swith\s/i.test(field.value) && /^from\s/i.test(field.value),
  );
  const seals = fields
    .slice(arrived + 1)
    .filter(field => field.name === 'arc-seal')
    .map(field => /(?:^|;)\s*d\s*=\s*([^\s;]+)/i.exec(field.value)?.[1]?.toLowerCase().slice(0, 253))
    .filter(domain => domain !== undefined && domain !== from);
  if (arrived < 0 || seals.length === 0) return [];
  const cause =
    dmarc.result === 'pass'
      ? 'Its SPF result is the forwarder’s. A signature that was not broken carries DMARC.'
      : `It was not your server that sent it here: SPF speaks of ${spf.domain ?? 'the forwarder'}, and what the forwarder changed broke the signature. Look at a copy that came directly.`;
  return [
    {
      code: 'message-forwarded',
      severity: 'information',
      message: `It came by way of ${[...new Set(seals)].join(' and ')}, which sealed it (ARC).`,
      why: cause,
    },
  ];
}

/** The receiver judged when the message arrived; records may have changed since. Only the topmost field is the receiver's own. */
function disagreements({ spf, dkim, dmarc }: Verdicts, fields: HeaderField[]): Finding[] {
  const theirs = fields.find(field => field.name === 'authentication-results')?.value;
  if (theirs === undefined) return [];
  // Exchange Online leaves its name out (RFC 8601 §2.2 wants it first).
  const said = theirs.split(';')[0]!.trim().split(/\s/)[0]!.slice(0, 100);
  const judge = said.includes('=') ? 'the receiver' : said;
  const ours = {
    spf: spf.result,
    dkim: dkim.some(one => one.result === 'pass') ? 'pass' : dkim[0]!.result,
    dmarc: dmarc.result,
  };
  return Object.entries(ours).flatMap(([method, result]) => {
    const results = [...theirs.matchAll(new RegExp(`\\b${method}=([a-z]+)`, 'gi'))].map(match =>
      match[1]!.toLowerCase(),
    );
    if (!results.length || results.includes('pass') === (result === 'pass')) return [];
    return [
      {
        code: 'message-judged-otherwise',
        severity: 'information' as const,
        message: `When it arrived, ${judge} judged ${method}=${results[0]}; by the DNS of now it is ${result}.`,
        why: 'A record was changed since, or the message was changed on its way to you.',
      },
    ];
  });
}
