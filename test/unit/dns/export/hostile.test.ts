import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { exportRecords } from '../../../../src/dns/export';
import { type ExportFormat, exportTitles } from '../../../../src/dns/export/format';
import { expectedRecords } from '../../../../src/dns/records/expected';
import type { ExpectedRecord } from '../../../../src/dns/records/record';
import { facts } from '../../../support/records';
import { Generator } from '../../../support/generate';

const formats = Object.keys(exportTitles) as ExportFormat[];
const records = expectedRecords(facts({ certificate: { spkiSha256: 'ab'.repeat(32), caaIssuer: 'letsencrypt.org' } }));

/** What ends a line, a string, a field or a statement in one of the formats. */
const breaks = [
  '\n',
  '\r',
  '\u2028',
  '\0',
  '"',
  "'",
  '\\',
  ';',
  '#',
  '//',
  '/*',
  '`',
  '${',
  '%{',
  '$(',
  '{',
  '}',
  '(',
  ')',
  ' ',
  '\t',
  '\\"',
  '\\;',
  '---',
  '- ',
  ': ',
  '&a',
  '*a',
  '!!',
  '|',
  '>',
  'é',
  '\ud800',
  '\\065',
  '\u001b[',
];

/** The same texts each time. */
function hostileTexts(count: number): string[] {
  const made = new Generator(7);
  const piece = () => made.pick([made.pick(breaks), made.pick(breaks), 'a', '1', 'update delete x. A']);
  return Array.from({ length: count }, () => piece() + made.some(11, piece));
}

const replaced = (purpose: string, change: Partial<ExpectedRecord>): ExpectedRecord[] =>
  records.map(record => (record.purpose === purpose ? { ...record, ...change } : record));

describe('an export of records in which something hostile stands', () => {
  it('is refused where a name is none, in every form', () => {
    for (const text of [...hostileTexts(200), 's1\nupdate delete victim.example. a', 'a b', 'a;b', '"', '-a', '']) {
      const name = `${text}._domainkey.example.test`;
      for (const [purpose, change] of [
        ['dkim', { name, relativeName: `${text}._domainkey` }],
        ['spf', { zone: `example.test${text}\n`, value: 'v=spf1 -all' }],
        ['a', { value: `192.0.2.1${text} ` }],
        ['mx', { value: `10 mail${text}\n.example.test` }],
        ['ptr', { value: `mail.example.test${text} ` }],
        ['caa', { value: `0 issue "letsencrypt.org"${text}"` }],
        ['tlsa', { value: `3 1 1 abcd${text};` }],
      ] as const) {
        if (purpose === 'dkim' && /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i.test(text)) continue;
        for (const format of formats)
          assert.throws(() => exportRecords(replaced(purpose, change), format), {
            name: 'ExportError',
            message: /^The records were not written: .+ Check .+\.$/,
          });
      }
    }
  });

  it('says the text of a TXT record and nothing else, in every form', () => {
    for (const text of hostileTexts(300)) {
      const value = `v=spf1 ${text}`;
      const changed = replaced('spf', { value });
      const octets = Buffer.from(value);
      for (const format of formats) {
        const plain = exportRecords(records, format);
        const exported = exportRecords(changed, format);
        const lines = readers[format](exported);
        // As many statements as without it.
        assert.equal(lines.length, readers[format](plain).length, `${format}: ${JSON.stringify(value)}`);
        if (format !== 'plain')
          assert.ok(
            lines.some(line => line.equals(octets)),
            `${format}: ${JSON.stringify(value)}`,
          );
      }
    }
  });
});

/** The octets of a TXT value as zone files write it (RFC 1035 §5.1): the strings at the end of a line. */
function zoneText(line: string): Buffer {
  const strings = /"(?:\\.|[^"\\])*"(?: "(?:\\.|[^"\\])*")*$/.exec(line)?.[0] ?? '""';
  const octets: number[] = [];
  for (const [, string] of strings.matchAll(/"((?:\\.|[^"\\])*)"/g))
    for (const [, code, char] of string!.matchAll(/\\(\d{3})|\\?(.)/g))
      octets.push(code === undefined ? char!.charCodeAt(0) : Number(code));
  return Buffer.from(octets);
}

const zoneLines = (text: string) => text.split('\n').filter(Boolean).map(zoneText);

/** Every string of a text of HCL, and of the rest each line as itself: strings hold no line break. */
function hclStrings(text: string): Buffer[] {
  return [...text.matchAll(/"(?:\\.|[^"\\\n])*"|[^"]+/g)].map(([token]) => {
    if (!token.startsWith('"')) return Buffer.from(token);
    const string = (JSON.parse(token) as string).replaceAll('$${', '${').replaceAll('%%{', '%{');
    assert.doesNotMatch(token.replaceAll('$${', '').replaceAll('%%{', ''), /[$%]\{/);
    return zoneText(string.startsWith('"') ? string : `"${string.replaceAll('""', '" "')}"`);
  });
}

/** What each form says, statement by statement; a TXT record as the octets of its text. */
const readers: Record<ExportFormat, (text: string) => Buffer[]> = {
  plain: text => text.split('\n').map(line => Buffer.from(line)),
  bind: zoneLines,
  nsupdate: zoneLines,
  octodns: text =>
    parseAllDocuments(text).flatMap(document => {
      assert.deepEqual(document.errors, []);
      return Object.values(document.toJS() as Record<string, object>)
        .flat()
        .map(entry => Buffer.from(String((entry as { value?: unknown }).value).replaceAll('\\;', ';')));
    }),
  dnscontrol: text => {
    const said: Buffer[] = [];
    const calls = ['A', 'AAAA', 'MX', 'TXT', 'PTR', 'CAA', 'TLSA'];
    const call = (...args: unknown[]) => said.push(Buffer.from(String(args.at(-1))));
    new Function('D_EXTEND', ...calls, text)(() => undefined, ...calls.map(() => call));
    return said;
  },
  cloudflare: hclStrings,
  route53: hclStrings,
};
