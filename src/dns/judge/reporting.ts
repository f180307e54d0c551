import type { ExpectedRecord } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { parseTagList, tagValue } from '../tagList';
import { visible } from '../../text/visible';
import { withoutZoneLine } from '../records/zoneLine';
import { pasteFindings } from './paste';

/** TLS-RPT (RFC 8460 §3): one record which names where reports go. */
export async function judgeTlsRpt(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'TXT');
  if (answer.state === 'failed') return unanswered(answer);
  // Records that do not start so are passed over (RFC 8460 §3); with none that does, a typo is looked for.
  const exact = answer.values.filter(text => /^v=TLSRPTv1\s*;/.test(text));
  const candidates =
    exact.length > 0 ? exact : answer.values.filter(text => /^\W*v\s*=\s*TLSRPT/i.test(withoutZoneLine(text)));
  if (candidates.length === 0) return missing(record);
  const observed = candidates.map(text => visible(text));
  const fix = `Publish this value: ${record.value}`;
  if (candidates.length > 1)
    return judged(observed, [
      finding(
        'tls-rpt-several-records',
        `There are ${candidates.length} TLS-RPT records.`,
        `Keep one: ${record.value}`,
      ),
    ]);
  const { meant, findings } = pasteFindings(candidates[0]!, record.value);
  const list = parseTagList(meant);
  const uris = (tagValue(list, 'rua') ?? '').split(',').map(uri => uri.trim());
  if (!/^v=TLSRPTv1\s*;/.test(meant))
    findings.push(finding('tls-rpt-syntax', 'The record does not start with “v=TLSRPTv1;”.', fix));
  else if (list.duplicates.length > 0 || list.malformed.length > 0)
    findings.push(
      finding(
        'tls-rpt-syntax',
        `“${visible((list.duplicates[0] ?? list.malformed[0])!, 60)}” cannot be read or appears twice.`,
        fix,
      ),
    );
  else if (!uris.every(uri => /^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/i.test(uri)))
    findings.push(finding('tls-rpt-syntax', 'rua= must name mailto: or https: addresses, separated by commas.', fix));
  // Any address that can take reports is right: the user may prefer another one than we proposed.
  return judged(observed, findings, findings.length === 0 ? meant : record.value);
}
