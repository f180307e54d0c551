import type { ExpectedRecord } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { ancestors, isWithin } from '../name';
import { visible } from '../../text/visible';

/**
 * TLSA (RFC 6698, RFC 7672) against the server's certificate, where one is known. One value that fits is enough: others may belong to a
 * key before or to come, or to an authority.
 */
export async function judgeTlsa(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'TLSA');
  if (answer.state === 'failed') return unanswered(answer);
  if (answer.values.length === 0) return missing(record);
  const findings = [];
  const fix = record.value
    ? `Publish TLSA ${record.value}`
    : 'Publish TLSA 3 1 1 with the SHA-256 of the server’s key.';
  const broken = answer.values.filter(value => !isWellFormedTlsa(value));
  if (broken.length > 0)
    findings.push(finding('tlsa-syntax', `“${visible(broken[0]!, 100)}” is not a valid TLSA value.`, fix));
  const chain = inquiry.facts.certificate?.tlsa;
  const fitting = [record.value, ...(chain ?? [])];
  // Without the chain only a hash of the key can be compared.
  const comparable = (value: string) => chain !== undefined || (record.value !== '' && value.startsWith('3 1 1 '));
  const readable = answer.values.filter(isWellFormedTlsa);
  const usable = readable.filter(value => /^[23] /.test(value));
  if (usable.length === 0 && readable.length > 0)
    findings.push(finding('tlsa-usage', `The usage is ${readable.map(value => value[0]).join(', ')}.`, fix));
  else if (usable.length > 0 && !usable.some(value => fitting.includes(value)) && usable.every(comparable))
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

/** Usage 0–3, selector 0 or 1, and data as long as the matching type says: the whole, SHA-256 or SHA-512 (RFC 6698 §2.1). */
function isWellFormedTlsa(value: string): boolean {
  return /^[0-3] [01] (?:0 (?:[0-9a-f]{2})+|1 [0-9a-f]{64}|2 [0-9a-f]{128})$/i.test(value);
}

async function signed(zone: string, inquiry: Inquiry): Promise<boolean> {
  return (await inquiry.ask(zone, 'DS')).values.length > 0;
}

/** CAA (RFC 8659): the closest ancestor that has any decides. */
export async function judgeCaa(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  // The climb begins at the name that the certificate is for (RFC 8659 §3).
  const start = isWithin(inquiry.host, record.name) ? inquiry.host : record.name;
  const answers = await Promise.all(ancestors(start).map(name => inquiry.ask(name, 'CAA')));
  const decisive = answers.find(answer => answer.state === 'found' || answer.state === 'failed');
  if (decisive?.state === 'failed') return unanswered(decisive);
  if (!decisive) return missing(record);
  const issuer = inquiry.facts.certificate?.caaIssuer ?? '';
  const issuers = decisive.values.flatMap(
    value => /^\d+ issue "([^";]*)/i.exec(value)?.[1]?.trim().toLowerCase() ?? [],
  );
  const observed = decisive.values.map(value => visible(value));
  const critical = decisive.values.find(value => isCritical(value));
  if (critical !== undefined)
    return judged(observed, [
      finding(
        'caa-unknown-critical',
        `${decisive.name} holds the critical property ${visible(critical, 100)}.`,
        'Remove it, or ask your authority whether it knows it.',
      ),
    ]);
  const named = issuers.filter(name => /^[a-z0-9.-]+\.[a-z0-9-]+$/.test(name));
  // Which authority issues for a server whose certificate is unknown, nobody can say: any will do.
  if (issuers.length === 0 || (issuer === '' ? named.length > 0 : named.includes(issuer)))
    return judged(
      observed,
      [],
      issuer === '' ? record.value : (decisive.values.find(value => value.includes(issuer)) ?? record.value),
    );
  const allowed = visible(named.join(', '), 200);
  return judged(observed, [
    finding(
      'caa-forbids-issuer',
      `${decisive.name} allows ${allowed ? `only ${allowed}` : 'nobody'} to issue certificates.`,
      `At ${decisive.aliases.at(-1) ?? decisive.name}, add CAA ${record.value || '0 issue with the name of your authority, such as "letsencrypt.org"'}.`,
    ),
  ]);
}

/** Whether a property must be understood and is none that authorities know (RFC 8659 §4, RFC 9495, the IANA registry). */
function isCritical(value: string): boolean {
  const [flags, tag = ''] = value.split(' ');
  const known = ['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone', 'issuevmc', 'issuemail'];
  return (Number(flags) & 128) !== 0 && !known.includes(tag.toLowerCase());
}
