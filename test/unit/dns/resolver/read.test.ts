import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DecodedPacket } from 'dns-packet';
import { readReply } from '../../../../src/dns/resolver/read';
import { nsupdateScript } from '../../../../src/dns/export/nsupdate';
import { exportRecords } from '../../../../src/dns/export';
import { exportTitles, type ExportFormat } from '../../../../src/dns/export/format';
import { expectedRecords } from '../../../../src/dns/records/expected';
import type { RecordVerdict } from '../../../../src/dns/records/record';
import { facts } from '../../../support/records';

const soa = (owner: string) =>
  readReply(
    {
      rcode: 'NXDOMAIN',
      answers: [],
      authorities: [{ type: 'SOA', name: owner, ttl: 60, data: { mname: 'ns', rname: 'x', minimum: 60 } }],
    } as unknown as DecodedPacket,
    'mail.example.test',
    'SOA',
    'the server',
  );

describe('the zone that an answer claims', () => {
  it('is the name itself or what it lies in', () => {
    assert.equal(soa('example.test').zone, 'example.test');
    assert.equal(soa('Mail.Example.Test.').zone, 'mail.example.test');
    assert.equal(soa('.').zone, '');
  });

  it('is none that the name does not lie in, so it can bring no line of its own into a script', () => {
    for (const owner of [
      'other.test',
      'x.mail.example.test',
      'example.test\nupdate delete victim.example. a',
      '\nsend\nzone example.test',
      'ample.test',
      '"; rm -rf /',
    ])
      assert.equal(soa(owner).zone, undefined, JSON.stringify(owner));
  });
});

describe('records taken along', () => {
  const hostile = [
    'v=spf1 -all\nupdate delete victim.example. A',
    'v=spf1 "; send\r\n -all',
    'v=spf1 \\" -all',
    'v=spf1 ${path.module} %{ for x } -all',
    "v=spf1 '*/ evil() /*' -all",
  ];
  const records = expectedRecords(facts()).map(
    record => ({ ...record, observed: hostile, status: 'wrong', findings: [] }) as unknown as RecordVerdict,
  );

  it('bring no line of a published value into a script for nsupdate', () => {
    const script = nsupdateScript(records);
    const lines = script.trimEnd().split('\n');
    for (const line of lines) {
      assert.match(line, /^(?:zone \S+|send|update delete \S+ [A-Z]+(?: .+)?|update add \S+ 3600 [A-Z]+ .+)$/);
      assert.doesNotMatch(line, /^update delete victim/);
      assert.doesNotMatch(line, /[\u0000-\u001f\u007f]/);
    }
    assert.ok(lines.filter(line => line.includes('v=spf1')).length > 3);
  });

  it('have no control character but line breaks and tabs, in any form', () => {
    for (const format of Object.keys(exportTitles) as ExportFormat[])
      assert.doesNotMatch(exportRecords(records, format), /[\u0000-\u0008\u000b-\u001f\u007f]/, format);
  });
});
