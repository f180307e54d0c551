import type { ExpectedRecord, Finding } from '../record';
import type { Inquiry, Judgement } from '../inquiry';
import type { DmarcRecord, ReportUri } from '../dmarc/record';
import { finding } from '../findings';
import { judged, missing, unanswered } from '../inquiry';
import { lintDmarc } from '../dmarc/lint';
import { organisation } from '../dmarc/discover';
import { repairDmarc } from '../dmarc/repair';
import { isDmarc, looksLikeDmarc, parseDmarc } from '../dmarc/record';
import { isWithin, registrableDomain } from '../name';
import { visible } from '../text';
import { pasteFindings } from './paste';

/** The domain's DMARC policy: its own record, or the one it inherits (RFC 9989). */
export async function judgeDmarc(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const [answer, apex, walk] = await Promise.all([
    inquiry.ask(record.name, 'TXT'),
    inquiry.ask(inquiry.domain, 'TXT'),
    organisation(inquiry.domain, inquiry),
  ]);
  if (answer.state === 'failed') return unanswered(answer);
  const fix = `Publish this value at ${record.name}: ${record.value}`;
  const candidates = answer.values.filter(text => isDmarc(text) || looksLikeDmarc(text));
  if (candidates.length === 0) {
    const other: Finding[] = [];
    if (apex.values.some(looksLikeDmarc))
      other.push(
        finding('dmarc-at-apex', `A DMARC record stands at ${inquiry.domain} itself.`, `Move it to ${record.name}.`),
      );
    if (answer.values.length > 0) {
      const observed = answer.values.map(text => visible(text));
      return judged(observed, [
        finding('dmarc-not-dmarc', `${record.name} holds “${visible(answer.values[0]!, 80)}”.`, fix),
        ...other,
      ]);
    }
    if (walk.silent) return unanswered(walk.silent);
    const inherited =
      walk.inherited === undefined ? [] : [finding('dmarc-inherited', `The record of ${walk.from} applies.`)];
    if (walk.inherited === undefined || walk.ofSuffix || other.length > 0)
      return missing(record, [...other, ...inherited]);
    return judged(
      [visible(walk.inherited)],
      [...inherited, ...lintDmarc(parseDmarc(walk.inherited), fix)],
      walk.inherited,
    );
  }
  const observed = candidates.map(text => visible(text));
  if (candidates.filter(isDmarc).length > 1)
    return judged(observed, [
      finding(
        'dmarc-several-records',
        `There are ${candidates.length} DMARC records.`,
        `Keep one of them: ${visible(candidates[0]!)}`,
      ),
    ]);
  const text = candidates.find(isDmarc) ?? candidates[0]!;
  const repaired = repairDmarc(text, record.value);
  const mend = `Publish this value at ${record.name}: ${repaired}`;
  const { meant, findings } = pasteFindings(text, repaired);
  if (!isDmarc(meant))
    findings.push(
      finding('dmarc-bad-start', `The record starts with “${visible(meant, 20)}” instead of “v=DMARC1;”.`, mend),
    );
  const parsed = parseDmarc(meant);
  findings.push(...lintDmarc(parsed, mend), ...(await destinationFindings(parsed, inquiry)));
  const lacking = ['dmarc-no-policy', 'dmarc-no-reports'];
  const keep = !findings.some(item => item.severity === 'error' || lacking.includes(item.code));
  return judged(observed, findings, keep ? meant : repaired);
}

/** Reports to another domain need its consent (RFC 9990 §4), and an address that takes mail. */
async function destinationFindings({ rua, ruf }: DmarcRecord, inquiry: Inquiry): Promise<Finding[]> {
  const uris = [...new Map([...rua, ...ruf].filter(uri => uri.domain).map(uri => [uri.domain!, uri])).values()].slice(
    0,
    10,
  );
  return (await Promise.all(uris.map(uri => destination(uri, inquiry)))).flat();
}

async function destination(uri: ReportUri, inquiry: Inquiry): Promise<Finding[]> {
  const target = uri.domain!;
  const found: Finding[] = [];
  const consentName = `${inquiry.domain}._report._dmarc.${target}`;
  const [mx, address, v6, consent] = await Promise.all([
    inquiry.ask(target, 'MX'),
    inquiry.ask(target, 'A'),
    inquiry.ask(target, 'AAAA'),
    isForeign(target, inquiry).then(foreign => (foreign ? inquiry.ask(consentName, 'TXT') : undefined)),
  ]);
  const silent = [mx, address, v6].every(answer => answer.state === 'no-name' || answer.state === 'no-data');
  // Without an MX of its own yet, the domain's own verdict on MX says it already.
  if ((silent && target !== inquiry.domain) || mx.values.some(value => value.endsWith(' .')))
    found.push(
      finding(
        'dmarc-report-undeliverable',
        `${visible(target, 100)} takes no mail.`,
        'Choose an address that you read.',
      ),
    );
  if (consent && consent.state !== 'failed' && !consent.values.some(isDmarc))
    found.push(
      finding(
        'dmarc-report-not-authorized',
        `${visible(target, 100)} does not say that it takes reports for ${inquiry.domain}.`,
        `In its zone, publish TXT “v=DMARC1” at ${consentName}.`,
      ),
    );
  return found;
}

/** Whether a domain belongs to another organisation: another registrable domain, and another end of the tree walk. */
async function isForeign(target: string, inquiry: Inquiry): Promise<boolean> {
  const { domain } = inquiry;
  if (isWithin(target, domain) || isWithin(domain, target) || registrableDomain(target) === registrableDomain(domain))
    return false;
  const [mine, theirs] = await Promise.all([organisation(domain, inquiry), organisation(target, inquiry)]);
  return mine.domain !== theirs.domain;
}
