import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../../src/dns/check/check';
import { describeFailure } from '../../../../src/dns/resolver/answer';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { streamResolver } from '../../../../src/dns/resolver/stream';
import { parseServer } from '../../../../src/dns/resolver/wire';
import { openView } from '../../../../src/dns/check/view';
import { mailHostResolver, nameserver } from '../../../../src/host/mailHostResolver';
import type { Remote } from '../../../../src/ssh/remote';
import type { TestDns, TestDnsOptions } from '../../../support/dns';
import { startDns } from '../../../support/dns';
import { changedZone, facts, rightZone } from '../../../support/records';

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

  it('lets go of a server that sends what is too short to be DNS, before any time limit', async () => {
    const server = createServer(socket => void socket.on('error', () => undefined).write(Buffer.alloc(1000)));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const open = (): Promise<Socket> => Promise.resolve(connect(port, '127.0.0.1'));
    try {
      const answer = await streamResolver({ open, label: 'x', timeoutMs: 60_000 }).query('example.test', 'A');
      assert.equal(describeFailure(answer), 'x sent an answer that cannot be read');
    } finally {
      server.close();
    }
  });

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

  /** A host with these two files, on which `dns` is every name server; `asked` tells which one it went to. */
  const host = (dns: TestDns, etc: string, upstream = '') => {
    const asked: string[] = [];
    const remote: Pick<Remote, 'exec' | 'tunnel'> = {
      exec: async script => {
        const folder = await mkdtemp(join(tmpdir(), 'resolv-'));
        await writeFile(join(folder, 'etc'), etc);
        if (upstream) await writeFile(join(folder, 'run'), upstream);
        const here = script
          .replaceAll('/etc/resolv.conf', join(folder, 'etc'))
          .replaceAll('/run/systemd/resolve/resolv.conf', join(folder, 'run'));
        const { stdout } = spawnSync('sh', ['-c', here], { encoding: 'utf8' });
        await rm(folder, { recursive: true });
        return { code: 0, stdout, stderr: '' };
      },
      tunnel: async address => {
        asked.push(address);
        return connect(dns.port, '127.0.0.1');
      },
    };
    return { remote, asked };
  };

  it('is the one behind systemd-resolved, whose stub answers for the host’s own names by itself', () =>
    withDns(rightZone(), async dns => {
      const { remote, asked } = host(
        dns,
        'nameserver 127.0.0.53\n',
        '# up\nnameserver 192.0.2.53\nnameserver 192.0.2.54\n',
      );
      const resolver = await mailHostResolver(remote);
      const { server } = await resolver.query('mail.example.test', 'A');
      assert.deepEqual(
        [asked, server, resolver.local],
        [['192.0.2.53'], '192.0.2.53, asked by the mail server', false],
      );
    }));

  it('is the host’s own where the host runs one, or where nothing is known behind the stub', () =>
    withDns(rightZone(), async dns => {
      const stub = 'nameserver 127.0.0.53\n';
      for (const [etc, upstream, address] of [
        ['nameserver 127.0.0.1', 'nameserver 192.0.2.53', '127.0.0.1'],
        ['nameserver ::1', '', '::1'],
        [stub, '', '127.0.0.53'],
        [stub, '# none\n', '127.0.0.53'],
        [stub, stub, '127.0.0.53'],
        [stub, 'nameserver 127.0.0.1', '127.0.0.1'],
      ] as const) {
        const { remote, asked } = host(dns, etc, upstream);
        const resolver = await mailHostResolver(remote);
        await resolver.query('example.test', 'MX');
        assert.deepEqual([asked, resolver.local], [[address], true], `${etc} | ${upstream}`);
      }
    }));

  it('is not asked for the server’s own name and addresses where it makes up the answers from /etc/hosts', () =>
    withDns(rightZone(), dns =>
      withDns(
        changedZone(
          ['mail.example.test A', 'mail.example.test AAAA', '1.2.0.192.in-addr.arpa PTR', 'example.test MX'],
          [
            'mail.example.test A 127.0.1.1',
            'mail.example.test AAAA fe80::1',
            '1.2.0.192.in-addr.arpa PTR mail',
            '1.2.0.192.in-addr.arpa PTR mail.local',
            'example.test MX 10 old.example.test',
          ],
        ),
        async inside => {
          const of = facts({ hostname: 'Mail.example.test' });
          const { resolver, ...options } = openView(of, {
            servers: [parseServer(dns.address)],
            mailHost: await mailHostResolver(host(inside, 'nameserver 127.0.0.53').remote),
          });
          const records = await checkDomain(of, resolver, options);
          const told = records.map(({ purpose, findings, seen = [] }) => [
            purpose,
            findings.map(item => item.code).join(),
            seen.some(item => item.from === 'mail-host'),
          ]);
          const own = told.filter(([purpose]) => ['a', 'aaaa', 'ptr'].includes(purpose as string));
          assert.deepEqual(own, [
            ['a', '', false],
            ['aaaa', '', false],
            ['ptr', '', false],
            ['ptr', '', false],
          ]);
          assert.deepEqual(
            told.filter(([purpose]) => ['mx', 'spf'].includes(purpose as string)),
            [
              ['mx', 'dns-servers-disagree', true],
              ['spf', '', true],
              ['spf', '', true],
            ],
          );
        },
      ),
    ));

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
