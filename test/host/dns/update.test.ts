import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check/check';
import type { RecordVerdict } from '../../../src/dns/records/record';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { isLive } from '../../../src/dns/check/summary';
import { sendUpdate } from '../../../src/dns/update/send';
import type { TsigKey } from '../../../src/dns/update/tsig';
import { watchUntilLive } from '../../../src/dns/check/watch';
import { AuthoritativeServer } from '../../sandbox/dns';
import { facts, key } from '../../support/records';
import { freePort } from '../../support/sshd';
import { zoneFile } from '../../support/zoneFile';

describe('sending the records to a real DNS server (knotd) as signed updates', () => {
  let folder: string;
  let dns: AuthoritativeServer;
  const of = facts({ ipv6: [] });
  const server = () => ({ host: dns.address, port: dns.port });
  const check = (signal?: AbortSignal): Promise<RecordVerdict[]> =>
    checkDomain(of, serverResolver({ servers: [server()] }), signal ? { signal } : {});
  const states = (records: RecordVerdict[]) =>
    Object.fromEntries(records.map(record => [`${record.purpose} ${record.relativeName}`, record.status]));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-update-'));
    dns = await AuthoritativeServer.start({
      folder,
      addresses: ['127.0.0.1'],
      port: await freePort(),
      zones: {
        '.': zoneFile('.'),
        'example.test.': zoneFile(
          'example.test.',
          'ns A 127.0.0.1',
          '@ TXT "google-site-verification=abc"',
          '@ TXT "v=spf1 include:_spf.example.test ~all"',
          '_spf TXT "v=spf1 ip4:198.51.100.0/24 -all"',
        ),
        '2.0.192.in-addr.arpa.': zoneFile('2.0.192.in-addr.arpa.'),
      },
    });
  });
  after(async () => {
    await dns?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('refuses, in words, with a wrong secret, and changes nothing', async () => {
    const wrong: TsigKey = { ...dns.tsig, secret: Buffer.alloc(32, 1).toString('base64') };
    const error = await sendUpdate(await check(), { server: server(), key: wrong }).then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.match(error!.message, /rejected the records of example\.test\. It rejects the key.*Check the key’s name/);
    assert.ok(!error!.message.includes(wrong.secret));
    assert.deepEqual(await dns.query('example.test', 'MX'), []);
  });

  it('says so when nobody is there', async () => {
    await assert.rejects(
      sendUpdate(await check(), { server: { host: '127.0.0.1', port: 1 }, key: dns.tsig }),
      /cannot be reached\. No record was changed/,
    );
  });

  it('turns a nearly empty zone green, keeps what others put there, and finds nothing to do the second time', async () => {
    const before = states(await check());
    assert.deepEqual(
      [before['mx @'], before['dkim s1._domainkey'], before['spf @'], before['a mail']],
      ['missing', 'missing', 'wrong', 'missing'],
    );

    // While the watch waits, the records arrive: from us, and the reverse name from the provider.
    const rounds: number[] = [];
    const watching = watchUntilLive(signal => check(signal), {
      signal: AbortSignal.timeout(30_000),
      first: 0.3,
      onRound: (_records, next) => rounds.push(next),
    });
    const sent = await sendUpdate(await check(), { server: server(), key: dns.tsig });
    assert.deepEqual(
      sent.map(change => change.zone),
      ['example.test'],
    );
    await dns.update('add 1.2.0.192.in-addr.arpa. 5 PTR mail.example.test.');
    const live = await watching;
    assert.ok(isLive(live));
    assert.deepEqual([rounds.length >= 2, rounds.at(-1)], [true, 0]);
    assert.deepEqual(
      live.filter(record => record.status !== 'ok').map(record => record.purpose),
      ['mta-sts'],
    );

    const texts = await dns.query('example.test', 'TXT');
    assert.deepEqual(texts.sort(), [
      'google-site-verification=abc',
      'v=spf1 a:mail.example.test include:_spf.example.test ~all',
    ]);
    assert.deepEqual(await dns.query('s1._domainkey.example.test', 'TXT'), [`v=DKIM1; k=rsa; p=${key}`]);
    assert.deepEqual(await sendUpdate(live, { server: server(), key: dns.tsig }), []);
  });

  it('replaces records that are wrong', async () => {
    await dns.update(
      'delete mail.example.test. A',
      'add mail.example.test. 5 A 192.0.2.99',
      'add example.test. 5 MX 5 other.example.test.',
      'delete s1._domainkey.example.test. TXT',
      'add s1._domainkey.example.test. 5 TXT "v=DKIM1; p="',
    );
    await sendUpdate(await check(), { server: server(), key: dns.tsig });
    assert.deepEqual(await dns.query('mail.example.test', 'A'), ['192.0.2.1']);
    assert.deepEqual(await dns.query('example.test', 'MX'), ['10 mail.example.test']);
    assert.ok(isLive(await check()));
  });

  it('refuses a zone that the server does not hold', async () => {
    const strange = (
      await checkDomain(
        facts({ domain: 'other.test', hostname: 'mail.other.test' }),
        serverResolver({ servers: [server()] }),
      )
    ).filter(record => record.purpose === 'mx');
    await assert.rejects(
      sendUpdate(strange, { server: server(), key: dns.tsig }),
      /rejected the records of other\.test/,
    );
  });
});
