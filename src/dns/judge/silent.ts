import type { ExpectedRecord } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { isSpf, parseSpf } from '../spf/parse';
import { visible } from '../../text/visible';

/** A name that takes no mail says so with a null MX (RFC 7505), and with nothing beside it. */
export async function judgeNullMx(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'MX');
  if (answer.state === 'failed') return unanswered(answer);
  if (answer.values.length === 0) return missing(record);
  const observed = answer.values.map(value => visible(value));
  const others = answer.values.filter(value => !value.endsWith(' .'));
  if (others.length === 0) return judged(observed, []);
  return judged(observed, [
    finding(
      'null-mx-others',
      `${record.name} has the MX ${visible(others.join(', '), 200)}.`,
      `If the name accepts no mail, publish MX ${record.value} and nothing else.`,
    ),
  ]);
}

/** A name that never sends says so with an SPF record that allows nobody (RFC 7208 §10.1.2). */
export async function judgeNullSpf(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'TXT');
  if (answer.state === 'failed') return unanswered(answer);
  const records = answer.values.filter(isSpf);
  if (records.length === 0) return missing(record);
  const observed = records.map(text => visible(text));
  const fix = `Publish this value, and no other SPF record: ${record.value}`;
  if (records.length > 1)
    return judged(observed, [finding('spf-several-records', `There are ${records.length} SPF records.`, fix)]);
  const [first] = parseSpf(records[0]!).terms;
  if (first?.kind === 'mechanism' && first.name === 'all' && first.qualifier === '-') return judged(observed, []);
  return judged(observed, [finding('null-spf-allows', `The record of ${record.name} lets somebody send.`, fix)]);
}
