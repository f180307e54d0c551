import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportRecords } from '../../../src/dns/export';
import { expectedRecords } from '../../../src/dns/records/expected';
import { AuthoritativeServer } from '../../sandbox/dns';
import { must } from '../../sandbox/processes';
import { facts } from '../../support/records';
import { freePort } from '../../support/sshd';
import { zoneFile } from '../../support/zoneFile';

/** Texts that somebody else may have published, and that are merged into what is exported. */
const texts = [
  'v=spf1 -all\nupdate delete victim.example.test. A',
  'v=spf1 -all"\r\n$INCLUDE /etc/passwd',
  'v=spf1 "quoted" \\" \\\\ \\065 ; # // ( )',
  `v=spf1 ${'é€𝄞'.repeat(100)} -all`,
  'v=spf1 \u0000\u0001\u001b[2J -all',
  'v=spf1 $(id) `id` ${id} -all',
];

describe('exported records, read by a real name server (knotd) and a real nsupdate', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-export-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const records = (text: string) =>
    expectedRecords(facts()).map(record =>
      record.purpose === 'spf' && record.relativeName === '@' ? { ...record, value: text } : record,
    );

  for (const [at, text] of texts.entries()) {
    it(`say a hostile text as it is, and nothing else: ${JSON.stringify(text).slice(0, 60)}`, async () => {
      const own = join(folder, String(at));
      const [bind] = exportRecords(records(text), 'bind').split('\n\n');
      const dns = await AuthoritativeServer.start({
        folder: own,
        addresses: ['127.0.0.1'],
        port: await freePort(),
        zones: {
          'example.test.': zoneFile('example.test.', 'ns A 127.0.0.1', 'victim A 192.0.2.7', ...bind!.split('\n')),
        },
      });
      try {
        // node:dns gives one character for each octet.
        const seen = async () => [await dns.query('example.test', 'TXT'), await dns.query('victim.example.test', 'A')];
        assert.deepEqual(await seen(), [[Buffer.from(text).toString('latin1')], ['192.0.2.7']]);
        await dns.update('delete example.test. TXT', 'delete example.test. MX');
        const [script] = exportRecords(records(text), 'nsupdate').split(/(?<=\nsend\n)/);
        await must('nsupdate', ['-k', dns.tsigFile], { stdin: `server ${dns.address} ${dns.port}\n${script}` });
        assert.deepEqual(await seen(), [[Buffer.from(text).toString('latin1')], ['192.0.2.7']]);
        assert.deepEqual(await dns.query('example.test', 'MX'), ['10 mail.example.test']);
      } finally {
        await dns.stop();
      }
    });
  }
});
