import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { organisation } from '../../../../src/dns/dmarc/discover';
import type { QueryType } from '../../../../src/dns/resolver/answer';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { parseServer } from '../../../../src/dns/resolver/wire';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';

type Lookup = (name: string) => Promise<unknown>;
/** Not part of mailauth's public face: what its DMARC verification rests on. */
const other = createRequire(__filename)('mailauth/lib/dmarc/get-dmarc-record.js') as {
  createRecordLookup(
    resolver: (name: string, type: string) => Promise<string[][]>,
    options: { strict: boolean },
  ): Lookup;
  getOrgDomain(domain: string, lookup: Lookup): Promise<string>;
};

describe('the organisational domain by tree walk (RFC 9989 §4.10)', () => {
  let dns: TestDns;
  before(async () => (dns = await startDns('')));
  after(() => dns.close());
  const ask = (name: string, type: QueryType) =>
    serverResolver({ servers: [parseServer(dns.address)] }).query(name, type);
  const walk = (domain: string, ...records: string[]) => {
    dns.load(records.map(line => line.replace(' ', ' TXT v=DMARC1;')).join('\n'));
    dns.questions.length = 0;
    return organisation(domain, { ask });
  };

  it('is the highest name with a record', async () => {
    const found = await walk('a.mail.example.com', '_dmarc.mail.example.com p=none', '_dmarc.example.com p=reject');
    assert.deepEqual(found, { domain: 'example.com', inherited: 'v=DMARC1;p=reject', from: 'example.com' });
  });
  it('is the name itself where no record is', async () => {
    assert.deepEqual(await walk('mail.example.com'), { domain: 'mail.example.com' });
  });
  it('is the name that says psd=n, whatever stands above', async () => {
    const found = await walk(
      'a.giant.bank.example',
      '_dmarc.giant.bank.example p=none; psd=n',
      '_dmarc.bank.example p=reject; psd=y',
    );
    assert.deepEqual([found.domain, found.from], ['giant.bank.example', 'giant.bank.example']);
  });
  it('is one label below a public suffix, whose policy is inherited', async () => {
    const found = await walk('mail.giant.bank.example', '_dmarc.bank.example p=reject; psd=y');
    assert.deepEqual([found.domain, found.from], ['giant.bank.example', 'bank.example']);
  });
  it('does not count names with several records, or with a tag twice', async () => {
    assert.equal(
      (await walk('a.example.com', '_dmarc.example.com p=none', '_dmarc.example.com p=reject')).domain,
      'a.example.com',
    );
    assert.equal((await walk('a.example.com', '_dmarc.example.com p=none; p=reject')).domain, 'a.example.com');
  });
  it('asks eight names at most: the whole, then from seven labels down', async () => {
    await walk('a.b.c.d.e.f.g.h.i.j.mail.example.com');
    assert.deepEqual(dns.questions.map(question => question.replace('TXT _dmarc.', '')).sort(), [
      'a.b.c.d.e.f.g.h.i.j.mail.example.com',
      'com',
      'example.com',
      'g.h.i.j.mail.example.com',
      'h.i.j.mail.example.com',
      'i.j.mail.example.com',
      'j.mail.example.com',
      'mail.example.com',
    ]);
  });
  it('agrees with mailauth for zones made at random', async () => {
    const domain = 'a.b.c.d.e.f.g.h.i';
    for (let round = 0; round < 200; round++) {
      const labels = domain.split('.');
      const records = labels.flatMap((_, at) => {
        if (Math.random() < 0.6) return [];
        const psd = ['', '; psd=y', '; psd=n', '; psd=u', '; p=none'][Math.floor(Math.random() * 5)]!;
        return [`_dmarc.${labels.slice(at).join('.')} p=none${psd}`];
      });
      const mine = await walk(domain, ...records);
      const lookup = other.createRecordLookup(
        async (name, type) => {
          const answer = await ask(name, type as QueryType);
          if (answer.state === 'found') return answer.strings!;
          throw Object.assign(new Error(name), { code: answer.state === 'no-name' ? 'ENOTFOUND' : 'ENODATA' });
        },
        { strict: true },
      );
      assert.equal(mine.domain, await other.getOrgDomain(domain, lookup), records.join('\n'));
    }
  });
});
