import { parseTagList } from '../tagList';
import { visible } from '../../text/visible';

const policyMeaning: Record<string, string> = {
  none: 'deliver it anyway, and only report',
  quarantine: 'put it into the spam folder',
  reject: 'refuse it',
};
const reportMeaning: Record<string, string> = {
  '0': 'when neither SPF nor DKIM passes',
  '1': 'when SPF or DKIM does not pass',
  d: 'when a DKIM signature fails',
  s: 'when SPF fails',
};
const alignment = (value: string) =>
  value.toLowerCase() === 's'
    ? 'must be exactly your domain'
    : 'may also be a subdomain, or the parent, of your domain';
const policy = (value: string) => policyMeaning[value.toLowerCase()] ?? 'no receiver knows this policy';

/** What each tag of a DMARC record asks receivers for (RFC 9989 §4.7). */
const meanings: Record<string, (value: string) => string> = {
  v: () => 'this is a DMARC record',
  p: value => `mail in the domain’s name that does not pass: ${policy(value)}`,
  sp: value => `the same for subdomains: ${policy(value)}`,
  np: value => `the same for subdomains that do not exist: ${policy(value)}`,
  rua: () => 'where the daily reports go: who sends in your name, and what passes',
  ruf: () => 'where reports about single failed messages go; few receivers send them',
  fo: value =>
    `a failure report is sent ${value
      .split(':')
      .map(item => reportMeaning[item.trim().toLowerCase()] ?? `for no known reason (${item.trim()})`)
      .join(', or ')}`,
  adkim: value => `the domain of the DKIM signature ${alignment(value)}`,
  aspf: value => `the domain that SPF checks ${alignment(value)}`,
  t: value =>
    value.toLowerCase() === 'y'
      ? 'a test: receivers apply one step less than the policy'
      : 'no test: the policy applies in full',
  psd: value => (value.toLowerCase() === 'y' ? 'the domain is a public suffix' : 'the domain is not a public suffix'),
  pct: () => 'no longer exists',
  rf: () => 'no longer exists',
  ri: () => 'no longer exists',
};

/** A record tag by tag, a line each: `p=none: …`. */
export function explainDmarc(text: string): string[] {
  return parseTagList(text).tags.map(
    ({ name, value }) =>
      `${visible(name, 40)}=${visible(value, 120)}: ${meanings[name]?.(value) ?? 'unknown; receivers ignore it'}.`,
  );
}
