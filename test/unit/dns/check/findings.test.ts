import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../../src/dns/check/check';
import { catalogue } from '../../../../src/dns/check/findings';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { parseServer } from '../../../../src/dns/resolver/wire';
import type { TestDns } from '../../../support/dns';
import { startDns } from '../../../support/dns';
import { changedZone, facts, rightZone } from '../../../support/records';
import { cases, certificate, included, includes, sts } from './findingCases';

/** Codes that other tests show: they need several servers, or one that validates. */
const elsewhere = ['dns-servers-disagree', 'dns-server-silent', 'dns-cache-old', 'dnssec-broken'];

describe('findings, each with a zone that has it', () => {
  let dns: TestDns;
  before(async () => {
    dns = await startDns('');
    // Loading it takes longer than the short time-outs below.
    await import('mailauth/lib/spf/index.js');
  });
  after(() => dns.close());

  for (const { about, out = [], add = [], facts: change, purpose, status, codes, policy: text } of cases) {
    it([purpose, codes.join(', ') || 'nothing to say', about].filter(Boolean).join(': '), async () => {
      const of = facts(change);
      dns.load(changedZone(out, add, of));
      const resolver = serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 200 });
      const verdicts = await checkDomain(of, resolver, text === undefined ? {} : { fetchText: async () => text });
      const verdict = verdicts.find(record => record.purpose === purpose)!;
      const found = verdict.findings.map(finding => finding.code);
      assert.deepEqual([verdict.status, found.sort()], [status, [...codes].sort()], JSON.stringify(verdict, null, 1));
    });
  }

  it('asks little of a zone that is made to be asked much', async () => {
    const terms = (label: string) => Array.from({ length: 700 }, (_, at) => `${label}:${label}${at}.test`).join(' ');
    const many = Array.from({ length: 50 }, (_, at) => `include${at}.test TXT v=spf1 ${terms('mx')} -all`);
    dns.load(
      changedZone(['example.test TXT'], [`example.test TXT v=spf1 ${terms('include')} ${terms('a')} -all`, ...many]),
    );
    dns.questions.length = 0;
    const verdicts = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)] }));
    assert.ok(
      verdicts.find(record => record.purpose === 'spf')!.findings.some(item => item.code === 'spf-too-many-lookups'),
    );
    assert.ok(dns.questions.length < 400, `${dns.questions.length} questions`);
  });

  it('is not held up by texts that are made to be slow to read', async () => {
    const long = (text: string) => text.repeat(Math.ceil(60_000 / text.length));
    const fills = [`${long(' ')}x`, `${long("'")}x`, `${long('a')} !`, `.${long('a1')}!`, long(','), `${long('.a')} !`];
    const places = [
      ['example.test TXT', 'v=spf1 include:'],
      ['_dmarc.example.test TXT', 'v=DMARC1; p=reject; rua='],
      ['s1._domainkey.example.test TXT', 'v=DKIM1; p='],
      ['_mta-sts.example.test TXT', 'v=STSv1; id='],
      ['_smtp._tls.example.test TXT', 'v=TLSRPTv1; rua='],
    ] as const;
    for (const fill of fills)
      for (const [line, start] of places) {
        dns.load(changedZone([line], [`${line} ${start}${fill}`]));
        const begun = performance.now();
        await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 2000 }));
        const took = performance.now() - begun;
        // Read in full, some of them take twenty seconds.
        assert.ok(took < 4000, `${line} ${start}${fill.slice(0, 5)}… took ${Math.round(took)} ms`);
      }
  });

  it('has none of them in a zone where all is right', async () => {
    const of = facts(certificate);
    dns.load(`${rightZone(of)}\nexample.test DS 1`);
    const verdicts = await checkDomain(of, serverResolver({ servers: [parseServer(dns.address)] }), {
      fetchText: async () => sts('mode: enforce\nmx: mail.example.test'),
    });
    assert.deepEqual(
      verdicts.map(({ purpose, status, findings }) => [purpose, status, ...findings.map(item => item.code)]),
      [
        ['a', 'ok'],
        ['aaaa', 'ok'],
        ['ptr', 'ok'],
        ['ptr', 'ok'],
        ['mx', 'ok'],
        ['spf', 'ok'],
        ['spf', 'ok'],
        ['dkim', 'ok'],
        ['dmarc', 'ok', 'dmarc-policy-none'],
        ['mta-sts', 'ok'],
        ['tls-rpt', 'ok'],
        ['tlsa', 'ok'],
        ['caa', 'ok'],
      ],
    );
  });

  it('says what each lookup of SPF costs, which are spared by addresses, and which one would be enough', async () => {
    const ten = includes(8);
    const us = 'a:mail.example.test mx';
    for (const [record, more, expected] of [
      [
        `v=spf1 ${us} include:deep.test ${ten} -all`,
        [
          'deep.test TXT v=spf1 include:deeper.test ~all',
          'deeper.test TXT v=spf1 ip4:198.51.100.99 ip6:2001:db8:9::/48 -all',
        ],
        [
          /^Each term costs: a:mail\.example\.test 1, mx 1, include:deep\.test 2, include:i0\.test 1/,
          / ip4:192\.0\.2\.1 ip6:2001:db8::1 instead of mx would leave 11\./,
          / ip4:198\.51\.100\.99 ip6:2001:db8:9::\/48 instead of include:deep\.test would leave 10\./,
          /Such addresses may change/,
        ],
      ],
      [
        'v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:big.test include:small.test -all',
        [
          `big.test TXT v=spf1 ${ten} exists:%{i}.big.test -all`,
          'small.test TXT v=spf1 a:small.test exists:%{i}.small.test -all',
          'small.test A 198.51.100.7',
          'small.test AAAA 2001:db8:7::7',
        ],
        [
          /^Each term costs: include:big\.test 10, include:small\.test 3\./,
          /\. Remove one that you do not need: without include:big\.test it is 3, without include:small\.test it is 10\./,
        ],
      ],
    ] as const) {
      dns.load(changedZone(['example.test TXT'], [`example.test TXT ${record}`, ...more, ...included(8)]));
      const verdicts = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)] }));
      const found = verdicts
        .find(each => each.purpose === 'spf')!
        .findings.find(each => each.code === 'spf-too-many-lookups')!;
      for (const pattern of expected) assert.match(found.fix!, pattern);
    }
  });

  it('tells from an MX target without address what a provider’s page made of it', async () => {
    for (const [target, fix] of [
      ['mail', /^Publish MX 10 mail\.example\.test\. .*end it with a full stop: mail\.example\.test\.$/],
      ['mail.example.test.example.test', /^Publish MX 10 mail\.example\.test\. .*full stop/],
      ['gone.other.test', /^Publish A and AAAA records for gone\.other\.test, or point MX at mail\.example\.test\.$/],
    ] as const) {
      dns.load(changedZone(['example.test MX'], [`example.test MX 10 ${target}`]));
      const verdicts = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)] }));
      const { findings } = verdicts.find(record => record.purpose === 'mx')!;
      assert.match(findings.find(item => item.code === 'mx-no-address')!.fix!, fix);
    }
  });

  it('wants a second address added, not the first one changed', async () => {
    const of = facts({ ipv4: ['192.0.2.1', '192.0.2.2'] });
    dns.load(changedZone(['mail.example.test A'], ['mail.example.test A 192.0.2.1'], of));
    const verdicts = await checkDomain(of, serverResolver({ servers: [parseServer(dns.address)] }));
    const [first, second] = verdicts.filter(record => record.purpose === 'a');
    assert.deepEqual([first!.status, second!.status], ['ok', 'wrong']);
    assert.deepEqual(
      [second!.findings[0]!.message, second!.findings[0]!.fix],
      ['mail.example.test resolves to 192.0.2.1, but not to 192.0.2.2.', 'Add the A record 192.0.2.2.'],
    );
  });

  it('names a zone whose signatures do not hold, and speaks of no record that nobody asked for', async () => {
    dns.load(`${rightZone()}\nexample.test BOGUS`);
    const verdicts = await checkDomain(facts(), serverResolver({ servers: [parseServer(dns.address)] }));
    const broken = verdicts.flatMap(({ findings }) => findings.filter(item => item.code === 'dnssec-broken'));
    assert.deepEqual(
      [...new Set(broken.map(item => item.message))],
      ['The DNSSEC signatures of example.test are not valid.'],
    );
    assert.ok(verdicts.every(({ purpose }) => purpose !== 'tlsa' && purpose !== 'caa'));
  });

  it('names who may issue certificates, and where to add the authority', async () => {
    const of = facts(certificate);
    for (const [zone, message, fix] of [
      [
        ['example.test CAA 0 issue ";"'],
        'example.test allows nobody to issue certificates.',
        'At example.test, add CAA 0 issue "letsencrypt.org".',
      ],
      [
        ['mail.example.test CNAME host.test', 'host.test CAA 0 issue "sectigo.com"'],
        'mail.example.test allows only sectigo.com to issue certificates.',
        'At host.test, add CAA 0 issue "letsencrypt.org".',
      ],
    ] as const) {
      dns.load(changedZone(['example.test CAA', 'mail.example.test A'], [...zone], of));
      const verdicts = await checkDomain(of, serverResolver({ servers: [parseServer(dns.address)] }));
      const found = verdicts.find(record => record.purpose === 'caa')!.findings[0]!;
      assert.deepEqual([found.message, found.fix], [message, fix]);
    }
  });

  it('makes no error of an alias where the record is optional', async () => {
    const of = facts({ silent: ['www.example.test'] });
    dns.load(changedZone(['www.example.test MX', 'www.example.test TXT'], ['www.example.test CNAME web.test'], of));
    const verdicts = await checkDomain(of, serverResolver({ servers: [parseServer(dns.address)] }));
    const alias = verdicts.flatMap(({ purpose, findings }) =>
      findings.filter(item => item.code === 'alias-without-record').map(item => [purpose, item.severity]),
    );
    assert.deepEqual(alias, [
      ['null-mx', 'information'],
      ['null-spf', 'warning'],
    ]);
  });

  it('leaves no code of the catalogue without a case', () => {
    const shown = new Set([...cases.flatMap(item => item.codes), ...elsewhere]);
    assert.deepEqual(
      Object.keys(catalogue).filter(code => !shown.has(code)),
      [],
    );
  });

  it('has each code described in docs/dns-findings.md, and no other', () => {
    const text = readFileSync(join(__dirname, '../../../../docs/dns-findings.md'), 'utf8');
    const described = [...text.matchAll(/^### (\S+)\n\n(\w+)\. /gm)].map(match => [match[1], match[2]!.toLowerCase()]);
    const known = Object.entries(catalogue).map(([code, { severity }]) => [code, severity]);
    assert.deepEqual(described.sort(), known.sort());
  });

  /** What no value of the record itself can fix, or only the user can decide. */
  const beyondTheRecord = [
    ...['domain-blocklisted', 'spf-waits-for-address', 'spf-not-resolvable', 'spf-too-many-lookups', 'spf-too-long'],
    ...['spf-neutral-all', 'spf-no-all', 'spf-ptr', 'spf-broad-network', 'spf-equals-sign', 'tlsa-without-dnssec'],
    ...['dkim-short-key', 'dkim-ed25519-only', 'dkim-key-not-loaded', 'dmarc-testing', 'dmarc-report-not-authorized'],
    ...['dmarc-report-undeliverable', 'mta-sts-no-policy', 'mta-sts-policy-invalid', 'mta-sts-host-missing'],
  ];

  it('proposes a value with which the record is right, and which it then proposes again', async () => {
    for (const each of cases) {
      // Which of two families has too many empty names, the order of the terms decides: that is said, not proposed.
      if (['a', 'aaaa', 'ptr', 'caa'].includes(each.purpose) || each.about?.startsWith('names without IPv6')) continue;
      // Waiting for silence takes long, and there is nothing to propose.
      if (each.add?.some(line => line.endsWith(' DROP'))) continue;
      const of = facts(each.facts);
      const zone = changedZone(each.out ?? [], each.add ?? [], of);
      const check = async (text: string) => {
        dns.load(text);
        const resolver = serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 2000, tries: 1 });
        const fetched = each.policy === undefined ? {} : { fetchText: async () => each.policy! };
        return (await checkDomain(of, resolver, fetched)).find(record => record.purpose === each.purpose)!;
      };
      const { name, type, value, status } = await check(zone);
      if (status === 'ok' || status === 'unknown' || value === '') continue;
      const others = zone
        .split('\n')
        .filter(line => !line.startsWith(`${name} ${type} `) && !line.startsWith(`${name} CNAME `));
      const again = await check([...others, `${name} ${type} ${value}`].join('\n'));
      const about = `${each.purpose} ${each.codes.join(' ')} ${each.about ?? ''}: ${value.slice(0, 200)}`;
      assert.equal(again.value, value, about);
      const left = again.findings.filter(
        ({ severity, code }) => severity !== 'information' && !beyondTheRecord.includes(code),
      );
      assert.deepEqual(
        left.map(({ code, message }) => `${code}: ${message}`),
        [],
        about,
      );
    }
  });

  it('gives each finding a reason, and whatever is wrong something to do', async () => {
    for (const { out = [], add = [], facts: change } of cases) {
      const of = facts(change);
      dns.load(changedZone(out, add, of));
      const verdicts = await checkDomain(
        of,
        serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 100, tries: 1 }),
      );
      for (const { findings } of verdicts)
        for (const { code, severity, message, why, fix } of findings) {
          assert.match(message, /^.+\.$/s, code);
          assert.ok(why, code);
          if (severity !== 'information' && !['spf-not-resolvable', 'dns-no-answer'].includes(code))
            assert.ok(fix, `${code}: ${message}`);
        }
    }
  });
});
