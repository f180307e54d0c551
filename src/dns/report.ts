import type { RecordVerdict } from './record';
import { summarize } from './summary';
import { visible } from './text';

const words: Record<RecordVerdict['status'], string> = {
  ok: 'right',
  missing: 'missing',
  wrong: 'wrong',
  warning: 'needs a look',
  unknown: 'not known',
};

/** The verdicts as a Markdown document, to read or to send to a provider. */
export function healthReport(domain: string, records: readonly RecordVerdict[], checkedAt: Date): string {
  const { sentence, right, total } = summarize(records);
  const rows = records.map(
    record => `| ${words[record.status]} | ${record.type} | ${code(record.name)} | ${record.requirement} |`,
  );
  const wanting = records.filter(record => record.status !== 'ok').flatMap(details);
  return [
    `# DNS of ${escape(domain)}`,
    '',
    `${sentence} ${right} of ${total} records are right. Checked ${checkedAt.toISOString()}.`,
    '',
    '| State | Type | Name | Need |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...wanting,
    '',
  ].join('\n');
}

function details(record: RecordVerdict): string[] {
  const { type, name, value, observed, seen = [] } = record;
  return [
    '',
    `## ${type} ${escape(name)}: ${words[record.status]}`,
    '',
    `- expected: ${code(value)}`,
    ...(observed.length > 0 ? observed.map(found => `- found: ${code(found)}`) : ['- found: nothing']),
    ...seen.map(
      ({ server, values, failure }) => `- ${escape(server)}: ${failure ?? (values.map(code).join(', ') || 'nothing')}`,
    ),
    ...record.findings.map(({ message, why, fix }) => `- ${escape([message, why, fix].filter(Boolean).join(' '))}`),
  ];
}

/** Text from the DNS stays text: in a code span that is longer than any run of backticks in it, without line breaks and cell borders. */
function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(match => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

function escape(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>|&]/g, char => `\\${char}`);
}
