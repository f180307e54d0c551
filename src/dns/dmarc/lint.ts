import type { Finding } from '../records/record';
import type { DmarcRecord } from './record';
import { finding } from '../check/findings';
import { tagValue } from '../tagList';
import { visible } from '../../text/visible';
import { policies } from './record';

/** Tags of RFC 7489 that RFC 9989 removed. */
const removed: Record<string, string> = {
  pct: 'Use t=y while you test, and remove it when you are sure.',
  rf: 'Remove it: there is only one format.',
  ri: 'Remove it: reports come once a day.',
};
const known = new Set(['v', 'p', 'sp', 'np', 'adkim', 'aspf', 'fo', 'rua', 'ruf', 't', 'psd']);

/** Whether a record is the domain's own, or that of a domain above it. */
type Place = 'own' | 'inherited';

/** The policy that a record sets: subdomains follow sp=, where it is there (RFC 9989 §4.7). */
export function effectivePolicy({ list }: DmarcRecord, place: Place): string | undefined {
  return ((place === 'inherited' ? tagValue(list, 'sp') : undefined) ?? tagValue(list, 'p'))?.toLowerCase();
}

/** Everything that can be said of a DMARC record by its text alone (RFC 9989 §4.7). */
export function lintDmarc(record: DmarcRecord, fix: string, place: Place = 'own'): Finding[] {
  const { list } = record;
  if (list.duplicates.length > 0)
    return [
      finding('dmarc-duplicate-tag', `The tag ${list.duplicates.join(', ')} appears twice.`, 'Keep one of each.'),
    ];
  const broken = list.malformed
    .slice(0, 1)
    .map(text =>
      finding('dmarc-syntax', `“${visible(text, 60)}” is not a tag: it needs a name, “=” and a value.`, fix),
    );
  return [...broken, ...policyFindings(record, fix, place), ...tagFindings(record), ...reportFindings(record, fix)];
}

function policyFindings(record: DmarcRecord, fix: string, place: Place): Finding[] {
  const { list, rua } = record;
  const found: Finding[] = [];
  const [p, sp, np] = ['p', 'sp', 'np'].map(name => tagValue(list, name)?.toLowerCase());
  if (p === undefined) {
    // RFC 9989 §4.10.1: without p= a record counts as p=none when it asks for reports, and else not at all.
    const counts = rua.some(uri => uri.domain !== undefined);
    found.push(finding('dmarc-no-policy', 'The record has no p=.', fix, counts ? 'warning' : 'error'));
  }
  for (const [name, value] of [
    ['p', p],
    ['sp', sp],
    ['np', np],
  ] as const)
    if (value !== undefined && !policies.includes(value))
      found.push(
        finding(
          'dmarc-unknown-policy',
          `${name}=${visible(value, 40)} is not a policy.`,
          `Use ${name}=none, ${name}=quarantine or ${name}=reject. ${fix}`,
        ),
      );
  if (effectivePolicy(record, place) === 'none')
    found.push(
      finding(
        'dmarc-policy-none',
        'The policy is “none”: receivers deliver forged mail.',
        'When the reports show only your own servers, publish p=quarantine. Use p=reject only if nobody writes to mailing lists from the domain (RFC 9989 §7.4).',
      ),
    );
  if (place === 'inherited') return found;
  const strength = (value: string | undefined) => policies.indexOf(value ?? p ?? 'none');
  for (const [name, value, who] of [
    ['sp', sp, 'Subdomains'],
    ['np', np, 'Subdomains that do not exist'],
  ] as const)
    if (value !== undefined && policies.includes(value) && strength(value) < strength(p))
      found.push(
        finding(
          'dmarc-subdomains-weaker',
          `${who} have the weaker policy ${name}=${visible(value, 40)}.`,
          `Remove ${name}=, or set ${name}=${visible(p ?? '', 40)}.`,
        ),
      );
  return found;
}

const allowed: Record<string, RegExp> = {
  adkim: /^[rs]$/i,
  aspf: /^[rs]$/i,
  t: /^[yn]$/i,
  psd: /^[ynu]$/i,
  // Each option at most once (RFC 9989 §4.8).
  fo: /^(?!(?:[^0]*0){2}|(?:[^1]*1){2}|(?:[^d]*d){2}|(?:[^s]*s){2})[01ds](?:\s*:\s*[01ds])*$/i,
};
const meaning: Record<string, string> = {
  adkim: 'r (relaxed) or s (strict)',
  aspf: 'r (relaxed) or s (strict)',
  t: 'y or n',
  psd: 'y, n or u',
  fo: '0 (a report when everything fails), 1 (when anything fails), d (when DKIM fails), s (when SPF fails)',
};

function tagFindings({ list }: DmarcRecord): Finding[] {
  const found: Finding[] = [];
  // The first tag is the version, which may be written V.
  for (const { name, value } of list.tags.slice(1)) {
    if (removed[name])
      found.push(
        finding(
          'dmarc-removed-tag',
          `The tag ${name}= no longer exists.`,
          removed[name],
          // Receivers of the old kind apply the policy to a part of the mail, those of the new kind to all of it.
          name === 'pct' && value !== '100' ? 'warning' : 'information',
        ),
      );
    else if (!known.has(name))
      found.push(
        finding(
          'dmarc-unknown-tag',
          `The tag ${visible(name, 40)}= is unknown.`,
          'Check its spelling; tag names are lower case.',
        ),
      );
    else if (allowed[name] && !allowed[name].test(value))
      found.push(finding('dmarc-bad-value', `${name}=${visible(value, 40)} has no meaning.`, `Use ${meaning[name]}.`));
  }
  if (tagValue(list, 't')?.toLowerCase() === 'y') {
    const enforced = ['p', 'sp', 'np'].some(name => /^(quarantine|reject)$/i.test(tagValue(list, name) ?? ''));
    found.push(
      finding(
        'dmarc-testing',
        enforced ? 'The policy is marked as a test (t=y).' : 'The test flag t=y has no effect on the policy “none”.',
        'Remove t=y when the reports are clean.',
        enforced ? 'warning' : 'information',
      ),
    );
  }
  if (tagValue(list, 'psd')?.toLowerCase() === 'y')
    found.push(finding('dmarc-psd', 'The record says psd=y.', 'Remove psd=y.'));
  const fo =
    tagValue(list, 'fo')
      ?.split(':')
      .map(item => item.trim()) ?? [];
  if (fo.includes('0') && fo.includes('1'))
    found.push(finding('dmarc-fo-redundant', 'fo= names both 0 and 1.', 'Use fo=1.'));
  if (fo.length > 0 && tagValue(list, 'ruf') === undefined)
    found.push(finding('dmarc-fo-without-ruf', 'fo= is there without ruf=.', 'Remove fo=, or add ruf=.'));
  return found;
}

function reportFindings({ list, rua, ruf }: DmarcRecord, fix: string): Finding[] {
  const found: Finding[] = [];
  if (tagValue(list, 'rua') === undefined)
    found.push(finding('dmarc-no-reports', 'Nobody gets reports: rua= is missing.', fix));
  for (const [name, uris] of [
    ['rua', rua],
    ['ruf', ruf],
  ] as const) {
    for (const uri of uris.slice(0, 10)) {
      if (uri.domain === undefined)
        found.push(
          finding(
            'dmarc-report-address',
            `${name}= holds “${visible(uri.text, 80)}”, which is not a mailto: address.`,
            `Write mailto: before each address, and commas between them. ${fix}`,
            uris.some(other => other.domain !== undefined) ? 'warning' : 'error',
          ),
        );
      if (uri.size !== undefined)
        found.push(finding('dmarc-report-size', `The size limit !${uri.size} no longer exists.`, 'Remove it.'));
    }
    if (uris.length > 2)
      found.push(
        finding('dmarc-many-report-addresses', `${name}= names ${uris.length} addresses.`, 'Name two at most.'),
      );
  }
  return found;
}
