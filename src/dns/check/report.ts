import type { Finding, RecordVerdict } from '../records/record';
import { byZone } from '../export/zones';
import { summarize } from './summary';
import { code, escape, table } from '../../text/markdown';
import { timeLeft } from '../../text/duration';

const words: Record<RecordVerdict['status'], string> = {
  ok: 'OK',
  missing: 'missing',
  wrong: 'wrong',
  warning: 'needs attention',
  unknown: 'unknown',
};
const order: Record<Finding['severity'], number> = { error: 0, warning: 1, information: 2 };

/** The verdicts as a Markdown document, to read or to send to whoever runs the DNS. */
export function healthReport(domain: string, records: readonly RecordVerdict[], checkedAt: Date): string {
  const { sentence, right, total } = summarize(records);
  const wanting = records.filter(record => record.status !== 'ok');
  const sections = [
    [
      `# DNS of ${code(domain)}`,
      `${sentence} ${right} of ${total} records are OK. Checked ${checkedAt.toISOString()}.`,
    ],
    toDo(wanting),
    ...toPublish(wanting),
    ['## All records', table(['State', 'Type', 'Name', 'Need'], records.map(row))],
    ...wanting.map(details),
    remarks(records),
  ];
  return `${sections
    .filter(section => section.length > 0)
    .flat()
    .join('\n\n')}\n`;
}

function row({ status, type, name, requirement }: RecordVerdict): string[] {
  return [words[status], type, code(name), requirement];
}

/** What is wrong, the worst first, with what to do. */
function toDo(wanting: readonly RecordVerdict[]): string[] {
  const found = wanting
    .flatMap(record => record.findings.map(finding => ({ record, finding })))
    .filter(({ finding }) => finding.severity !== 'information')
    .sort((a, b) => order[a.finding.severity] - order[b.finding.severity]);
  if (found.length === 0) return [];
  const lines = found.map(
    ({ finding: { severity, message, fix } }, at) =>
      `${at + 1}. **${severity}**: ${escape(message)}${fix === undefined ? '' : ` ${escape(shortened(fix))}`}`,
  );
  return ['## What to do', lines.join('\n')];
}

/** A value to publish stands in the table below, and whole values in every line bury the words. */
function shortened(fix: string): string {
  return fix.replace(/(:\s)(v=\S.{60,})$/s, (_, colon: string, value: string) => `${colon}${value.slice(0, 40)}…`);
}

/** What to enter where: a table for each zone, and one for the reverse names, which the address's provider sets. */
function toPublish(wanting: readonly RecordVerdict[]): string[][] {
  const due = wanting.filter(
    ({ status, value, requirement, observed }) =>
      status !== 'unknown' && value !== '' && requirement !== 'optional' && String(observed) !== value,
  );
  const zones = byZone(due.filter(record => record.purpose !== 'ptr')).map(([zone, own]) => [
    `## To be published in the zone ${code(zone)}`,
    table(
      ['Name', 'Type', 'Value'],
      own.map(({ relativeName, type, value }) => [code(relativeName), type, code(value)]),
    ),
  ]);
  const reverse = due.filter(record => record.purpose === 'ptr');
  if (reverse.length === 0) return zones;
  const rows = reverse.map(({ subject = '', value }) => [code(subject), code(value)]);
  return [...zones, ['## Reverse names, to be set by the provider of the addresses', table(['Address', 'Name'], rows)]];
}

function details(record: RecordVerdict): string[] {
  const { type, name, value, observed, seen = [], why } = record;
  const found = observed.length > 0 ? observed.map(text => `- found: ${code(text)}`) : ['- found: nothing'];
  const servers = seen.map(({ server, values, failure, ttl }) => {
    const answer = failure ? `no answer, ${escape(failure)}` : values.map(code).join(', ') || 'nothing';
    return `- ${escape(server)}: ${answer}${ttl ? `, kept for ${timeLeft(ttl * 1000)}` : ''}`;
  });
  return [
    `## ${type} ${code(name)}: ${words[record.status]}`,
    escape(why),
    [`- expected: ${value === '' ? 'specified by its provider' : code(value)}`, ...found, ...servers].join('\n'),
    ...record.findings.map(
      ({ code: name, message, why: reason, fix }) =>
        `**${escape(message)}** ${escape([reason === why ? '' : reason, fix].filter(Boolean).join(' '))} (${code(name)})`,
    ),
  ];
}

/** What is worth knowing of records that are right. */
function remarks(records: readonly RecordVerdict[]): string[] {
  const lines = records
    .filter(record => record.status === 'ok')
    .flatMap(({ type, name, findings }) =>
      findings.map(
        ({ message, why }) => `- ${type} ${code(name)}: ${escape([message, why].filter(Boolean).join(' '))}`,
      ),
    );
  return lines.length > 0 ? ['## Good to know', lines.join('\n')] : [];
}
