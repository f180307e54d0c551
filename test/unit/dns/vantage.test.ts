import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { streamResolver } from '../../../src/dns/resolver/stream';
import { parseServer } from '../../../src/dns/resolver/wire';
import { openView } from '../../../src/dns/view';
import { nameserver } from '../../../src/host/mailHostResolver';
import type { TestDns, TestDnsOptions } from '../../support/dns';
import { startDns } from '../../support/dns';
import { changedZone, facts, rightZone } from '../../support/records';

/** The test server, asked over TCP. */
const overTcp = (dns: TestDns, timeoutMs = 500) => {
  let opened = 0;
  const resolver = streamResolver({
    open: async () => {
      opened++;
      const socket = connect(dns.port, '127.0.0.1');
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      return socket;
    },
    label: 'the tunnel',
    timeoutMs,
  });
  return { resolver, opened: () => opened };
};

// Loading it takes longer than the short time-outs below.
before(() => import('mailauth/lib/spf/index.js'));

async function withDns<Result>(zone: string, use: (dns: TestDns) => Promise<Result>, options?: TestDnsOptions) {
  const dns = await startDns(zone, options);
  try {
    return await use(dns);
  } finally {
    await dns.close();
  }
}

describe('a resolver over a stream', () => {
  it('asks many questions over one connection, whichever is answered first', () =>
    withDns(rightZone(), async dns => {
      const { resolver, opened } = overTcp(dns);
      const names = Array.from({ length: 30 }, (_, at) => `n${at}.test`);
      dns.load(names.map((name, at) => `${name} A 192.0.2.${at}`).join('\n'));
      const answers = await Promise.all(names.map(name => resolver.query(name, 'A')));
      assert.deepEqual(
        answers.map(answer => answer.values[0]),
        names.map((_, at) => `192.0.2.${at}`),
      );
      assert.deepEqual([answers[0]!.server, opened()], ['the tunnel', 1]);
    }));

  it('opens another connection when the server has closed the first', () =>
    withDns('a.test A 192.0.2.1', async dns => {
      const { resolver, opened } = overTcp(dns);
      assert.equal((await resolver.query('a.test', 'A')).state, 'found');
      dns.hangUp();
      await new Promise(resolve => setTimeout(resolve, 50));
      assert.equal((await resolver.query('a.test', 'A')).state, 'found');
      assert.equal(opened(), 2);
    }));

  it('says what is the matter: no answer, noise, no connection', () =>
    withDns('a.test DROP\nb.test GARBAGE\nc.test A 192.0.2.1', async dns => {
      const { resolver } = overTcp(dns, 200);
      const found = await Promise.all(['a.test', 'b.test', 'c.test'].map(name => resolver.query(name, 'A')));
      assert.deepEqual(
        found.map(answer => answer.failure ?? answer.state),
        ['timeout', 'malformed', 'found'],
      );
      const closed = createServer().listen(0, '127.0.0.1');
      await new Promise(resolve => closed.once('listening', resolve));
      const { port } = closed.address() as { port: number };
      await new Promise(resolve => closed.close(resolve));
      const nobody = await overTcp({ port } as TestDns).resolver.query('a.test', 'A');
      assert.equal(nobody.failure, 'unreachable');
    }));

  it('does not send what the wire cannot carry, and ends when told to', () =>
    withDns('a.test DROP', async dns => {
      const { resolver, opened } = overTcp(dns, 5000);
      assert.equal((await resolver.query(`${'x'.repeat(64)}.test`, 'A')).state, 'no-name');
      assert.equal(opened(), 0);
      const abort = new AbortController();
      const asked = resolver.query('a.test', 'A', abort.signal);
      setTimeout(() => abort.abort(new Error('enough')), 50);
      await assert.rejects(asked, /enough/);
      await assert.rejects(resolver.query('a.test', 'A', abort.signal), /enough/);
    }));
});

describe('the mail host’s own resolver', () => {
  it('is the first that its resolv.conf names', () => {
    assert.equal(
      nameserver('# nameserver 192.0.2.9\nsearch x\n nameserver\t192.0.2.53 \nnameserver 1.1.1.1'),
      '192.0.2.53',
    );
    assert.equal(nameserver('nameserver fe80::1%eth0\nnameserver 2001:db8::53\n'), '2001:db8::53');
    assert.equal(nameserver(''), '127.0.0.1');
  });

  it('stands beside the others, and may see something else', () =>
    withDns(rightZone(), dns =>
      withDns(changedZone(['example.test MX'], ['example.test MX 10 old.example.test']), async inside => {
        const { resolver, ...options } = openView(facts(), {
          servers: [parseServer(dns.address)],
          mailHost: overTcp(inside).resolver,
        });
        const records = await checkDomain(facts(), resolver, options);
        const mx = records.find(record => record.purpose === 'mx')!;
        assert.deepEqual([mx.status, mx.findings.map(item => item.code)], ['warning', ['dns-servers-disagree']]);
        assert.deepEqual(
          mx.seen!.map(item => [item.from, item.server, item.values[0]]),
          [
            ['resolver', dns.address, '10 mail.example.test'],
            ['mail-host', 'the tunnel', '10 old.example.test'],
          ],
        );
      }),
    ));

  it('takes nothing from the verdict when it cannot be reached', () =>
    withDns(rightZone(), async dns => {
      const mailHost = streamResolver({ open: () => Promise.reject(new Error('no tunnels')), label: 'x' });
      const { resolver, ...options } = openView(facts(), { servers: [parseServer(dns.address)], mailHost });
      const records = await checkDomain(facts(), resolver, options);
      assert.deepEqual([...new Set(records.map(record => record.status))], ['ok']);
      assert.equal(records[0]!.seen![1]!.failure, 'x cannot be reached');
    }));
});

describe('DNSSEC of the zone', () => {
  let dns: TestDns;
  before(async () => (dns = await startDns('', { zones: ['', 'test', 'example.test', '2.0.192.in-addr.arpa'] })));
  after(() => dns.close());
  const check = async (...lines: string[]) => {
    dns.load(changedZone([], lines));
    const records = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 300 }));
    return records.find(record => record.purpose === 'mx')!;
  };

  it('is told for each state', async () => {
    assert.equal((await check()).dnssec, 'unsigned');
    assert.equal((await check('example.test DNSKEY x')).dnssec, 'no-ds');
    assert.equal((await check('example.test DNSKEY x', 'example.test DS 1')).dnssec, 'signed');
    assert.equal((await check('example.test SECURE')).dnssec, 'validated');
  });

  it('is broken when only a question without validation is answered', async () => {
    const mx = await check('example.test BOGUS');
    assert.deepEqual([mx.status, mx.dnssec, mx.zone], ['wrong', 'broken', 'example.test']);
    assert.equal(mx.findings[0]!.code, 'dnssec-broken');
  });

  it('is not broken when nothing is answered at all', async () => {
    const mx = await check('example.test SERVFAIL');
    assert.deepEqual([mx.status, mx.dnssec], ['unknown', undefined]);
  });
});
