import type { ExpectedRecord, Finding } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { parsePolicy, policyAllows, policyText, policyUrl } from '../mtaSts';
import { parseTagList, tagValue } from '../tagList';
import { visible } from '../../text/visible';
import { withoutZoneLine } from '../records/zoneLine';
import { pasteFindings } from './paste';

/** MTA-STS (RFC 8461): the record, and the policy that it announces. */
export async function judgeMtaSts(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'TXT');
  if (answer.state === 'failed') return unanswered(answer);
  // Records that do not start so are passed over (RFC 8461 §3.1); with none that does, a typo is looked for.
  const exact = answer.values.filter(text => /^v=STSv1\s*;/.test(text));
  const candidates =
    exact.length > 0 ? exact : answer.values.filter(text => /^\W*v\s*=\s*STS/i.test(withoutZoneLine(text)));
  if (candidates.length === 0) return missing(record);
  const observed = candidates.map(text => visible(text));
  if (candidates.length > 1)
    return judged(observed, [
      finding(
        'mta-sts-several-records',
        `There are ${candidates.length} MTA-STS records.`,
        `Keep one: ${record.value}`,
      ),
    ]);
  const { meant, findings } = pasteFindings(candidates[0]!, record.value);
  const list = parseTagList(meant);
  if (!/^v=STSv1\s*;/.test(meant))
    findings.push(
      finding('mta-sts-syntax', 'The record does not start with “v=STSv1;”.', `Publish this value: ${record.value}`),
    );
  else if (!/^[A-Za-z0-9]{1,32}$/.test(tagValue(list, 'id') ?? '') || list.duplicates.includes('id'))
    findings.push(
      finding(
        'mta-sts-syntax',
        'id= must be there once, with 1 to 32 letters and digits.',
        `Publish this value: ${record.value}`,
      ),
    );
  else if (list.malformed.length > 0)
    findings.push(
      finding(
        'mta-sts-syntax',
        `“${visible(list.malformed[0]!, 60)}” is not a tag.`,
        `Publish this value: ${record.value}`,
      ),
    );
  else findings.push(...(await policyFindings(inquiry)));
  const broken = findings.some(item => item.code === 'mta-sts-syntax' || item.code.startsWith('value-'));
  return judged(observed, findings, broken ? record.value : meant);
}

async function policyFindings(inquiry: Inquiry): Promise<Finding[]> {
  const { domain, host } = inquiry;
  const url = policyUrl(domain);
  const served = `Serve this text at ${url}: ${policyText([host]).trim().replace(/\r\n/g, ' ⏎ ')}`;
  if (!inquiry.fetchText) {
    const answers = await Promise.all([
      inquiry.ask(`mta-sts.${domain}`, 'A'),
      inquiry.ask(`mta-sts.${domain}`, 'AAAA'),
    ]);
    if (answers.every(answer => answer.state === 'no-name' || answer.state === 'no-data'))
      return [
        finding('mta-sts-no-policy', `mta-sts.${domain} has no address, so nobody can fetch the policy.`, served),
      ];
    return [finding('mta-sts-not-fetched', `The policy at ${url} was not fetched, since only DNS was asked.`)];
  }
  let text: string;
  try {
    text = await inquiry.fetchText(url, inquiry.signal);
  } catch (error) {
    if (inquiry.signal?.aborted) throw error;
    return [
      finding(
        'mta-sts-no-policy',
        `The policy at ${url} cannot be fetched: ${visible((error as Error).message, 200)}.`,
        served,
      ),
    ];
  }
  try {
    const policy = parsePolicy(text);
    const found: Finding[] = [];
    if (policy.mode !== 'none' && !policyAllows(policy, host))
      found.push(
        finding(
          'mta-sts-host-missing',
          `The policy names ${visible(policy.mx.join(', '), 200)} but not ${host}.`,
          `Add the line “mx: ${host}” and change id= in the record.`,
        ),
      );
    if (policy.mode === 'testing') found.push(finding('mta-sts-testing', 'The policy is in testing mode.'));
    if (policy.maxAge < 86_400)
      found.push(finding('mta-sts-short-age', `max_age is ${policy.maxAge} seconds.`, 'Use 604800, a week, or more.'));
    return found;
  } catch (error) {
    return [
      finding('mta-sts-policy-invalid', `The policy at ${url} is not valid: ${(error as Error).message}.`, served),
    ];
  }
}
