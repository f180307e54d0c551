import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../../src/dns/check/check';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { parseServer } from '../../../../src/dns/resolver/wire';
import { parseSpf } from '../../../../src/dns/spf/parse';
import { tidySpf } from '../../../../src/dns/spf/tidy';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';
import { changedZone, facts } from '../../../support/records';

const us = 'a:mail.example.test';
/** What people publish by a typo, and the record that is proposed instead. */
const typos: [string, string][] = [
  ['v=spf1 ip4:192.0.2.1/33 -all', `v=spf1 ${us} -all`],
  ['v=spf1 ip4:192.0.2.256 mx -all', `v=spf1 ${us} mx -all`],
  ['v=spf1 ip4: 192.0.2.1 ip6:2001:db8::1 -all', `v=spf1 ${us} ip4:192.0.2.1 ip6:2001:db8::1 -all`],
  ['v=spf1 ipv4:192.0.2.1 -all', `v=spf1 ${us} ip4:192.0.2.1 -all`],
  ['v=spf1 ip4=192.0.2.1 -all', `v=spf1 ${us} ip4:192.0.2.1 -all`],
  ['v=spf1 ip6:192.0.2.1 ip4:2001:db8::1 -all', `v=spf1 ${us} ip4:192.0.2.1 ip6:2001:db8::1 -all`],
  ['v=spf1 a:192.0.2.1 -all', `v=spf1 ${us} ip4:192.0.2.1 -all`],
  ['v=spf1 include:192.0.2.0/28 mx:2001:db8::1 -all', `v=spf1 ${us} ip4:192.0.2.0/28 ip6:2001:db8::1 -all`],
  ['v=spf1 ip4:mail.example.test -all', `v=spf1 ${us} -all`],
  ['v=spf1 ip6:[2001:db8::1] -all', `v=spf1 ${us} ip6:2001:db8::1 -all`],
  ['v=spf1 a:mail -all', `v=spf1 ${us} -all`],
  ['v=spf1 192.0.2.0/28 -all', `v=spf1 ${us} ip4:192.0.2.0/28 -all`],
  ['v=spf1 ip4:192.0.2.1,192.0.2.2 -all', `v=spf1 ${us} ip4:192.0.2.1 ip4:192.0.2.2 -all`],
  [`v=spf1 ${us} –all`, `v=spf1 ${us} -all`],
  [`v=spf1 ${us} - all`, `v=spf1 ${us} -all`],
  [`v=spf1 ${us} -all;`, `v=spf1 ${us} -all`],
  [`v=spf1; ${us} -all`, `v=spf1 ${us} -all`],
  [`v=spf1,${us},-all`, `v=spf1 ${us} -all`],
  [`“v=spf1 ${us} -all”`, `v=spf1 ${us} -all`],
  [`'v=spf1 ${us} -all'`, `v=spf1 ${us} -all`],
  [`v=spf1\u00a0${us}\u00a0-all`, `v=spf1 ${us} -all`],
  [`\u200bv=spf1 ${us} -all`, `v=spf1 ${us} -all`],
  [`"v=spf1" "mx -all"`, `v=spf1 ${us} mx -all`],
  [`v=spf mx -all`, `v=spf1 ${us} mx -all`],
  [`spf1 mx -all`, `v=spf1 ${us} mx -all`],
  [`v=spf1 ${us} -all v=spf1 mx -all`, `v=spf1 ${us} mx -all`],
  [`v=spf1 exists:%{z}.x.test ${us} -all`, `v=spf1 ${us} -all`],
  [`v=spf1 exists:%(i).x.test ${us} -all`, `v=spf1 ${us} -all`],
  [`v=spf1 include: include ${us} -all`, `v=spf1 ${us} -all`],
  [`v=spf1 ${us} mx: all:x.test redirect= -all`, `v=spf1 ${us} -all`],
];

describe('typos in SPF', () => {
  let dns: TestDns;
  before(async () => {
    dns = await startDns('');
    await import('mailauth/lib/spf/index.js');
  });
  after(() => dns.close());
  const check = async (record: string) => {
    dns.load(changedZone(['example.test TXT'], [`example.test TXT ${record}`]));
    const verdicts = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)] }));
    return verdicts.find(({ name, purpose }) => purpose === 'spf' && name === 'example.test')!;
  };

  for (const [written, meant] of typos)
    it(`are named, and what was meant is proposed: ${written}`, async () => {
      const verdict = await check(written);
      assert.equal(verdict.value, meant);
      assert.ok(
        verdict.findings.some(finding => finding.fix?.endsWith(`: ${meant}`)),
        JSON.stringify(verdict.findings),
      );
      const repaired = await check(meant);
      assert.deepEqual([repaired.status, repaired.findings], ['ok', []]);
    });

  it('are not seen where there are none', async () => {
    for (const record of [
      `v=spf1 ${us} exists:%{ir}.%{l1r-}._spf.%{d2} exp=why.%{o}.test -all`,
      `v=spf1 ${us} a:%{d,}.test mx:other.test/24//64 a/0 ptr:x.test ip6:2001:db8::/32 ip4:192.0.2.0/28 ?all`,
      `v=spf1 ${us} foo=bar,baz;x -all`,
    ]) {
      assert.deepEqual(tidySpf(record), [record]);
      assert.ok(parseSpf(record).terms.every(term => term.kind !== 'broken'));
    }
  });

  it('are not looked up', async () => {
    const { findings } = await check(`v=spf1 include: include a:\u001b.test mx: redirect= ${us} -all`);
    assert.deepEqual([...new Set(findings.map(finding => finding.code))], ['spf-syntax']);
  });

  it('name the term that is broken', async () => {
    const { findings } = await check('v=spf1 mx ip4:192.0.2.1/33 -all');
    assert.deepEqual(
      findings.map(({ code, message }) => [code, message]),
      [['spf-syntax', '“ip4:192.0.2.1/33” in the record of example.test is not an SPF term.']],
    );
  });
});
