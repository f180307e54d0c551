import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check/check';
import type { RecordVerdict } from '../../../src/dns/records/record';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { parseServer } from '../../../src/dns/resolver/wire';
import { AuthoritativeServer } from '../../sandbox/dns';
import { Validator } from '../../sandbox/validator';
import { facts, rightZone } from '../../support/records';
import { rootZoneFile } from '../../support/zoneFile';

const pin = 'ab'.repeat(32);

describe('DNSSEC, by zones that knotd signs and unbound validates', () => {
  const of = facts({ certificate: { spkiSha256: pin } });
  let folder: string;
  let dns: AuthoritativeServer;
  let signer: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-dnssec-'));
    await import('mailauth/lib/spf/index.js');
    const lines = rightZone(of).split('\n');
    const own = lines.filter(line => /^\S*example\.test /.test(line));
    const others = lines.filter(line => !own.includes(line));
    const child = (text: string, origin = 'example.test.') =>
      text.replace('$ORIGIN .', `$ORIGIN ${origin}`).replaceAll(/^\. /gm, '@ ');
    dns = await AuthoritativeServer.start({
      folder,
      ...{ addresses: ['127.0.0.2'], port: 53 },
      zones: {
        '.': rootZoneFile(
          [...others, 'example.test NS ns.test', 'plain.test NS ns.test', 'ns.test A 127.0.0.2'].join('\n'),
        ),
        'example.test.': child(rootZoneFile(own.join('\n'))),
        'plain.test.': child(rootZoneFile('plain.test MX 10 mail.example.test'), 'plain.test.'),
      },
      signed: ['.', 'example.test.'],
    });
    signer = await dns.delegationSigner('example.test.');
  });
  after(async () => {
    await dns?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a check finds that asks unbound, whose memory is empty. */
  async function throughUnbound(whom = of): Promise<RecordVerdict[]> {
    const own = await mkdtemp(join(folder, 'unbound-'));
    const anchor = await dns.delegationSigner('.');
    const validator = await Validator.start({
      folder: own,
      address: '127.0.0.3',
      port: 53,
      root: '127.0.0.2@53',
      anchor,
    });
    try {
      return await checkDomain(whom, serverResolver({ servers: [parseServer(validator.endpoint)] }));
    } finally {
      await validator.stop();
    }
  }
  const told = (records: RecordVerdict[], purpose: RecordVerdict['purpose']) => {
    const { status, dnssec, findings } = records.find(record => record.purpose === purpose)!;
    return [status, dnssec, ...findings.map(finding => finding.code)];
  };

  it('is known to be signed, but not vouched for, while the parent has no DS record', async () => {
    const records = await throughUnbound();
    assert.deepEqual(told(records, 'mx'), ['ok', 'no-ds']);
    assert.deepEqual(told(records, 'tlsa'), ['warning', 'no-ds', 'tlsa-without-dnssec']);
  });

  it('is told of a zone that is not signed, while the server’s own one is', async () => {
    const records = await throughUnbound(facts({ domain: 'plain.test' }));
    assert.deepEqual(told(records, 'mx'), ['ok', 'unsigned']);
    assert.equal(records.find(record => record.purpose === 'a')!.dnssec, 'no-ds');
  });

  it('holds with the DS record at the parent', async () => {
    await dns.update(`add example.test. 60 DS ${signer}`);
    const records = await throughUnbound();
    assert.deepEqual(told(records, 'mx'), ['ok', 'validated']);
    assert.deepEqual(told(records, 'tlsa'), ['ok', 'validated']);
  });

  it('is told as signed when nobody who was asked validates', async () => {
    const records = await checkDomain(of, serverResolver({ servers: [parseServer('127.0.0.2')] }));
    assert.deepEqual(told(records, 'mx'), ['ok', 'signed']);
  });

  it('is broken when the DS record names another key', async () => {
    await dns.update('delete example.test. DS', `add example.test. 60 DS ${signer.replace(/\S+$/, 'ab'.repeat(32))}`);
    const records = await throughUnbound();
    assert.deepEqual(told(records, 'mx').slice(0, 3), ['wrong', 'broken', 'dnssec-broken']);
    assert.equal(records.find(record => record.purpose === 'mx')!.zone, 'example.test');
  });
});
