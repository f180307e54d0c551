import type { DkimFacts } from '../facts';
import type { ExpectedRecord, Finding } from '../record';
import type { Inquiry, Judgement } from '../inquiry';
import type { DkimRecord } from '../dkim/record';
import { canonicalKey, looksLikeDkim, parseDkimRecord } from '../dkim/record';
import { finding } from '../findings';
import { judged, missing, unanswered } from '../inquiry';
import { visible } from '../text';
import { tagValue } from '../tagList';
import { pasteFindings } from './paste';

/** The published key against the key that the server signs with. */
export async function judgeDkim(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const key = inquiry.facts.dkim.find(item => item.selector === record.subject)!;
  const answer = await inquiry.ask(record.name, 'TXT');
  if (answer.state === 'failed') return unanswered(answer);
  const own = keyFindings(key, inquiry.facts.dkim);
  if (answer.values.length === 0) return missing(record, [...own, ...(await elsewhere(record, key, inquiry))]);
  const observed = answer.values.map(text => visible(text));
  const fix = `Publish this value: ${record.value}`;

  const texts = answer.values;
  if (texts.length > 1) {
    if (matches(parseDkimRecord(joinParts(texts)), key))
      return judged(observed, [
        finding(
          'dkim-split-records',
          `The key is spread over ${texts.length} TXT records.`,
          `Make one record of several strings. ${fix}`,
        ),
        ...own,
      ]);
    if (texts.filter(looksLikeDkim).length > 1)
      return judged(observed, [
        finding(
          'dkim-several-records',
          `There are ${texts.length} keys at ${record.name}.`,
          `Keep only this one: ${record.value}`,
        ),
        ...own,
      ]);
  }
  const text = texts.find(looksLikeDkim) ?? texts[0]!;
  const { meant, findings } = pasteFindings(text, record.value);
  findings.push(...recordFindings(parseDkimRecord(meant), key, fix), ...own);
  return judged(observed, findings);
}

/** Parts of a key that became separate records come back in any order: the one with the tags first. */
function joinParts(texts: string[]): string {
  return [...texts].sort((a, b) => Number(looksLikeDkim(b)) - Number(looksLikeDkim(a))).join('');
}

function matches(published: DkimRecord, key: DkimFacts): boolean {
  const there = published.key === undefined ? undefined : canonicalKey(published.algorithm, published.key);
  return there !== undefined && there.text === (canonicalKey(key.algorithm, key.publicKey)?.text ?? key.publicKey);
}

function recordFindings(published: DkimRecord, key: DkimFacts, fix: string): Finding[] {
  const { list } = published;
  if (list.duplicates.length > 0)
    return [finding('dkim-syntax', `The tag ${list.duplicates.join(', ')} is there twice.`, fix)];
  if (list.malformed.length > 0)
    return [finding('dkim-syntax', `“${visible(list.malformed[0]!, 60)}” is no tag.`, fix)];
  if (published.key === undefined) return [finding('dkim-syntax', 'The record has no key: p= is missing.', fix)];
  const found: Finding[] = [];
  if (published.version !== undefined && (published.version !== 'DKIM1' || list.tags[0]?.name !== 'v'))
    found.push(
      finding(
        'dkim-version',
        published.version === 'DKIM1'
          ? 'v=DKIM1 is not the first tag.'
          : `The version is “${visible(published.version, 40)}”.`,
        fix,
      ),
    );
  if (published.key === '')
    return [...found, finding('dkim-revoked', 'The key is published as revoked: p= is empty.', fix)];
  if (published.algorithm !== key.algorithm) {
    found.push(
      finding(
        'dkim-key-type',
        `The record says k=${visible(published.algorithm, 40)}, the server signs with ${key.algorithm}.`,
        fix,
      ),
    );
    return found;
  }
  const there = canonicalKey(published.algorithm, published.key);
  if (!there) found.push(finding('dkim-syntax', 'What p= holds is not a key: it was cut or altered.', fix));
  else if (!matches(published, key))
    found.push(
      finding('dkim-key-differs', 'The published key is not the key on the server.', `${fix} Or rotate the key.`),
    );
  if (published.flags.includes('y')) found.push(finding('dkim-test-mode', 'The key is marked as a test (t=y).', fix));
  if (published.services.length > 0 && !published.services.some(item => item === '*' || item === 'email'))
    found.push(finding('dkim-service-type', `The key is only for s=${visible(tagValue(list, 's') ?? '', 40)}.`, fix));
  if (published.hashes.length > 0 && !published.hashes.includes('sha256'))
    found.push(finding('dkim-hash', `The key allows only h=${visible(tagValue(list, 'h') ?? '', 40)}.`, fix));
  return found;
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
  // `_domainkey` typed without selector, or the selector without `_domainkey`, are the other usual slips.
  const names = [
    ...selectors.map(selector => `${selector}._domainkey.${inquiry.domain}`),
    `_domainkey.${inquiry.domain}`,
    `${key.selector}.${inquiry.domain}`,
    `${key.selector}.domainkey.${inquiry.domain}`,
  ];
  const answers = await Promise.all(names.map(name => inquiry.ask(name, 'TXT')));
  const hit = answers.find(answer => answer.values.some(text => matches(parseDkimRecord(text), key)));
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
