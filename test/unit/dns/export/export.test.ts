import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { exportRecords } from '../../../../src/dns/export';
import { exportTitles, isExportFormat } from '../../../../src/dns/export/format';
import { expectedRecords } from '../../../../src/dns/records/expected';
import { recordIds } from '../../../../src/dns/records/recordIds';
import { quoteString, splitStrings, zoneFileText } from '../../../../src/dns/characterStrings';
import { visible } from '../../../../src/text/visible';
import { facts, key } from '../../../support/records';

const records = expectedRecords(facts({ certificate: { spkiSha256: 'ab'.repeat(32), caaIssuer: 'letsencrypt.org' } }));
const dkim = `v=DKIM1; k=rsa; p=${key}`;

describe('taking the records along', () => {
  it('as a BIND zone file, long texts in strings of 255 octets', () => {
    const lines = exportRecords(records, 'bind').split('\n');
    for (const line of [
      '$ORIGIN example.test.',
      'mail 3600 IN A 192.0.2.1',
      '@ 3600 IN MX 10 mail.example.test.',
      '@ 3600 IN TXT "v=spf1 a:mail.example.test -all"',
      `s1._domainkey 3600 IN TXT "${dkim.slice(0, 255)}" "${dkim.slice(255)}"`,
      '@ 3600 IN CAA 0 issue "letsencrypt.org"',
      '$ORIGIN 2.0.192.in-addr.arpa.',
      '1 3600 IN PTR mail.example.test.',
    ])
      assert.ok(lines.includes(line), line);
  });

  it('as OctoDNS YAML, one document a zone', () => {
    const [zone] = parseAllDocuments(exportRecords(records, 'octodns')).map(
      document => document.toJS() as Record<string, { type: string; value?: unknown }[]>,
    );
    const apex = zone!['']!;
    assert.deepEqual(
      apex.map(item => item.type),
      ['MX', 'TXT', 'CAA'],
    );
    assert.deepEqual(apex[0]!.value, { preference: 10, exchange: 'mail.example.test.' });
    assert.equal((zone!['s1._domainkey'] as unknown as { value: string }).value, dkim.replaceAll(';', '\\;'));
  });

  it('as DNSControl calls, which are JavaScript that says the same', () => {
    const seen: unknown[][] = [];
    const call =
      (type: string) =>
      (...args: unknown[]) => [type, ...args];
    const types = ['A', 'AAAA', 'MX', 'TXT', 'PTR', 'CAA', 'TLSA'];
    new Function('D_EXTEND', ...types, exportRecords(records, 'dnscontrol'))(
      (zone: string, ...calls: unknown[][]) => seen.push([zone, ...calls]),
      ...types.map(call),
    );
    const own = seen.find(([zone]) => zone === 'example.test')!;
    assert.deepEqual(own[1], ['A', 'mail', '192.0.2.1']);
    assert.ok(own.some(item => JSON.stringify(item) === JSON.stringify(['TXT', 's1._domainkey', dkim])));
    assert.equal(seen.flat().length - seen.length, records.length);
  });

  it('as Terraform, with names that are unique', () => {
    for (const format of ['cloudflare', 'route53'] as const) {
      const names = [...exportRecords(records, format).matchAll(/^resource "\S+" "(\S+)"/gm)].map(match => match[1]!);
      assert.equal(new Set(names).size, names.length);
      assert.ok(names.length >= 10 && names.every(name => /^[a-z_][a-z0-9_]*$/.test(name)), names.join());
    }
    assert.match(
      exportRecords(records, 'route53'),
      new RegExp(`records = \\["${dkim.slice(0, 255).replace(/[+/]/g, '.')}\\\\"\\\\"`),
    );
  });

  it('as an nsupdate script that takes a former SPF record away', () => {
    const seen = records.map(record => ({
      ...record,
      observed: record.purpose === 'spf' && record.relativeName === '@' ? ['v=spf1 mx -all', 'other'] : [],
    }));
    const script = exportRecords(seen, 'nsupdate');
    assert.ok(script.includes('update delete example.test. TXT "v=spf1 mx -all"'));
    assert.ok(!script.includes('update delete example.test. TXT\n') && !script.includes('"other"'));
    assert.ok(script.includes('update add example.test. 3600 MX 10 mail.example.test.'));
  });

  it('knows its formats', () => {
    assert.ok(Object.keys(exportTitles).every(isExportFormat));
    assert.ok(!isExportFormat('toString'));
  });
});

describe('text of records', () => {
  it('is split within 255 octets and never within a character', () => {
    const parts = splitStrings('é'.repeat(200));
    assert.deepEqual([parts.map(part => Buffer.byteLength(part)), parts.join('')], [[254, 146], 'é'.repeat(200)]);
    assert.deepEqual(splitStrings(''), ['']);
  });
  it('is quoted as zone files write it', () => {
    assert.equal(quoteString('a"b\\c\u0007é'), '"a\\"b\\\\c\\007\\195\\169"');
    assert.equal(zoneFileText('x'.repeat(256)), `"${'x'.repeat(255)}" "x"`);
  });
  it('is shown without control and direction characters, and not without end', () => {
    assert.equal(visible('a\u001b[31m\u202eb'), 'a\\u{1b}[31m\\u{202e}b');
    assert.equal(visible('x'.repeat(5000)).length, 4097);
  });
});

describe('short names of records', () => {
  it('are unique and the same each time', () => {
    const ids = recordIds(records);
    assert.deepEqual(ids, [
      'a-A',
      'aaaa-AAAA',
      'ptr-PTR-v4',
      'ptr-PTR-v6',
      'mx-MX',
      'spf-TXT',
      'spf-TXT-2',
      'dkim-TXT-s1',
      'dmarc-TXT',
      'mta-sts-TXT',
      'tls-rpt-TXT',
      'tlsa-TLSA',
      'caa-CAA',
    ]);
    const twice = recordIds(expectedRecords(facts({ ipv4: ['192.0.2.1', '192.0.2.2'] })));
    assert.deepEqual(twice.slice(0, 5), ['a-A', 'a-A-2', 'aaaa-AAAA', 'ptr-PTR-v4', 'ptr-PTR-v4-2']);
  });
});
