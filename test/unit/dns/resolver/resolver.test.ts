import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import * as packet from 'dns-packet';
import type { Resolver } from '../../../../src/dns/resolver/answer';
import { cachedResolver } from '../../../../src/dns/resolver/cache';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { parseServer, formatServer } from '../../../../src/dns/resolver/wire';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';

const long = `v=DKIM1; p=${'A'.repeat(3000)}`;

describe('asking a DNS server over the wire', () => {
  let dns: TestDns;
  let resolver: Resolver;
  before(async () => {
    dns = await startDns(
      `mail.example.test A 192.0.2.1
       mail.example.test AAAA 2001:DB8:0:0:0:0:0:1
       example.test MX 10 Mail.Example.Test
       example.test TXT "v=spf1 " "-all"
       long.example.test TXT ${long}
       www.example.test CNAME mail.example.test
       broken.example.test SERVFAIL
       no.example.test REFUSED
       silent.example.test DROP
       noise.example.test GARBAGE
       example.test CAA 0 issue "letsencrypt.org"`,
      { zones: ['test'] },
    );
    resolver = serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 150, tries: 2 });
  });
  after(() => dns.close());

  it('gives values in one form: lower case, canonical addresses, joined strings', async () => {
    assert.deepEqual((await resolver.query('mail.example.test', 'AAAA')).values, ['2001:db8::1']);
    assert.deepEqual((await resolver.query('example.test', 'MX')).values, ['10 mail.example.test']);
    assert.deepEqual((await resolver.query('example.test', 'CAA')).values, ['0 issue "letsencrypt.org"']);
    const txt = await resolver.query('example.test', 'TXT');
    assert.deepEqual([txt.values, txt.strings, txt.ttl], [['v=spf1 -all'], [['v=spf1 ', '-all']], 60]);
  });

  it('goes over to TCP when the answer was cut', async () => {
    assert.deepEqual((await resolver.query('long.example.test', 'TXT')).values, [long]);
  });

  it('asks without EDNS a server that does not know it', async () => {
    for (const rcode of [1, 4]) {
      const old = createSocket('udp4');
      old.on('message', (octets, from) => {
        const query = packet.decode(octets);
        const known = (query.additionals ?? []).length === 0;
        const reply: packet.Packet = {
          type: 'response',
          id: query.id!,
          flags: known ? 0 : rcode,
          questions: query.questions!,
        };
        if (known) reply.answers = [{ name: 'a.test', type: 'A', ttl: 60, data: '192.0.2.7' }];
        old.send(packet.encode(reply), from.port, from.address);
      });
      await new Promise<void>(resolve => old.bind(0, '127.0.0.1', resolve));
      const server = serverResolver({ servers: [{ host: '127.0.0.1', port: old.address().port }] });
      assert.deepEqual((await server.query('a.test', 'A')).values, ['192.0.2.7']);
      old.close();
    }
  });

  it('drops what answers another question or comes from elsewhere, and takes the answer that follows', async context => {
    const [server, stranger] = [createSocket('udp4'), createSocket('udp4')];
    context.after(() => [server, stranger].forEach(socket => socket.close()));
    const ids = new Set<number>();
    server.on('message', (octets, { port, address }) => {
      const query = packet.decode(octets);
      ids.add(query.id!);
      const answer = (data: string, changes: packet.Packet = {}) =>
        packet.encode({
          type: 'response',
          id: query.id!,
          questions: query.questions!,
          answers: [{ name: 'a.test', type: 'A', ttl: 60, data }],
          ...changes,
        });
      stranger.send(answer('192.0.2.66'), port, address, () => {
        for (const forged of [
          answer('192.0.2.67', { id: query.id! ^ 1 }),
          answer('192.0.2.68', { questions: [{ name: 'b.test', type: 'A' }] }),
          answer('192.0.2.69', { questions: [{ name: 'a.test', type: 'AAAA' }] }),
          answer('192.0.2.70', { type: 'query' }),
          Buffer.alloc(3),
          answer('192.0.2.7'),
        ])
          server.send(forged, port, address);
      });
    });
    await Promise.all(
      [server, stranger].map(socket => new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))),
    );
    const asked = serverResolver({ servers: [{ host: '127.0.0.1', port: server.address().port }] });
    for (let n = 0; n < 20; n++) assert.deepEqual((await asked.query('a.test', 'A')).values, ['192.0.2.7']);
    assert.ok(ids.size > 15, 'the numbers of the questions can be guessed');
  });

  it('follows aliases and names them', async () => {
    const answer = await resolver.query('www.example.test', 'A');
    assert.deepEqual([answer.values, answer.aliases], [['192.0.2.1'], ['mail.example.test']]);
  });

  it('tells apart: no such name, no such record, and no answer in each of its kinds', async () => {
    const state = async (name: string) => {
      const { state, failure } = await resolver.query(name, 'A');
      return failure ?? state;
    };
    assert.equal(await state('nobody.example.test'), 'no-name');
    assert.equal(await state('example.test'), 'no-data');
    assert.equal(await state('broken.example.test'), 'servfail');
    assert.equal(await state('no.example.test'), 'refused');
    assert.equal(await state('elsewhere.example.org'), 'refused');
    assert.equal(await state('silent.example.test'), 'timeout');
    assert.equal(await state('noise.example.test'), 'malformed');
  });

  it('says which zone a missing name would be in, and how long its absence is remembered', async () => {
    const answer = await resolver.query('nobody.example.test', 'A');
    assert.deepEqual([answer.zone, answer.ttl], ['test', 30]);
  });

  it('asks a silent server twice, then the next one', async () => {
    const second = await startDns('silent.example.test A 192.0.2.9');
    const both = serverResolver({
      servers: [dns, second].map(server => parseServer(server.address)),
      timeoutMs: 100,
      tries: 2,
    });
    dns.questions.length = 0;
    const answer = await both.query('silent.example.test', 'A');
    assert.deepEqual([answer.values, answer.server], [['192.0.2.9'], second.address]);
    assert.deepEqual(dns.questions, ['A silent.example.test', 'A silent.example.test']);
    await second.close();
  });

  it('knows at once that a closed port answers nothing', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => closed.once('listening', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise(resolve => closed.close(resolve));
    const started = Date.now();
    const answer = await serverResolver({ servers: [{ host: '127.0.0.1', port }] }).query('example.test', 'A');
    assert.equal(answer.failure, 'unreachable');
    assert.ok(Date.now() - started < 1000);
  });

  it('cannot reach a server whose name leads nowhere', async () => {
    const nobody = serverResolver({
      servers: [{ host: 'no.such.name.invalid', port: 53 }],
      timeoutMs: 30_000,
      tries: 1,
    });
    assert.equal((await nobody.query('example.test', 'A')).failure, 'unreachable');
  });

  it('ends with the reason of an aborted signal', async () => {
    const abort = new AbortController();
    const asked = resolver.query('silent.example.test', 'A', abort.signal);
    abort.abort(new Error('enough'));
    await assert.rejects(asked, /enough/);
    await assert.rejects(resolver.query('example.test', 'A', abort.signal), /enough/);
  });

  it('never sends names that the wire cannot carry', async () => {
    assert.equal((await resolver.query(`${'a'.repeat(64)}.example.test`, 'A')).state, 'no-name');
    assert.equal((await resolver.query('a..example.test', 'A')).state, 'no-name');
  });

  it('asks each question once through the cache, also at the same time', async () => {
    dns.questions.length = 0;
    const cached = cachedResolver(resolver);
    await Promise.all(['example.test', 'EXAMPLE.test', 'example.test.'].map(name => cached.query(name, 'MX')));
    await cached.query('example.test', 'MX');
    assert.deepEqual([dns.questions, cached.questions], [['MX example.test'], 1]);
  });
});

describe('naming a DNS server', () => {
  it('takes addresses and names, with and without a port', () => {
    for (const [text, host, port] of [
      ['192.0.2.53', '192.0.2.53', 53],
      ['192.0.2.53:5353', '192.0.2.53', 5353],
      ['localhost:5353', 'localhost', 5353],
      ['2001:db8::53', '2001:db8::53', 53],
      ['[2001:db8::53]:5353', '2001:db8::53', 5353],
    ] as const)
      assert.deepEqual(parseServer(text), { host, port });
    assert.equal(formatServer({ host: '2001:db8::53', port: 5353 }), '[2001:db8::53]:5353');
  });

  it('refuses the rest in words for the user', () => {
    for (const text of ['', ':53', '192.0.2.53:0', '192.0.2.53:65536', '[192.0.2.53]:53', 'a b'])
      assert.throws(() => parseServer(text), /does not name a DNS server/);
  });
});
