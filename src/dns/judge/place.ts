import type { ExpectedRecord, Finding } from '../record';
import type { Inquiry, Judgement } from '../inquiry';
import { finding } from '../findings';
import { visible } from '../text';

/** When a record is not right at its place: whether it was entered at the wrong one, or a wildcard answers for it. */
export async function placeFindings(
  record: ExpectedRecord,
  judgement: Judgement,
  inquiry: Inquiry,
): Promise<Finding[]> {
  if (record.purpose === 'ptr' || judgement.status === 'ok' || judgement.status === 'unknown') return [];
  const [twice, wildcard] = await Promise.all([
    appendedTwice(record, inquiry),
    fromWildcard(record, judgement, inquiry),
  ]);
  return [...twice, ...wildcard];
}

async function appendedTwice(record: ExpectedRecord, inquiry: Inquiry): Promise<Finding[]> {
  const name = `${record.name}.${record.zone}`;
  const found = (await inquiry.ask(name, record.type)).values;
  // A wildcard would answer here as well; only what belongs to this very record counts.
  if (!found.some(value => belongs(value, record))) return [];
  return [
    finding(
      'zone-appended-twice',
      `The record stands at ${name}.`,
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
  // A name that nobody publishes: whatever is there comes from a wildcard.
  const probe = (await inquiry.ask(`_chasquid-check-wildcard.${parent}`, record.type)).values.map(value =>
    visible(value),
  );
  if (probe.length === 0 || !judgement.observed.every(value => probe.includes(value))) return [];
  return [
    finding(
      'wildcard-answer',
      `The answer at ${record.name} comes from a wildcard record.`,
      `Publish a record of its own at ${record.relativeName}.`,
    ),
  ];
}
