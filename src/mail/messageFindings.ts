import type { Finding } from '../dns/records/record';
import { visible } from '../text/visible';
import type { MessageAnalysis } from './messageAnalysis';
import type { DkimVerdict } from './verdicts';
import type { HeaderField } from './headers';
import type { Way } from './receivedHop';

type Verdicts = Omit<MessageAnalysis, 'findings'>;

/** The domain in From:, and who passed the message on. */
type Course = Way & { from?: string };

/** What a user should know of a message, worst first. */
export function messageFindings(verdicts: Verdicts, fields: HeaderField[], course: Course): Finding[] {
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
    // A forwarder breaks SPF and nothing can be done about it, as long as the signature carries DMARC.
    const carried = dmarc.result === 'pass' && (course.relay !== undefined || course.list !== undefined);
    const severity = carried ? 'information' : ['fail', 'permerror'].includes(spf.result) ? 'error' : 'warning';
    add(`message-spf-${spf.result}`, severity, spf.reason, 'SPF tells receivers which servers may send for a domain.');
  }
  const signed = dkim.some(one => one.result === 'pass');
  for (const one of dkim.filter(verdict => verdict.result !== 'pass')) {
    // One good signature is enough (RFC 6376 §6.1); others may be of forwarders.
    const open = one.result === 'temperror' || (one.result === 'none' && ip.address === null);
    const severity = signed ? 'information' : open ? 'warning' : 'error';
    add(
      `message-dkim-${one.result}`,
      severity,
      one.reason,
      'A signature shows that the message is the domain’s own and unchanged.',
    );
  }
  findings.push(...dkim.filter(one => one.result === 'pass').flatMap(weaknesses));
  if (tls.result === 'fail') {
    add(
      'message-not-encrypted',
      'error',
      tls.reason,
      'Anyone along the way could read it, and Gmail marks it with an open padlock.',
    );
  }
  if (ip.address === null) {
    add(
      'message-no-hop',
      'warning',
      tls.reason,
      'Without it neither TLS nor SPF can be checked. Take the original from the receiver’s mailbox.',
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
  findings.push(...forwarders(verdicts, fields, course), ...disagreements(verdicts, fields));
  const order = { error: 0, warning: 1, information: 2 };
  return findings.map(readable).sort((a, b) => order[a.severity] - order[b.severity]);
}

/** Names in a message are a stranger's text. */
function readable(found: Finding): Finding {
  return { ...found, message: visible(found.message), ...(found.fix !== undefined && { fix: visible(found.fix) }) };
}

/** A signature that holds may still prove less than it should. */
function weaknesses({ domain, selector, bits, algorithm, uncovered, testing }: DkimVerdict): Finding[] {
  const found: Finding[] = [];
  const key = `${selector}._domainkey.${domain}`;
  if (uncovered !== undefined)
    found.push({
      code: 'message-dkim-body-length',
      severity: 'warning',
      message:
        uncovered > 0
          ? `The signature of ${domain} does not cover the last ${uncovered} octets of the text (l=).`
          : `The signature of ${domain} lets anybody add to the text (l=).`,
      why: 'Anyone who forwards it can append text, and the signature stays valid. Some receivers ignore such signatures.',
      fix: 'Sign without l=.',
    });
  if (testing)
    found.push({
      code: 'message-dkim-test-mode',
      severity: 'warning',
      message: `The key at ${key} is marked as a test (t=y).`,
      why: 'It asks receivers to treat the message as if it were not signed.',
      fix: 'Publish the key without t=y.',
    });
  if (algorithm?.startsWith('rsa') && bits !== undefined && bits < 2048)
    found.push({
      code: 'message-dkim-short-key',
      severity: 'warning',
      message: `The key at ${key} has ${bits} bits.`,
      why: 'Keys under 2048 bits are weak (RFC 8301).',
      fix: 'Rotate to a key of 2048 bits or more.',
    });
  return found;
}

/** Who passed the message on. A seal below the way in was made before the receiver got it (RFC 8617); the receiver's own says nothing. */
function forwarders({ spf, dmarc }: Verdicts, fields: HeaderField[], { from, relay, list }: Course): Finding[] {
  const arrived = fields.findIndex(
    field => field.name === 'received' && /\swith\s/i.test(field.value) && /^from\s/i.test(field.value),
  );
  const seals = fields
    .slice(arrived + 1)
    .filter(field => field.name === 'arc-seal')
    .map(field => /(?:^|;)\s*d\s*=\s*([^\s;]+)/i.exec(field.value)?.[1]?.toLowerCase().slice(0, 253))
    .filter(domain => domain !== undefined && domain !== from);
  const sealed = arrived >= 0 && seals.length > 0;
  if (list === undefined && !sealed && (relay === undefined || spf.result === 'pass')) return [];
  const by =
    list !== undefined
      ? `the mailing list ${list}`
      : sealed
        ? `${[...new Set(seals)].join(' and ')}, which sealed it (ARC)`
        : `${relay}, which got it from another server`;
  const cause =
    dmarc.result === 'pass'
      ? 'Its SPF result is the forwarder’s. A signature that was not broken carries DMARC.'
      : `It was not your server that sent it here: SPF is about ${spf.domain ?? 'the forwarder'}, and what was changed on the way breaks a signature.`;
  const next =
    list !== undefined || sealed
      ? 'Check a copy that came directly.'
      : `If ${relay} is a relay of yours, add its address to the SPF record; if the receiver had it forwarded, check a copy that came directly.`;
  return [
    {
      code: 'message-forwarded',
      severity: 'information',
      message: `It came via ${by}.`,
      why: cause,
      ...(dmarc.result !== 'pass' || (spf.result !== 'pass' && !sealed) ? { fix: next } : {}),
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
        message: `When it arrived, ${judge} judged ${method}=${results[0]}; by the current DNS records it is ${result}.`,
        why: 'A record was changed since, or the message was changed on its way to you.',
      },
    ];
  });
}
