import type { ExpectedRecord, Finding } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import type { Answer } from '../resolver/answer';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { sameAddress } from '../address';
import { sameName } from '../name';
import { visible } from '../../text/visible';
import { hasPastedQuotes, withoutZoneLine } from '../records/zoneLine';
import { evaluateSpf } from '../spf/evaluate';
import { unfixableTerms } from '../spf/unfixable';
import { lintSpf } from '../spf/lint';
import { mergeSpf, namesHost } from '../spf/merge';
import type { GluedTerms } from '../spf/strings';
import { gluedTerms } from '../spf/strings';
import { isSpf, looksLikeSpf, parseSpf } from '../spf/parse';
import { tidySpf } from '../spf/tidy';
import type { SpfNode } from '../spf/tree';
import { countLookups, describeTree, spfTree, treeOf } from '../spf/tree';

/** SPF in full (RFC 7208): one record, readable, within the limits, and allowing each address of this server. */
export async function judgeSpf(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const verdict = await judgeRecord(record, inquiry);
  return { ...verdict, notes: await budget(record, verdict, inquiry) };
}

async function judgeRecord(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const [answer, obsolete, tree] = await Promise.all([
    inquiry.ask(record.name, 'TXT'),
    inquiry.ask(record.name, 'SPF'),
    spfTree(record.name, inquiry),
  ]);
  if (answer.state === 'failed') return unanswered(answer);
  const records = answer.values.filter(isSpf);
  const suspects = answer.values.filter(text => !isSpf(text) && looksLikeSpf(text));
  const relics = [];
  if (answer.values.some(text => /^spf2\.0/i.test(text)))
    relics.push(finding('spf-sender-id', 'There is a Sender ID record (spf2.0) as well.', 'Remove it.'));
  if (obsolete.state === 'found')
    relics.push(
      finding(
        'spf-obsolete-type',
        'There is a record of the obsolete type SPF as well.',
        'Remove it; publish TXT only.',
      ),
    );
  if (records.length + suspects.length === 0) return missing(record, relics);

  const observed = [...records, ...suspects].map(text => visible(text));
  const value = await merged(record, [...records, ...suspects].map(withoutZoneLine).flatMap(tidySpf), tree, inquiry);
  const fix = `Publish this value, and no other SPF record: ${value}`;
  if (records.length > 1)
    return judged(
      observed,
      [finding('spf-several-records', `There are ${records.length} SPF records.`, fix), ...relics],
      value,
    );
  if (records.length === 0) {
    const text = suspects[0]!;
    const code =
      withoutZoneLine(text) !== text
        ? 'value-is-zone-line'
        : hasPastedQuotes(text)
          ? 'value-in-quotes'
          : 'spf-bad-start';
    return judged(
      observed,
      [finding(code, `The record starts with “${visible(suspects[0]!, 20)}”.`, fix), ...relics],
      value,
    );
  }
  const glued = gluedTerms(stringsOf(answer, records[0]!), tree);
  if (glued.length > 0) {
    const spaced = await merged(record, tidySpf(stringsOf(answer, records[0]!).join(' ')), tree, inquiry);
    return judged(observed, [...glued.map(place => gluedFinding(place, spaced)), ...relics], spaced);
  }
  const findings = [
    ...lintSpf(tree, fix, [...inquiry.facts.ipv4, ...inquiry.facts.ipv6]),
    ...relics,
    ...suspects.map(text =>
      finding('spf-bad-start', `A second record starts with “${visible(text, 20)}”.`, 'Remove it.', 'warning'),
    ),
  ];
  findings.push(...(await authorisation(record, inquiry, tree, findings, fix)));
  if (findings.some(item => item.code === 'dns-no-answer')) return { observed, findings, status: 'unknown', value };
  return judged(observed, findings, findings.some(item => item.severity !== 'information') ? value : records[0]!);
}

function stringsOf({ values, strings }: Answer, text: string): string[] {
  return strings?.[values.indexOf(text)] ?? [text];
}

function gluedFinding({ before, after }: GluedTerms, value: string): Finding {
  return finding(
    'spf-strings-without-blank',
    `A space is missing between “${visible(before, 60)}” and “${visible(after, 60)}”, where one string of the record ends.`,
    `Publish this value in one string: ${value}`,
  );
}

/** The include tree, and what the record costs now and as it should be. Asks nothing new but the server's own name. */
async function budget(
  record: ExpectedRecord,
  { observed, value = record.value }: Judgement,
  inquiry: Inquiry,
): Promise<string[]> {
  const [now, then] = await Promise.all([spfTree(record.name, inquiry), treeOf(record.name, value, inquiry)]);
  const change = observed.length === 1 && observed[0] !== value ? [`Lookups now: ${countLookups(now)} of 10.`] : [];
  return [
    ...change,
    `Lookups of the value to publish: ${countLookups(then)} of 10.`,
    ...describeTree(then, '  ').map(line => visible(line, 200)),
  ];
}

/** The record as it should be: what is there, with this server in it and without what can never be right. */
async function merged(record: ExpectedRecord, texts: string[], tree: SpfNode, inquiry: Inquiry): Promise<string> {
  const { domain, host, facts } = inquiry;
  // The server's own name needs nothing but itself.
  if (!sameName(record.name, domain)) return record.value;
  const options = { domain, host, addresses: [...facts.ipv4, ...facts.ipv6], lookups: countLookups(tree) };
  const value = mergeSpf(texts, options);
  const next = await treeOf(domain, value, inquiry);
  const without = unfixableTerms(next, [domain, host]);
  return without.size === 0 ? value : mergeSpf(texts, { ...options, lookups: countLookups(tree), without });
}

async function authorisation(
  record: ExpectedRecord,
  inquiry: Inquiry,
  tree: SpfNode,
  known: Finding[],
  fix: string,
): Promise<Finding[]> {
  const { facts, host, resolver, signal } = inquiry;
  const addresses = [...facts.ipv4, ...facts.ipv6];
  const helo = !sameName(record.name, inquiry.domain);
  const results = await Promise.all(
    addresses.map(async ip => ({
      ip,
      ...(await evaluateSpf({ ip, helo: host, sender: helo ? '' : `postmaster@${inquiry.domain}` }, resolver, signal)),
    })),
  );
  const found: Finding[] = [];
  const broken = results.find(item => item.result === 'permerror');
  if (broken && !known.some(item => item.severity === 'error')) found.push(permanentError(broken, host, fix));
  const silent = results.find(item => item.result === 'temperror');
  if (silent && !known.some(item => item.code === 'spf-not-resolvable'))
    found.push(
      finding(
        'dns-no-answer',
        `SPF cannot be evaluated now: ${visible(silent.reason ?? 'no answer', 200)}.`,
        'Check again later.',
      ),
    );
  for (const { ip, result } of results) {
    if (['pass', 'permerror', 'temperror'].includes(result)) continue;
    found.push(
      (await waitsForAddress(ip, record, inquiry, tree))
        ? finding(
            'spf-waits-for-address',
            `SPF allows ${host}, but that name does not resolve to ${ip} yet.`,
            `Publish the ${ip.includes(':') ? 'AAAA' : 'A'} record of ${host}.`,
          )
        : finding('spf-not-authorized', `The result for ${ip} is ${result}, not pass.`, fix),
    );
  }
  return found;
}

/** A limit may be passed for one family of addresses only: an `a` term asks for A or for AAAA, as the sender's address is. */
function permanentError(
  { ip, reason = 'permanent error' }: { ip: string; reason?: string },
  host: string,
  fix: string,
): Finding {
  const code = /void/i.test(reason)
    ? 'spf-too-many-void-lookups'
    : /too many dns/i.test(reason)
      ? 'spf-too-many-lookups'
      : 'spf-syntax';
  return finding(
    code,
    `For mail from ${ip} the record cannot be evaluated: ${visible(reason, 200)}.`,
    code === 'spf-syntax' ? fix : `Remove names that have no address of this kind, or put a:${host} first.`,
  );
}

async function waitsForAddress(ip: string, record: ExpectedRecord, inquiry: Inquiry, tree: SpfNode): Promise<boolean> {
  const names = { domain: record.name, host: inquiry.host };
  if (!tree.text || !parseSpf(tree.text).terms.some(term => namesHost(term, names))) return false;
  const answer = await inquiry.ask(inquiry.host, ip.includes(':') ? 'AAAA' : 'A');
  return !answer.values.some(value => sameAddress(value, ip));
}
