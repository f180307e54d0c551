import type { ExpectedRecord, Finding } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { missingSeverity } from '../check/inquiry';
import { finding } from '../check/findings';
import { visible } from '../../text/visible';

/** When a record is not right at its place: whether it was entered at the wrong one, or a wildcard or an alias answers for it. */
export async function placeFindings(
  record: ExpectedRecord,
  judgement: Judgement,
  inquiry: Inquiry,
): Promise<Finding[]> {
  if (judgement.status === 'ok' || judgement.status === 'unknown') return [];
  const alias = judgement.status === 'missing' ? await aliasWithout(record, inquiry) : [];
  if (record.purpose === 'ptr') return alias;
  const [twice, wildcard] = await Promise.all([
    appendedTwice(record, inquiry),
    fromWildcard(record, judgement, inquiry),
  ]);
  return [...alias, ...twice, ...wildcard];
}

/** A name that nobody publishes: whatever is there comes from a wildcard. */
const probe = '_chasquid-check-wildcard';

/** The name is an alias that leads nowhere. */
async function aliasWithout(record: ExpectedRecord, inquiry: Inquiry): Promise<Finding[]> {
  const parent = record.name.slice(record.name.indexOf('.') + 1);
  const [answer, wildcard] = await Promise.all([
    inquiry.ask(record.name, record.type),
    inquiry.ask(`${probe}.${parent}`, record.type),
  ]);
  const target = answer.aliases.at(-1);
  // An alias for every name gives way as soon as there is a record of its own.
  if (target === undefined || target === wildcard.aliases.at(-1)) return [];
  return [
    finding(
      'alias-without-record',
      `${record.name} is an alias (CNAME) of ${visible(target, 200)}, where there is no such record.`,
      `Publish the record there, or remove the CNAME and publish the record at ${record.name} itself.`,
      missingSeverity[record.requirement],
    ),
  ];
}

async function appendedTwice(record: ExpectedRecord, inquiry: Inquiry): Promise<Finding[]> {
  const name = `${record.name}.${record.zone}`;
  const [found, wildcard] = await Promise.all([
    inquiry.ask(name, record.type),
    inquiry.ask(`${probe}.${record.zone}`, record.type),
  ]);
  // A wildcard would answer here as well; only what belongs to this very record counts.
  const own = found.values.filter(value => !wildcard.values.includes(value));
  if (!own.some(value => belongs(value, record))) return [];
  return [
    finding(
      'zone-appended-twice',
      `The record is at ${name}.`,
      `In the zone ${record.zone}, enter the name as ${record.relativeName}.`,
    ),
  ];
}

const starts: Partial<Record<ExpectedRecord['purpose'], RegExp>> = {
  spf: /^v=spf1/i,
  dmarc: /^v\s*=\s*dmarc1/i,
  dkim: /(^|;)\s*(v=dkim1|p=)/i,
  'mta-sts': /^v=sts/i,
  'tls-rpt': /^v=tlsrpt/i,
};

function belongs(value: string, record: ExpectedRecord): boolean {
  return starts[record.purpose]?.test(value) ?? value === record.value;
}

async function fromWildcard(record: ExpectedRecord, judgement: Judgement, inquiry: Inquiry): Promise<Finding[]> {
  if (judgement.observed.length === 0 || record.name === record.zone) return [];
  const parent = record.name.slice(record.name.indexOf('.') + 1);
  const answered = (await inquiry.ask(`${probe}.${parent}`, record.type)).values.map(value => visible(value));
  if (answered.length === 0 || !judgement.observed.every(value => answered.includes(value))) return [];
  return [
    finding(
      'wildcard-answer',
      `The answer at ${record.name} comes from a wildcard record.`,
      `Publish a record of its own at ${record.relativeName}.`,
    ),
  ];
}
