import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check/check';
import { authoritativeView } from '../../../src/dns/resolver/authoritative';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { parseServer } from '../../../src/dns/resolver/wire';
import { AuthoritativeServer } from '../../sandbox/dns';
import type { TestDns } from '../../support/dns';
import { startDns } from '../../support/dns';
import { facts, rightZone } from '../../support/records';

/** Zone file text of what belongs to example.test. */
function zoneText(...lines: string[]): string {
  const own = rightZone()
    .split('\n')
    .filter(line => !line.includes('.arpa '))
    .map(line => /^(\S+) (\S+) (.*)$/.exec(line)!)
    .map(
      ([, name, type, value]) =>
        `${name}. ${type} ${
          type === 'TXT'
            ? value!
                .match(/.{1,250}/g)!
                .map(part => `"${part}"`)
                .join(' ')
            : type === 'MX'
              ? `${value}.`
              : value
        }`,
    );
  return [
    '$ORIGIN example.test.',
    '$TTL 30',
    '@ SOA ns1.example.test. hostmaster.example.test. 1 60 60 600 20',
    '@ NS ns1',
    '@ NS ns2',
    'ns1 A 127.0.0.2',
    'ns2 A 127.0.0.3',
    ...own,
    ...lines,
    '',
  ].join('\n');
}

/** What a resolver remembers from before the records were published: the delegation, and the old MX. */
const delegation = [
  'example.test NS ns1.example.test',
  'example.test NS ns2.example.test',
  'ns1.example.test A 127.0.0.2',
  'ns2.example.test A 127.0.0.3',
  'example.test MX 10 old.example.test',
].join('\n');

describe('looking at the zone’s own servers (two knotd)', () => {
  let folder: string;
  let first: AuthoritativeServer;
  let second: AuthoritativeServer;
  let recursive: TestDns;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-own-'));
    const start = async (address: string) => {
      const own = await mkdtemp(join(folder, 'server-'));
      return AuthoritativeServer.start({
        folder: own,
        addresses: [address],
        port: 53,
        zones: { 'example.test.': zoneText() },
      });
    };
    [first, second] = [await start('127.0.0.2'), await start('127.0.0.3')];
    recursive = await startDns(delegation, { zones: ['', 'example.test'] });
  });
  after(async () => {
    await Promise.all([first?.stop(), second?.stop(), recursive?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  const of = facts();
  const view = () =>
    authoritativeView(
      serverResolver({ servers: [parseServer(recursive.address)] }),
      ['example.test', 'mail.example.test'],
      // A server that was stopped refuses at once; one that is only slow on a busy machine must not count as silent.
      10_000,
    );
  const mx = async () => {
    const { resolver, vantages } = view();
    return (await checkDomain(of, resolver, { vantages })).find(record => record.purpose === 'mx')!;
  };

  it('sees what was published a moment ago, and who still remembers what was before', async () => {
    const { observed, status, findings, seen } = await mx();
    assert.deepEqual(observed, ['10 mail.example.test']);
    assert.deepEqual([status, findings.map(finding => finding.code)], ['ok', ['dns-cache-old']]);
    assert.equal(
      findings[0]!.message,
      `The zone’s servers agree, but ${recursive.address} still says 10 old.example.test (for up to 60 seconds).`,
    );
    assert.deepEqual(
      seen!.map(item => [item.from, item.server, ...item.values]),
      [
        ['zone', 'ns1.example.test', '10 mail.example.test'],
        ['zone', 'ns2.example.test', '10 mail.example.test'],
        ['resolver', recursive.address, '10 old.example.test'],
      ],
    );
  });

  it('follows an alias out of the zone with the help of others, and still tells who was asked', async () => {
    await first.update(
      'delete s1._domainkey.example.test. TXT',
      'add s1._domainkey.example.test. 30 CNAME s1.keys.test.',
    );
    recursive.load(`${delegation}\ns1.keys.test TXT v=DKIM1; k=rsa; p=${of.dkim[0]!.publicKey}`);
    const { resolver, vantages } = view();
    const { status, seen } = (await checkDomain(of, resolver, { vantages })).find(record => record.purpose === 'dkim')!;
    assert.equal(status, 'ok');
    assert.deepEqual(
      seen!.map(item => [item.server, item.failure]),
      [
        ['ns1.example.test', undefined],
        ['ns2.example.test', undefined],
        [recursive.address, undefined],
      ],
    );
    recursive.load(delegation);
  });

  it('sees that the servers of the zone differ', async () => {
    await second.update('delete example.test. MX', 'add example.test. 30 MX 10 elsewhere.example.test.');
    assert.match(
      (await mx()).findings[0]!.message,
      /ns1\.example\.test: 10 mail\.example\.test.*ns2\.example\.test: 10 elsewhere\.example\.test/,
    );
  });

  it('goes on with the others when one is silent', async () => {
    await first.stop();
    const { observed, seen, findings } = await mx();
    assert.deepEqual(observed, ['10 elsewhere.example.test']);
    assert.match(
      findings.find(finding => finding.code === 'dns-server-silent')!.message,
      /^ns1\.example\.test .*; the others answer\.$/,
    );
    assert.match(seen![0]!.failure!, /ns1\.example\.test (cannot be reached|does not answer)/);
  });
});
