import type { ExpectedRecord, Finding } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import type { DmarcRecord, ReportUri } from '../dmarc/record';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { effectivePolicy, lintDmarc } from '../dmarc/lint';
import { organisation } from '../dmarc/discover';
import { repairDmarc } from '../dmarc/repair';
import { isDmarc, looksLikeDmarc, parseDmarc } from '../dmarc/record';
import { isWithin, registrableDomain } from '../name';
import { visible } from '../../text/visible';
import { pasteFindings } from './paste';

/** The domain's DMARC policy: its own record, or the one it inherits (RFC 9989). */
export async function judgeDmarc(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const [answer, walk] = await Promise.all([inquiry.ask(record.name, 'TXT'), organisation(inquiry.domain, inquiry)]);
  if (answer.state === 'failed') return unanswered(answer);
  const fix = `Publish this value at ${record.name}: ${record.value}`;
  const candidates = answer.values.filter(text => isDmarc(text) || looksLikeDmarc(text));
  if (candidates.length === 0) {
    const other = await elsewhere(record, inquiry);
    if (answer.values.length > 0) {
      const observed = answer.values.map(text => visible(text));
      return judged(observed, [
        finding('dmarc-not-dmarc', `${record.name} holds “${visible(answer.values[0]!, 80)}”.`, fix),
        ...other,
      ]);
    }
    if (walk.silent) return unanswered(walk.silent);
    const { inherited, from, several } = walk;
    if (inherited === undefined) {
      if (several !== undefined)
        other.push(
          finding(
            'dmarc-several-records',
            `There are several DMARC records at _dmarc.${several}, so none of them applies here.`,
            `Keep one of them.`,
          ),
        );
      return missing(record, other);
    }
    const parent = parseDmarc(inherited);
    const applies = finding(
      'dmarc-inherited',
      `The record of ${from} applies, with the policy “${visible(effectivePolicy(parent, 'inherited') ?? 'none', 40)}”.`,
    );
    if (walk.ofSuffix || other.length > 0) return missing(record, [...other, applies]);
    return judged([visible(inherited)], [applies, ...lintDmarc(parent, fix, 'inherited')], inherited);
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
  const correction = `Publish this value at ${record.name}: ${repaired}`;
  const { meant, findings } = pasteFindings(text, repaired);
  if (!isDmarc(meant))
    findings.push(
      finding('dmarc-bad-start', `The record starts with “${visible(meant, 20)}” instead of “v=DMARC1;”.`, correction),
    );
  // Of a record that does not start right nothing else counts; what it was meant to be is looked at instead.
  const parsed = parseDmarc(isDmarc(meant) ? meant : repaired);
  findings.push(...lintDmarc(parsed, correction), ...(await destinationFindings(parsed, inquiry)));
  const fixed = ['no-policy', 'no-reports', 'bad-value', 'removed-tag', 'report-address', 'psd'].map(
    code => `dmarc-${code}`,
  );
  const keep = !findings.some(
    item => item.severity === 'error' || (item.severity === 'warning' && fixed.includes(item.code)),
  );
  return judged(observed, findings, keep ? meant : repaired);
}

/** Where a record may have been published by mistake. */
async function elsewhere(record: ExpectedRecord, { domain, host, ask }: Inquiry): Promise<Finding[]> {
  const names = [`dmarc.${domain}`, ...(host !== domain && isWithin(host, domain) ? [`_dmarc.${host}`] : [])];
  const [apex, ...others] = await Promise.all([domain, ...names].map(name => ask(name, 'TXT')));
  const move = `Move it to ${record.name}.`;
  if (apex!.values.some(looksLikeDmarc))
    return [finding('dmarc-at-apex', `There is a DMARC record at ${domain} itself.`, move)];
  const hit = others.find(answer => answer.values.some(isDmarc));
  return hit ? [finding('dmarc-wrong-name', `There is a DMARC record at ${hit.name}.`, move)] : [];
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
  // Whether the domain itself takes mail is what the verdict on its MX says.
  if (target === inquiry.domain) return [];
  const found: Finding[] = [];
  const consentName = `${inquiry.domain}._report._dmarc.${target}`;
  const [mx, address, v6, consent] = await Promise.all([
    inquiry.ask(target, 'MX'),
    inquiry.ask(target, 'A'),
    inquiry.ask(target, 'AAAA'),
    isForeign(target, inquiry).then(foreign => (foreign ? inquiry.ask(consentName, 'TXT') : undefined)),
  ]);
  const silent = [mx, address, v6].every(answer => answer.state === 'no-name' || answer.state === 'no-data');
  if (silent || mx.values.some(value => value.endsWith(' .')))
    found.push(
      finding(
        'dmarc-report-undeliverable',
        `${visible(target, 100)} accepts no mail.`,
        'Choose an address that you read.',
      ),
    );
  if (consent && consent.state !== 'failed' && !consent.values.some(isDmarc))
    found.push(
      finding(
        'dmarc-report-not-authorized',
        `${visible(target, 100)} does not say that it accepts reports for ${inquiry.domain}.`,
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
