import type { DkimFacts } from '../records/facts';
import type { Finding } from '../records/record';
import type { DkimRecord } from './record';
import { finding } from '../check/findings';
import { pasteFindings } from '../judge/paste';
import { tagValue } from '../tagList';
import { visible } from '../../text/visible';
import { canonicalKey, isPrivateKey, looksLikeDkim, parseDkimRecord } from './record';

type Key = Pick<DkimFacts, 'algorithm' | 'publicKey'>;

/** Whether a record holds the same key, however both are spelled. */
export function holdsKey(published: DkimRecord, key: Key): boolean {
  const there = published.key === undefined ? undefined : canonicalKey(published.algorithm, published.key);
  return (
    published.algorithm === key.algorithm &&
    there !== undefined &&
    there.text === (canonicalKey(key.algorithm, key.publicKey)?.text ?? key.publicKey)
  );
}

/**
 * Everything that is wrong with the TXT records at a selector's name (at least one) when the server signs with `key`.
 * @param name of the records, for the texts. @param value that would be right.
 */
export function publishedFindings(texts: readonly string[], key: Key, name: string, value: string): Finding[] {
  const fix = `Publish this value: ${value}`;
  if (texts.length > 1) {
    const whole = texts.some(text => holdsKey(parseDkimRecord(text), key));
    if (!whole && holdsKey(parseDkimRecord(joinParts(texts)), key))
      return [
        finding(
          'dkim-split-records',
          `The key is split across ${texts.length} TXT records.`,
          `Publish it as one record with several strings. ${fix}`,
        ),
      ];
    const keys = texts.filter(looksLikeDkim).length;
    if (keys > 1)
      return [finding('dkim-several-records', `There are ${keys} keys at ${name}.`, `Keep only this one: ${value}`)];
  }
  const { meant, findings } = pasteFindings(texts.find(looksLikeDkim) ?? texts[0]!, value);
  return [...findings, ...recordFindings(parseDkimRecord(meant), key, fix)];
}

/** Parts of a key that became separate records come back in any order: the one with the tags first. */
function joinParts(texts: readonly string[]): string {
  return [...texts].sort((a, b) => Number(looksLikeDkim(b)) - Number(looksLikeDkim(a))).join('');
}

function recordFindings(published: DkimRecord, key: Key, fix: string): Finding[] {
  const { list } = published;
  if (list.duplicates.length > 0)
    return [finding('dkim-syntax', `The tag ${list.duplicates.join(', ')} appears twice.`, fix)];
  if (list.malformed.length > 0)
    return [finding('dkim-syntax', `“${visible(list.malformed[0]!, 60)}” is not a tag.`, fix)];
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
  if (isPrivateKey(published.key))
    return [
      ...found,
      finding(
        'dkim-private-key',
        'The record holds a private key instead of the public one.',
        'Remove the record, then rotate to a new key with a new selector.',
      ),
    ];
  if (published.algorithm !== key.algorithm)
    return [...found, finding('dkim-key-type', keyTypeText(published, key), fix)];
  if (!canonicalKey(published.algorithm, published.key))
    found.push(finding('dkim-syntax', whyNoKey(published.algorithm, published.key), fix));
  else if (!holdsKey(published, key))
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

function keyTypeText({ list, algorithm }: DkimRecord, key: Key): string {
  const says = tagValue(list, 'k') === undefined ? 'has no k=, which means rsa' : `says k=${visible(algorithm, 40)}`;
  return `The record ${says}; the server signs with ${key.algorithm}.`;
}

function whyNoKey(algorithm: string, text: string): string {
  if (text.includes('-----'))
    return 'p= contains the BEGIN and END lines of a PEM file; only the text between them belongs there.';
  // SubjectPublicKeyInfo of Ed25519 (RFC 8410) is 12 octets longer than the key.
  if (algorithm === 'ed25519' && Buffer.from(text, 'base64').length === 44)
    return 'p= contains the key with its ASN.1 encoding; DKIM expects only the 32 octets (RFC 8463 §4).';
  return 'The value of p= is not a key: it was truncated or altered.';
}
