// The examples of RFC 9989 (appendix B, and those in §4.10 and §5.1.8).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../../src/dns/check/check';
import { organisation } from '../../../../src/dns/dmarc/discover';
import type { RecordVerdict } from '../../../../src/dns/records/record';
import type { QueryType } from '../../../../src/dns/resolver/answer';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { parseServer } from '../../../../src/dns/resolver/wire';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';
import { facts } from '../../../support/records';

const feedback = 'mailto:dmarc-feedback@example.com';

describe('the examples of RFC 9989', () => {
  let dns: TestDns;
  before(async () => (dns = await startDns('')));
  after(() => dns.close());
  const resolver = () => serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 300 });

  async function judge(domain: string, ...zone: string[]): Promise<RecordVerdict> {
    dns.load(['example.com MX 10 mail.example.com', 'mail.example.com A 192.0.2.1', ...zone].join('\n'));
    const records = await checkDomain(facts({ domain, hostname: 'mail.example.com' }), resolver());
    return records.find(record => record.purpose === 'dmarc')!;
  }
  const codes = ({ status, findings }: RecordVerdict) => [status, ...findings.map(item => item.code)];

  it('B.2.1: monitoring', async () => {
    const found = await judge('example.com', `_dmarc.example.com TXT "v=DMARC1; p=none; " "rua=${feedback}"`);
    assert.deepEqual(codes(found), ['ok', 'dmarc-policy-none']);
    assert.deepEqual(found.observed, [`v=DMARC1; p=none; rua=${feedback}`]);
  });

  it('B.2.2: with failure reports', async () => {
    const found = await judge(
      'example.com',
      `_dmarc.example.com TXT "v=DMARC1; p=none; " "rua=${feedback}; " "ruf=mailto:auth-reports@example.com"`,
    );
    assert.deepEqual(codes(found), ['ok', 'dmarc-policy-none']);
  });

  const third = `_dmarc.example.com TXT "v=DMARC1; p=none; " "rua=${feedback}; " "ruf=mailto:auth-reports@thirdparty.example.net"`;
  const thirdMx = 'thirdparty.example.net MX 10 mx.thirdparty.example.net';

  it('B.2.3: failure reports to a third party, which has to agree', async () => {
    const refused = await judge('example.com', third, thirdMx);
    assert.deepEqual(codes(refused), ['warning', 'dmarc-policy-none', 'dmarc-report-not-authorized']);
    assert.match(refused.findings[1]!.fix!, /example\.com\._report\._dmarc\.thirdparty\.example\.net/);
    const agreed = await judge(
      'example.com',
      third,
      thirdMx,
      'example.com._report._dmarc.thirdparty.example.net TXT "v=DMARC1;"',
    );
    assert.deepEqual(codes(agreed), ['ok', 'dmarc-policy-none']);
  });

  it('B.2.4: the third party names other addresses of its own', async () => {
    const found = await judge(
      'example.com',
      third,
      thirdMx,
      'example.com._report._dmarc.thirdparty.example.net TXT "v=DMARC1; " "rua=mailto:aggregate-reports@thirdparty.example.net; " "ruf=mailto:failure-reports@thirdparty.example.net"',
    );
    assert.deepEqual(codes(found), ['ok', 'dmarc-policy-none']);
  });

  it('B.2.5: a subdomain in test, then in earnest', async () => {
    const of = (end: string) => [
      '_dmarc.example.com TXT v=DMARC1; p=none',
      `_dmarc.test.example.com TXT "v=DMARC1; ${end}; " "rua=${feedback}," "mailto:tld-test@thirdparty.example.net"`,
      thirdMx,
      'test.example.com._report._dmarc.thirdparty.example.net TXT "v=DMARC1;"',
    ];
    assert.deepEqual(codes(await judge('test.example.com', ...of('p=quarantine; t=y'))), ['warning', 'dmarc-testing']);
    assert.deepEqual(codes(await judge('test.example.com', ...of('p=reject'))), ['ok']);
  });

  async function walk(domain: string, ...names: string[]) {
    dns.load(names.map(line => line.replace(/^(\S+) ?/, '_dmarc.$1 TXT v=DMARC1; p=none; ')).join('\n'));
    dns.questions.length = 0;
    return organisation(domain, { ask: (name: string, type: QueryType) => resolver().query(name, type) });
  }
  const asked = () => dns.questions.map(question => question.replace('TXT _dmarc.', '')).sort();

  it('§4.10.2: the highest name, the one with psd=n, the one below psd=y', async () => {
    assert.equal((await walk('a.mail.example.com', 'mail.example.com', 'example.com')).domain, 'example.com');
    const own = await walk('a.mail.example.com', 'mail.example.com psd=n', 'example.com');
    assert.equal(own.domain, 'mail.example.com');
    assert.equal((await walk('a.mail.example.com', 'com psd=y')).domain, 'example.com');
    assert.equal((await walk('mail.example.com', 'example.com psd=y')).domain, 'mail.example.com');
  });

  it('§5.1.8: a record with psd=n that no walk finds', async () => {
    const found = await walk('mail.a.b.c.d.e.f.g.example.com', 'b.c.d.e.f.g.example.com psd=n', 'example.com');
    assert.deepEqual([found.domain, found.from], ['example.com', 'example.com']);
    assert.deepEqual(asked(), [
      'c.d.e.f.g.example.com',
      'com',
      'd.e.f.g.example.com',
      'e.f.g.example.com',
      'example.com',
      'f.g.example.com',
      'g.example.com',
      'mail.a.b.c.d.e.f.g.example.com',
    ]);
  });

  it('B.4.1: the signer’s own record does not part it from the author’s', async () => {
    const zone = ['example.com', 'signing.example.com'];
    assert.equal((await walk('example.com', ...zone)).domain, 'example.com');
    assert.equal((await walk('signing.example.com', ...zone)).domain, 'example.com');
  });

  it('B.4.2: a deep name', async () => {
    const zone = ['example.com', 'signing.example.com'];
    const found = await walk('a.b.c.d.e.f.g.h.i.j.k.example.com', ...zone);
    assert.deepEqual([found.domain, found.from], ['example.com', 'example.com']);
    assert.equal(asked().length, 8);
    assert.ok(asked().includes('g.h.i.j.k.example.com') && !asked().includes('f.g.h.i.j.k.example.com'));
  });

  it('B.4.3: banks below a public suffix', async () => {
    const zone = ['bank.example psd=y', 'giant.bank.example'];
    assert.deepEqual(await walk('giant.bank.example', ...zone), { domain: 'giant.bank.example' });
    const mail = await walk('mail.giant.bank.example', ...zone);
    assert.deepEqual([mail.domain, mail.from], ['giant.bank.example', 'giant.bank.example']);
    assert.equal((await walk('mail.mega.bank.example', ...zone)).domain, 'mega.bank.example');
  });
});
