import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check';
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
    // What a resolver remembers from before the records were published: the delegation, and the old MX.
    recursive = await startDns(
      [
        'example.test NS ns1.example.test',
        'example.test NS ns2.example.test',
        'ns1.example.test A 127.0.0.2',
        'ns2.example.test A 127.0.0.3',
        'example.test MX 10 old.example.test',
      ].join('\n'),
      { zones: ['', 'example.test'] },
    );
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
      500,
    );
  const mx = async () => {
    const { resolver, vantages } = view();
    return (await checkDomain(of, resolver, { vantages })).find(record => record.purpose === 'mx')!;
  };

  it('sees what was published a moment ago, and who still remembers what was before', async () => {
    const { observed, status, findings, seen } = await mx();
    assert.deepEqual(observed, ['10 mail.example.test']);
    assert.deepEqual([status, findings.map(finding => finding.code)], ['warning', ['dns-servers-disagree']]);
    assert.deepEqual(
      seen!.map(item => [item.server, ...item.values]),
      [
        ['ns1.example.test', '10 mail.example.test'],
        ['ns2.example.test', '10 mail.example.test'],
        [recursive.address, '10 old.example.test'],
      ],
    );
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
    const { observed, seen } = await mx();
    assert.deepEqual(observed, ['10 elsewhere.example.test']);
    assert.match(seen![0]!.failure!, /ns1\.example\.test (cannot be reached|does not answer)/);
  });
});
