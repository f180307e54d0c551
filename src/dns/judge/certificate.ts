import type { ExpectedRecord } from '../record';
import type { Inquiry, Judgement } from '../inquiry';
import { finding } from '../findings';
import { judged, missing, unanswered } from '../inquiry';
import { ancestors } from '../name';
import { visible } from '../text';

/** TLSA (RFC 6698, RFC 7672) against the server's certificate. Any pin of the key or of its authority may stand beside ours. */
export async function judgeTlsa(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'TLSA');
  if (answer.state === 'failed') return unanswered(answer);
  if (answer.values.length === 0) return missing(record);
  const findings = [];
  const fix = `Publish TLSA ${record.value}`;
  const usable = answer.values.filter(value => /^[23] /.test(value));
  if (usable.length === 0)
    findings.push(finding('tlsa-usage', `The usage is ${answer.values.map(value => value[0]).join(', ')}.`, fix));
  // Usage 2 pins an authority, which is not known here: only the end-entity pins (3 1 1) can be compared.
  else if (!usable.includes(record.value) && usable.every(value => value.startsWith('3 1 1 ')))
    findings.push(finding('tlsa-mismatch', 'The pinned key is not the one of the server’s certificate.', fix));
  if (!answer.authenticated && !(await signed(record.zone, inquiry)))
    findings.push(
      finding(
        'tlsa-without-dnssec',
        `The zone ${record.zone} is not signed with DNSSEC.`,
        'Switch DNSSEC on at your provider, or remove the record.',
      ),
    );
  return judged(answer.values, findings);
}

async function signed(zone: string, inquiry: Inquiry): Promise<boolean> {
  return (await inquiry.ask(zone, 'DS')).values.length > 0;
}

/** CAA (RFC 8659): the closest ancestor that has any decides. */
export async function judgeCaa(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answers = await Promise.all(ancestors(record.name).map(name => inquiry.ask(name, 'CAA')));
  const decisive = answers.find(answer => answer.state === 'found' || answer.state === 'failed');
  if (decisive?.state === 'failed') return unanswered(decisive);
  if (!decisive) return missing(record);
  const issuer = inquiry.facts.certificate?.caaIssuer ?? '';
  const issuers = decisive.values.flatMap(
    value => /^\d+ issue "([^";]*)/i.exec(value)?.[1]?.trim().toLowerCase() ?? [],
  );
  const observed = decisive.values.map(value => visible(value));
  if (issuers.length === 0 || issuers.includes(issuer))
    return judged(observed, [], decisive.values.find(value => value.includes(issuer)) ?? record.value);
  return judged(observed, [
    finding(
      'caa-forbids-issuer',
      `${decisive.name} allows only ${visible(issuers.join(', '), 200) || 'nobody'} to issue certificates.`,
      `Add CAA ${record.value}`,
    ),
  ]);
}
