import type { MessageAnalysis } from '../../mail/messageAnalysis';
import { escape, table } from '../../text/markdown';

const signs: Record<string, string> = { pass: '✓ pass', none: '– none', neutral: '– neutral' };
const sign = (result: string): string => signs[result] ?? `✗ ${escape(result)}`;
const grades = { error: '✗', warning: '⚠', information: 'ℹ' };

function sentence(trusted: boolean, unsent: boolean): string {
  if (trusted) return '**This message is trusted**: receivers see that it truly comes from its domain.';
  return unsent
    ? '**This copy cannot be checked**: it does not show how it arrived. Take the original from the receiver’s mailbox.'
    : '**Receivers have a reason to doubt this message.** The marked rows below show which one.';
}

/** The analysis as a page: verdicts first, then what to know and to do. */
export function analysisPage({ tls, spf, dkim, dmarc, ip, findings }: MessageAnalysis): string[] {
  return [
    '# Message analysis',
    sentence(dmarc.result === 'pass' && tls.result !== 'fail', ip.address === null && dmarc.result === 'none'),
    table(
      ['', 'Verdict', 'Why'],
      [
        ['TLS', sign(tls.result), escape(tls.reason)],
        ['SPF', sign(spf.result), escape(spf.reason)],
        ...dkim.map(one => ['DKIM', sign(one.result), escape(one.reason)]),
        ['DMARC', sign(dmarc.result), escape(dmarc.reason)],
        ['Received over', ip.family ?? 'unknown', ip.address === null ? '' : escape(ip.address)],
      ],
    ),
    ...(findings.length > 0 ? ['## What to know'] : []),
    ...findings.map(
      ({ severity, message, why, fix }) =>
        `- ${grades[severity]} ${escape([message, why, fix].filter(Boolean).join(' '))}`,
    ),
    'Checked again with the current DNS records, according to RFC 7208, RFC 6376 and RFC 9989.',
  ];
}
