import type { ExpectedRecord } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { sameAddress } from '../address';
import { sameName } from '../name';
import { visible } from '../../text/visible';

/** The address's name: one, equal to what EHLO says, and leading back to the address (forward-confirmed). */
export async function judgePtr(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const address = record.subject!;
  const type = address.includes(':') ? 'AAAA' : 'A';
  const [answer, forward] = await Promise.all([inquiry.ask(record.name, 'PTR'), inquiry.ask(inquiry.host, type)]);
  if (answer.state === 'failed') return unanswered(answer);
  const fix = `At the provider of ${address}, set the reverse name to ${record.value}.`;
  if (answer.values.length === 0) return missing(record, [], fix);

  const findings = [];
  const names = [...new Set(answer.values.map(name => visible(name)))];
  if (!answer.values.some(name => sameName(name, record.value))) {
    findings.push(
      finding('ptr-wrong-name', `The name of ${address} is ${names.join(', ')}, not ${record.value}.`, fix),
    );
  } else {
    if (names.length > 1)
      findings.push(finding('ptr-several', `${address} has ${names.length} names: ${names.join(', ')}.`, fix));
    if (forward.state === 'failed') return unanswered(forward, names);
    if (!forward.values.some(value => sameAddress(value, address)))
      findings.push(
        finding(
          'ptr-not-forward-confirmed',
          `${record.value} does not resolve to ${address}.`,
          `Publish ${type} ${address} for ${record.value}.`,
        ),
      );
  }
  return judged(names, findings);
}
