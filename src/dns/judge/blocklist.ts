import type { Finding } from '../records/record';
import type { Inquiry } from '../check/inquiry';
import { reversedLabels } from '../address';
import { describeFailure } from '../resolver/answer';
import { finding } from '../check/findings';

interface Blocklist {
  zone: string;
  name: string;
  /** Whether it lists IPv6 addresses. */
  v6: boolean;
  removal: string;
}

/** Lists that large receivers really use, and that answer small askers without an account. */
const addressLists: Blocklist[] = [
  { zone: 'zen.spamhaus.org', name: 'Spamhaus ZEN', v6: true, removal: 'https://check.spamhaus.org/' },
  { zone: 'bl.spamcop.net', name: 'SpamCop', v6: false, removal: 'https://www.spamcop.net/bl.shtml' },
  { zone: 'b.barracudacentral.org', name: 'Barracuda', v6: false, removal: 'https://www.barracudacentral.org/lookups' },
];
const domainList: Blocklist = {
  zone: 'dbl.spamhaus.org',
  name: 'Spamhaus DBL',
  v6: false,
  removal: 'https://check.spamhaus.org/',
};

/** What DNS blocklists say of an address (RFC 5782). */
export async function blocklistFindings(address: string, inquiry: Inquiry): Promise<Finding[]> {
  const v6 = address.includes(':');
  const lists = addressLists.filter(list => list.v6 || !v6);
  const found = await Promise.all(
    lists.map(list => askList(list, reversedLabels(address), address, 'address-blocklisted', inquiry)),
  );
  return found.flat();
}

/** What the domain blocklist says of a domain. */
export function domainBlocklistFindings(domain: string, inquiry: Inquiry): Promise<Finding[]> {
  return askList(domainList, domain, domain, 'domain-blocklisted', inquiry);
}

async function askList(
  list: Blocklist,
  key: string,
  shown: string,
  code: 'address-blocklisted' | 'domain-blocklisted',
  inquiry: Inquiry,
): Promise<Finding[]> {
  const answer = await inquiry.ask(`${key}.${list.zone}`, 'A');
  if (answer.state === 'failed')
    return [finding('blocklist-no-answer', `${list.name} could not be checked: ${describeFailure(answer)}.`)];
  // 127.255.255.0/24, and 127.0.1.255 of the domain list, is how Spamhaus says that the question was no good; it is never a listing.
  // Neither is 127.0.0.1 or any answer outside 127.0.0.0/8, which a resolver that rewrites missing names makes up (RFC 5782 §2.1).
  const refusals = answer.values.filter(value => value.startsWith('127.255.255.') || value === '127.0.1.255');
  if (refusals.length > 0)
    return [
      finding(
        'blocklist-refused-query',
        `${list.name} does not answer this resolver (${refusals.join(', ')}).`,
        'Ask through the server’s own resolver instead of a public one.',
      ),
    ];
  const codes = answer.values.filter(value => value.startsWith('127.') && value !== '127.0.0.1');
  if (codes.length === 0) return [];
  // What the provider of the address says of it (PBL), not what it did.
  const onlyPolicy = list.zone === 'zen.spamhaus.org' && codes.every(value => /^127\.0\.0\.1[01]$/.test(value));
  return [
    finding(
      code,
      `${list.name} lists ${shown} (${codes.join(', ')}${onlyPolicy ? ', policy list' : ''}).`,
      onlyPolicy
        ? `The provider of the address reported to Spamhaus that no mail server runs there. Have it removed at ${list.removal}`
        : `Find the cause and fix it first. Then ask for removal at ${list.removal}`,
    ),
  ];
}
