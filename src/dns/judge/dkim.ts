import type { DkimFacts } from '../records/facts';
import type { ExpectedRecord, Finding } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { holdsKey, publishedFindings } from '../dkim/compare';
import { canonicalKey, parseDkimRecord } from '../dkim/record';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { visible } from '../../text/visible';

/** The published key against the key that the server signs with. */
export async function judgeDkim(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const key = inquiry.facts.dkim.find(item => item.selector === record.subject)!;
  const answer = await inquiry.ask(record.name, 'TXT');
  if (answer.state === 'failed') return unanswered(answer);
  const own = keyFindings(key, inquiry.facts.dkim);
  if (answer.values.length === 0) return missing(record, [...own, ...(await elsewhere(record, key, inquiry))]);
  return judged(
    answer.values.map(text => visible(text)),
    [...publishedFindings(answer.values, key, record.name, record.value), ...own],
  );
}

/** What is to be said about the key itself, whatever is published. */
function keyFindings(key: DkimFacts, all: DkimFacts[]): Finding[] {
  const found: Finding[] = [];
  const bits = canonicalKey(key.algorithm, key.publicKey)?.bits;
  if (key.algorithm === 'rsa' && bits !== undefined && bits < 2048)
    found.push(
      finding(
        'dkim-short-key',
        `The key has ${bits} bits.`,
        'Rotate to an RSA key of 2048 bits or more.',
        bits < 1024 ? 'error' : 'warning',
      ),
    );
  if (key.loaded === false)
    found.push(
      finding('dkim-key-not-loaded', 'The key file is newer than the running server.', 'Restart the chasquid service.'),
    );
  if (all.every(item => item.algorithm === 'ed25519'))
    found.push(
      finding('dkim-ed25519-only', 'The domain has no RSA key.', 'Add an RSA key beside it; chasquid signs with both.'),
    );
  return found;
}

/** Selectors that tools use by default: where a key may have been published by mistake. */
const usualSelectors = ['default', 'dkim', 'mail', 'chasquid', 'selector1', 's1', 'key1'];

async function elsewhere(record: ExpectedRecord, key: DkimFacts, inquiry: Inquiry): Promise<Finding[]> {
  const selectors = [...new Set([...inquiry.facts.dkim.map(item => item.selector), ...usualSelectors])].filter(
    item => item !== key.selector,
  );
  // `_domainkey` typed without selector, the selector without `_domainkey`, or another domain are the other usual typos.
  const names = [
    ...selectors.map(selector => `${selector}._domainkey.${inquiry.domain}`),
    `_domainkey.${inquiry.domain}`,
    `${key.selector}._domainkey.${inquiry.host}`,
    inquiry.domain,
    `${key.selector}.${inquiry.domain}`,
    `${key.selector}.domainkey.${inquiry.domain}`,
  ];
  const answers = await Promise.all(names.filter(name => name !== record.name).map(name => inquiry.ask(name, 'TXT')));
  const hit = answers.find(answer => answer.values.some(text => holdsKey(parseDkimRecord(text), key)));
  return hit
    ? [
        finding(
          'dkim-wrong-selector',
          `The key is published at ${hit.name} instead of ${record.name}.`,
          `Move it to ${record.name}.`,
        ),
      ]
    : [];
}
