import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../../src/dns/check/check';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { parseServer } from '../../../../src/dns/resolver/wire';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';
import { changedZone, facts } from '../../../support/records';

const ours = 'rua=mailto:postmaster@example.test';
const theirs = 'rua=mailto:a@example.test';
/** What people publish by a typo, and the record that is proposed instead: as strict as theirs was meant to be. */
const typos: [string, string][] = [
  ['v=DMARC1 p=reject', `v=DMARC1; p=reject; ${ours}`],
  ['v=DMARC1, p=quarantine', `v=DMARC1; p=quarantine; ${ours}`],
  ['v=dmarc1; p=reject', `v=DMARC1; p=reject; ${ours}`],
  ['v=DMARC2; p=reject', `v=DMARC1; p=reject; ${ours}`],
  ['DMARC1; p=reject', `v=DMARC1; p=reject; ${ours}`],
  ['p=reject; v=DMARC1', `v=DMARC1; p=reject; ${ours}`],
  ['“v=DMARC1; p=reject”', `v=DMARC1; p=reject; ${ours}`],
  ['v=DMARC1; p=reject', `v=DMARC1; p=reject; ${ours}`],
  ['v=DMARC1', `v=DMARC1; p=none; ${ours}`],
  [`v=DMARC1; ${theirs}`, `v=DMARC1; p=none; ${theirs}`],
  [`v=DMARC1; p=block; ${theirs}`, `v=DMARC1; p=none; ${theirs}`],
  [`v=DMARC1; p=; ${theirs}`, `v=DMARC1; p=none; ${theirs}`],
  [`v=DMARC1; p=reject ${theirs}`, `v=DMARC1; p=reject; ${theirs}`],
  [`v=DMARC1; p=reject; p=none; ${theirs}`, `v=DMARC1; p=reject; ${theirs}`],
  [`v=DMARC1; p=reject; sp=no; pct=100; ${theirs}`, `v=DMARC1; p=reject; ${theirs}`],
  ['v=DMARC1; p=reject; rua=a@example.test', `v=DMARC1; p=reject; ${theirs}`],
  ['v=DMARC1; p=reject; rua=mailto: a@example.test', `v=DMARC1; p=reject; ${theirs}`],
  ['v=DMARC1; p=reject; rua=mailto:<a@example.test>', `v=DMARC1; p=reject; ${theirs}`],
  ['v=DMARC1; p=reject; rua="mailto:a@example.test"', `v=DMARC1; p=reject; ${theirs}`],
  [
    'v=DMARC1; p=reject; rua=mailto:a@example.test mailto:b@example.test',
    `v=DMARC1; p=reject; ${theirs},mailto:b@example.test`,
  ],
  [`v=DMARC1; p=reject; ${theirs}; mailto:b@example.test`, `v=DMARC1; p=reject; ${theirs},mailto:b@example.test`],
  ['v=DMARC1; P=reject; RUA=mailto:a@example.test', `v=DMARC1; p=reject; ${theirs}`],
  ['_dmarc IN TXT "v=DMARC1; p=reject"', `v=DMARC1; p=reject; ${ours}`],
  ['v=DMARC1; p=reject; rua=https://example.test/in', `v=DMARC1; p=reject; ${ours}`],
  [`v=DMARC1; p=reject; ruf=; rua=`, `v=DMARC1; p=reject; ${ours}`],
];

describe('typos in DMARC', () => {
  let dns: TestDns;
  before(async () => {
    dns = await startDns('');
    await import('mailauth/lib/spf/index.js');
  });
  after(() => dns.close());
  const check = async (record: string) => {
    const published = record.startsWith('“') ? record : record.replaceAll('"', '\\"').replace(/^.*\\.*$/, '"$&"');
    dns.load(changedZone(['_dmarc.example.test TXT'], [`_dmarc.example.test TXT ${published}`]));
    const verdicts = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)] }));
    return verdicts.find(({ purpose }) => purpose === 'dmarc')!;
  };

  for (const [written, meant] of typos)
    it(`are named, and what was meant is proposed: ${written}`, async () => {
      const verdict = await check(written);
      assert.notEqual(verdict.status, 'ok');
      assert.equal(verdict.value, meant);
      for (const { fix = '' } of verdict.findings)
        if (fix.includes('v=DMARC1')) assert.ok(fix.endsWith(`: ${meant}`), fix);
      const repaired = await check(meant);
      assert.equal(repaired.status, 'ok', JSON.stringify(repaired.findings));
    });

  it('are repaired without a change of what receivers do, where they are only a warning', async () => {
    for (const [record, repaired] of [
      // A trial stays one; a value that nobody knows counts as the default.
      [`v=DMARC1; p=reject; t=y; ${theirs}; adkim=strict; pct=50`, `v=DMARC1; p=reject; t=y; ${theirs}`],
      [`v=DMARC1; p=reject; pct=50; ${theirs}`, `v=DMARC1; p=reject; ${theirs}; t=y`],
      [
        `v=DMARC1; p=reject; ${theirs}; ruf=mailto:a@example.test; fo=l`,
        `v=DMARC1; p=reject; ${theirs}; ruf=mailto:a@example.test; fo=1`,
      ],
      [`v=DMARC1; p=reject; ${theirs}, https://example.test/in, `, `v=DMARC1; p=reject; ${theirs}`],
      [`v=DMARC1; p=reject; ${theirs}; psd=y`, `v=DMARC1; p=reject; ${theirs}`],
    ] as const)
      assert.equal((await check(record)).value, repaired, record);
  });

  it('are no reason to change what only deserves a remark', async () => {
    const record = `v=DMARC1; p=reject; ${theirs}; pct=100; x=y`;
    assert.equal((await check(record)).value, record);
  });
});
