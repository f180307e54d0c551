// Every finding code with zones that have it, and some that only seem to.
/* eslint max-lines: off -- one table, best read as one. */
import type { DomainRecordFacts } from '../../../src/dns/facts';
import type { RecordPurpose, RecordStatus } from '../../../src/dns/record';
import { bareKey, key, otherKey, shortKey } from '../../support/records';

/** A zone made from the right one, and what is to be found in it. */
export interface Case {
  /** What the case shows, where the code alone does not say it. */
  about?: string;
  /** Starts of the lines that are taken out of the right zone, and lines that are added. */
  out?: string[];
  add?: string[];
  facts?: Partial<DomainRecordFacts>;
  purpose: RecordPurpose;
  status: RecordStatus;
  codes: string[];
  policy?: string;
}

const SPF = 'example.test TXT';
const DMARC = '_dmarc.example.test TXT';
const DKIM = 's1._domainkey.example.test TXT';
const STS = '_mta-sts.example.test TXT';
const RPT = '_smtp._tls.example.test TXT';
const MX = 'example.test MX';
const PTR4 = '1.2.0.192.in-addr.arpa PTR';
const spf = (value: string, codes: string[], status: RecordStatus, ...more: string[]): Case => ({
  out: [SPF],
  add: [`${SPF} ${value}`, ...more],
  purpose: 'spf',
  status,
  codes,
});
const dmarc = (value: string, codes: string[], status: RecordStatus, ...more: string[]): Case => ({
  out: [DMARC],
  add: [`${DMARC} ${value}`, ...more],
  purpose: 'dmarc',
  status,
  codes,
});
const dkim = (value: string, codes: string[], status: RecordStatus): Case => ({
  out: [DKIM],
  add: [`${DKIM} ${value}`],
  purpose: 'dkim',
  status,
  codes,
});
const us = 'a:mail.example.test';
const good = 'v=DMARC1; p=reject; rua=mailto:postmaster@example.test';
const includes = (count: number) => Array.from({ length: count }, (_, at) => `include:i${at}.test`).join(' ');
const included = (count: number) =>
  Array.from({ length: count }, (_, at) => `i${at}.test TXT v=spf1 ip4:198.51.100.${at} -all`);
const pin = 'ab'.repeat(32);
const silent = { silent: ['www.example.test'] };
export const certificate = {
  certificate: { spkiSha256: pin, tlsa: [`2 1 1 ${'ef'.repeat(32)}`], caaIssuer: 'letsencrypt.org' },
};
const tlsa = (value: string, codes: string[], status: RecordStatus, ...more: string[]): Case => ({
  facts: certificate,
  out: ['_25._tcp.mail.example.test TLSA'],
  add: [`_25._tcp.mail.example.test TLSA ${value}`, ...more],
  purpose: 'tlsa',
  status,
  codes,
});
const policy = (text: string, codes: string[], status: RecordStatus): Case => ({
  purpose: 'mta-sts',
  status,
  codes,
  policy: text,
});
export const sts = (lines: string) => `version: STSv1\nmax_age: 604800\n${lines}`;

export const cases: Case[] = [
  // Any record
  { about: 'MX', out: [MX], purpose: 'mx', status: 'missing', codes: ['record-missing'] },
  { about: 'AAAA', out: ['mail.example.test AAAA'], purpose: 'aaaa', status: 'missing', codes: ['record-missing'] },
  { about: 'TLS-RPT', out: [RPT], purpose: 'tls-rpt', status: 'missing', codes: ['record-missing'] },
  {
    about: 'SERVFAIL is not missing',
    out: [DMARC],
    add: ['_dmarc.example.test SERVFAIL'],
    purpose: 'dmarc',
    status: 'unknown',
    codes: ['dns-no-answer'],
  },
  {
    about: 'silence is not missing',
    out: [MX, SPF],
    add: ['example.test DROP'],
    purpose: 'mx',
    status: 'unknown',
    codes: ['dns-no-answer'],
  },
  {
    out: [DMARC],
    add: [`_dmarc.example.test.example.test TXT ${good}`],
    purpose: 'dmarc',
    status: 'missing',
    codes: ['record-missing', 'zone-appended-twice'],
  },
  {
    about: 'a wildcard answers there as well',
    out: [MX],
    add: ['*.example.test MX 10 mail.example.test'],
    purpose: 'mx',
    status: 'missing',
    codes: ['record-missing'],
  },
  {
    about: 'DKIM',
    out: [DKIM],
    add: ['s1._domainkey.example.test CNAME s1.keys.test'],
    purpose: 'dkim',
    status: 'missing',
    codes: ['alias-without-record', 'record-missing'],
  },
  {
    about: 'of a name that need not have one',
    facts: silent,
    out: ['www.example.test MX', 'www.example.test TXT'],
    add: ['www.example.test CNAME web.test', 'web.test A 192.0.2.4'],
    purpose: 'null-mx',
    status: 'missing',
    codes: ['alias-without-record', 'record-missing'],
  },
  {
    about: 'a reverse name handed on (RFC 2317)',
    out: [PTR4],
    add: ['1.2.0.192.in-addr.arpa CNAME 1.0-25.2.0.192.in-addr.arpa'],
    purpose: 'ptr',
    status: 'missing',
    codes: ['alias-without-record', 'record-missing'],
  },
  {
    out: [DMARC],
    add: ['*.example.test TXT v=spf1 -all'],
    purpose: 'dmarc',
    status: 'wrong',
    codes: ['dmarc-not-dmarc', 'wildcard-answer'],
  },
  {
    about: 'DKIM',
    out: [DKIM],
    add: [`${DKIM} "\\"v=DKIM1; k=rsa; p=${key.slice(0, 180)}" "${key.slice(180)}\\""`],
    purpose: 'dkim',
    status: 'wrong',
    codes: ['value-in-quotes'],
  },
  { about: 'DMARC', ...dmarc(`"\\"${good}\\""`, ['value-in-quotes'], 'wrong') },
  { about: 'SPF', ...spf(`"\\"v=spf1 ${us} -all\\""`, ['value-in-quotes'], 'wrong') },
  {
    about: 'DKIM',
    ...dkim(
      `"v=DKIM1\\\\; k=rsa\\\\; p=${key.slice(0, 200)}" "${key.slice(200)}"`,
      ['value-with-backslashes'],
      'wrong',
    ),
  },

  // A, AAAA
  {
    out: ['mail.example.test A'],
    add: ['mail.example.test A 192.0.2.9'],
    purpose: 'a',
    status: 'wrong',
    codes: ['address-wrong'],
  },
  { add: ['mail.example.test A 192.0.2.9'], purpose: 'a', status: 'warning', codes: ['address-extra'] },
  {
    facts: { ipv6: [] },
    add: ['mail.example.test AAAA 2001:db8::9'],
    purpose: 'a',
    status: 'warning',
    codes: ['address-other-family'],
  },
  {
    out: ['mail.example.test A', 'mail.example.test AAAA', 'mail.example.test TXT'],
    add: [
      'mail.example.test CNAME host.example.test',
      'host.example.test A 192.0.2.1',
      'host.example.test AAAA 2001:db8::1',
    ],
    purpose: 'a',
    status: 'warning',
    codes: ['host-is-alias'],
  },
  { facts: { ipv4: ['10.0.0.1'] }, purpose: 'a', status: 'ok', codes: ['address-not-public'] },
  { add: ['1.2.0.192.zen.spamhaus.org A 127.0.0.2'], purpose: 'a', status: 'wrong', codes: ['address-blocklisted'] },
  {
    about: 'IPv6',
    add: ['1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org A 127.0.0.3'],
    purpose: 'aaaa',
    status: 'wrong',
    codes: ['address-blocklisted'],
  },
  {
    add: ['1.2.0.192.zen.spamhaus.org A 127.255.255.254'],
    purpose: 'a',
    status: 'ok',
    codes: ['blocklist-refused-query'],
  },
  {
    about: 'an answer outside 127/8 is no listing',
    add: ['1.2.0.192.bl.spamcop.net A 198.51.100.7'],
    purpose: 'a',
    status: 'ok',
    codes: [],
  },
  { add: ['1.2.0.192.bl.spamcop.net SERVFAIL'], purpose: 'a', status: 'ok', codes: ['blocklist-no-answer'] },
  { add: ['example.test.dbl.spamhaus.org A 127.0.1.2'], purpose: 'mx', status: 'wrong', codes: ['domain-blocklisted'] },

  // PTR
  {
    out: [PTR4],
    add: [`${PTR4} vmi1234.contaboserver.net`],
    purpose: 'ptr',
    status: 'wrong',
    codes: ['ptr-wrong-name'],
  },
  {
    about: 'by an alias of the provider (RFC 2317), in capitals',
    out: [PTR4],
    add: [
      '1.2.0.192.in-addr.arpa CNAME 1.0-63.2.0.192.in-addr.arpa',
      '1.0-63.2.0.192.in-addr.arpa PTR Mail.Example.TEST',
    ],
    purpose: 'ptr',
    status: 'ok',
    codes: [],
  },
  { add: [`${PTR4} www.example.test`], purpose: 'ptr', status: 'warning', codes: ['ptr-several'] },
  {
    out: ['mail.example.test A'],
    add: ['mail.example.test A 192.0.2.9'],
    purpose: 'ptr',
    status: 'wrong',
    codes: ['ptr-not-forward-confirmed'],
  },

  // MX
  { out: [MX], add: [`${MX} 0 .`], purpose: 'mx', status: 'wrong', codes: ['mx-null'] },
  {
    out: [MX],
    add: [`${MX} 1 mx.google.test`, 'mx.google.test A 198.51.100.1'],
    purpose: 'mx',
    status: 'wrong',
    codes: ['mx-not-us'],
  },
  {
    out: [MX],
    add: [`${MX} 10 mx.example.test`, 'mx.example.test CNAME mail.example.test'],
    purpose: 'mx',
    status: 'wrong',
    codes: ['mx-alias', 'mx-other-name'],
  },
  { add: [`${MX} 20 gone.example.test`], purpose: 'mx', status: 'wrong', codes: ['mx-no-address'] },
  { add: [`${MX} 20 192.0.2.1`], purpose: 'mx', status: 'wrong', codes: ['mx-is-address'] },
  {
    add: [`${MX} 5 mx.other.test`, 'mx.other.test A 198.51.100.1'],
    purpose: 'mx',
    status: 'warning',
    codes: ['mx-others-first'],
  },
  {
    about: 'a backup nobody tells us about',
    add: [`${MX} 20 MX.Other.test.`, 'mx.other.test REFUSED'],
    purpose: 'mx',
    status: 'ok',
    codes: ['dns-no-answer'],
  },
  {
    about: 'capitals',
    out: [MX],
    add: [`${MX} 0 MAIL.Example.Test.`],
    purpose: 'mx',
    status: 'ok',
    codes: [],
  },
  {
    about: 'a name of ours that gives no answer',
    out: [MX],
    add: [`${MX} 10 mx.example.test`, 'mx.example.test SERVFAIL'],
    purpose: 'mx',
    status: 'unknown',
    codes: ['dns-no-answer'],
  },
  {
    about: 'a backup behind us is fine',
    add: [`${MX} 20 mx.other.test`, 'mx.other.test A 198.51.100.1'],
    purpose: 'mx',
    status: 'ok',
    codes: [],
  },
  {
    out: [MX],
    add: [`${MX} 10 mx.example.test`, 'mx.example.test A 192.0.2.1'],
    purpose: 'mx',
    status: 'ok',
    codes: ['mx-other-name'],
  },

  // A mailbox elsewhere
  {
    about: 'Google',
    facts: { receives: false },
    out: [MX],
    add: [
      `${MX} 1 aspmx.google.test`,
      `${MX} 5 alt1.google.test`,
      'aspmx.google.test A 198.51.100.1',
      'alt1.google.test A 198.51.100.2',
    ],
    purpose: 'mx',
    status: 'ok',
    codes: ['mx-elsewhere'],
  },
  {
    about: 'that tells nothing of its address',
    facts: { receives: false },
    out: [MX],
    add: [`${MX} 1 aspmx.google.test`, 'google.test REFUSED', 'aspmx.google.test REFUSED'],
    purpose: 'mx',
    status: 'ok',
    codes: ['dns-no-answer', 'mx-elsewhere'],
  },
  {
    facts: { receives: false },
    out: [MX],
    add: [`${MX} 10 mail.example.test`],
    purpose: 'mx',
    status: 'warning',
    codes: ['mx-not-elsewhere'],
  },
  {
    about: 'nowhere',
    facts: { receives: false },
    out: [MX],
    purpose: 'mx',
    status: 'missing',
    codes: ['record-missing'],
  },

  // Names that never send
  { facts: silent, purpose: 'null-mx', status: 'ok', codes: [] },
  { facts: silent, purpose: 'null-spf', status: 'ok', codes: [] },
  {
    facts: silent,
    out: ['www.example.test MX'],
    add: ['www.example.test MX 10 mail.example.test'],
    purpose: 'null-mx',
    status: 'ok',
    codes: ['null-mx-others'],
  },
  {
    facts: silent,
    out: ['www.example.test TXT'],
    add: ['www.example.test TXT v=spf1 mx ~all'],
    purpose: 'null-spf',
    status: 'warning',
    codes: ['null-spf-allows'],
  },
  { facts: silent, out: ['www.example.test TXT'], purpose: 'null-spf', status: 'missing', codes: ['record-missing'] },

  // SPF
  {
    add: [`${SPF} v=spf1 include:_spf.other.test ~all`],
    purpose: 'spf',
    status: 'wrong',
    codes: ['spf-several-records'],
  },
  spf(`v=spf1 ${us} ipv4:192.0.2.7 -all`, ['spf-syntax'], 'wrong'),
  { about: 'what only the grammar knows', ...spf(`v=spf1 ${us} ip4:192.0.2.300 -all`, ['spf-syntax'], 'wrong') },
  spf(`v=spf1;${us} -all`, ['spf-bad-start'], 'wrong'),
  { about: 'a blank in front', ...spf(`" v=spf1 ${us} -all"`, ['spf-bad-start'], 'wrong') },
  spf('v=spf1 ip4:198.51.100.7 -all', ['spf-not-authorized', 'spf-not-authorized'], 'wrong'),
  { about: 'only IPv6 is missing', ...spf('v=spf1 ip4:192.0.2.1 -all', ['spf-not-authorized'], 'wrong') },
  { out: ['mail.example.test A'], purpose: 'spf', status: 'warning', codes: ['spf-waits-for-address'] },
  {
    about: 'in what is included',
    ...spf(`v=spf1 ${us} include:i0.test -all`, ['spf-syntax'], 'wrong', 'i0.test TXT v=spf1 ipv4:192.0.2.7 -all'),
  },
  { about: 'eleven', ...spf(`v=spf1 ${us} ${includes(10)} -all`, ['spf-too-many-lookups'], 'wrong', ...included(10)) },
  { about: 'ten', ...spf(`v=spf1 ${us} ${includes(9)} -all`, ['spf-near-lookup-limit'], 'ok', ...included(9)) },
  {
    about: 'nested',
    ...spf(
      `v=spf1 ${us} include:deep.test -all`,
      ['spf-too-many-lookups'],
      'wrong',
      `deep.test TXT v=spf1 ${includes(9)} -all`,
      ...included(9),
    ),
  },
  spf(`v=spf1 ${us} a:x1.test a:x2.test mx:x3.test -all`, ['spf-too-many-void-lookups'], 'wrong'),
  spf(`v=spf1 ${us} a:x1.test -all`, ['spf-void-lookup'], 'warning'),
  spf(`v=spf1 ${us} include:none.test -all`, ['spf-include-without-record'], 'wrong', 'none.test TXT hello'),
  spf(`v=spf1 ${us} include:loop.test -all`, ['spf-loop'], 'wrong', 'loop.test TXT v=spf1 include:example.test -all'),
  {
    about: 'several in an include',
    ...spf(
      `v=spf1 ${us} include:two.test -all`,
      ['spf-several-records'],
      'wrong',
      'two.test TXT v=spf1 -all',
      'two.test TXT v=spf1 ~all',
    ),
  },
  spf(`v=spf1 ${us} +all`, ['spf-allows-everyone'], 'wrong'),
  {
    about: 'in an include',
    ...spf(`v=spf1 ${us} include:open.test -all`, ['spf-allows-everyone'], 'wrong', 'open.test TXT v=spf1 +all'),
  },
  spf(`v=spf1 ${us} ?all`, ['spf-neutral-all'], 'warning'),
  spf(`v=spf1 ${us}`, ['spf-no-all'], 'warning'),
  { about: 'redirect is an end', ...spf(`v=spf1 ${us} redirect=other.test`, [], 'ok', 'other.test TXT v=spf1 -all') },
  spf(`v=spf1 ${us} -all ip4:198.51.100.7`, ['spf-text-after-all'], 'warning'),
  { about: 'everybody by address', ...spf(`v=spf1 ${us} ip4:0.0.0.0/0 -all`, ['spf-allows-everyone'], 'wrong') },
  { about: 'everybody over IPv6', ...spf(`v=spf1 ${us} ip6:::/0 -all`, ['spf-allows-everyone'], 'wrong') },
  {
    about: 'everybody by a prefix of nothing',
    ...spf(`v=spf1 ${us}/0 ip6:2001:db8::1 -all`, ['spf-allows-everyone'], 'wrong'),
  },
  {
    about: 'everybody by a name that always exists',
    ...spf(`v=spf1 ${us} exists:mail.%{d} -all`, ['spf-allows-everyone'], 'wrong'),
  },
  {
    about: 'everybody by redirect',
    ...spf(`v=spf1 ${us} redirect=open.test`, ['spf-allows-everyone'], 'wrong', 'open.test TXT v=spf1 +all'),
  },
  {
    about: 'redirect to a neutral end',
    ...spf(
      `v=spf1 ${us} redirect=r.test`,
      ['spf-neutral-all'],
      'warning',
      'r.test TXT v=spf1 redirect=s.test',
      's.test TXT v=spf1 ?all',
    ),
  },
  {
    about: 'redirect to no end',
    ...spf(`v=spf1 ${us} redirect=r.test`, ['spf-no-all'], 'warning', 'r.test TXT v=spf1 ip4:198.51.100.1'),
  },
  {
    about: 'a redirect that is never read costs nothing and leads nowhere',
    ...spf(
      `v=spf1 redirect=r.test ${us} -all`,
      ['spf-text-after-all'],
      'warning',
      'r.test TXT v=spf1 include:example.test -all',
    ),
  },
  spf(`v=spf1 ip4=192.0.2.1 ${us} -all`, ['spf-equals-sign'], 'warning'),
  {
    about: 'of the server itself',
    ...spf('v=spf1 ip4=192.0.2.1 ip6:2001:db8::1 -all', ['spf-equals-sign', 'spf-not-authorized'], 'wrong'),
  },
  {
    about: 'in an include',
    ...spf(
      `v=spf1 ${us} include:i0.test -all`,
      ['spf-equals-sign'],
      'warning',
      'i0.test TXT v=spf1 include=i1.test -all',
    ),
  },
  spf(`"v=spf1 ${us}" "ip4:198.51.100.1 -all"`, ['spf-strings-without-blank'], 'wrong'),
  {
    about: 'before the end',
    ...spf(
      `"v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:i0.test" "~all"`,
      ['spf-strings-without-blank'],
      'wrong',
      ...included(1),
    ),
  },
  {
    about: 'a name cut where a term seems to begin',
    ...spf(`"v=spf1 ${us} include:_spf." "all -all"`, [], 'ok', '_spf.all TXT v=spf1 ip4:198.51.100.1 -all'),
  },
  {
    about: 'names without IPv6 are void for mail over IPv6',
    ...spf(
      `v=spf1 a:a4.test a:b4.test a:c4.test ${us} -all`,
      ['spf-too-many-void-lookups'],
      'wrong',
      ...['a', 'b', 'c'].map(label => `${label}4.test A 198.51.100.4`),
    ),
  },
  { about: 'capitals and blanks', ...spf('V=SPF1  A:Mail.Example.TEST   -ALL ', [], 'ok') },
  { about: 'strings without a blank between them', ...spf(`"v=spf1 a:mail.exam" "ple.test -all"`, [], 'ok') },
  { about: 'by mx', ...spf('v=spf1 mx -all', [], 'ok') },
  { about: 'by address', ...spf('v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/64 ~all', [], 'ok') },
  { about: 'by redirect', ...spf('v=spf1 redirect=_spf.test', [], 'ok', `_spf.test TXT v=spf1 ${us} -all`) },
  { about: 'by macro', ...spf('v=spf1 exists:%{ir}._ok.%{d} -all', [], 'ok', '*._ok.example.test A 127.0.0.2') },
  { about: 'modifiers of tomorrow', ...spf(`v=spf1 ${us} -all op=auth exp=why.example.test`, [], 'ok') },
  {
    about: 'other texts at the domain',
    add: [
      `${SPF} google-site-verification=abc`,
      `${SPF} MS=ms12345678`,
      `${SPF} ""`,
      `${SPF} "v=verify1 spf"`,
      `${SPF} ünï`,
    ],
    purpose: 'spf',
    status: 'ok',
    codes: [],
  },
  {
    about: 'Google and Microsoft beside us',
    ...spf(
      `v=spf1 include:_spf.google.test include:spf.protection.outlook.test ${us} ~all`,
      [],
      'ok',
      '_spf.google.test TXT v=spf1 include:_nb.google.test include:_nb2.google.test include:_nb3.google.test ~all',
      '_nb.google.test TXT v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ~all',
      '_nb2.google.test TXT v=spf1 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ~all',
      '_nb3.google.test TXT v=spf1 ip4:172.217.0.0/19 ip4:172.217.32.0/20 ~all',
      'spf.protection.outlook.test TXT v=spf1 ip4:40.92.0.0/15 ip4:40.107.0.0/16 ip6:2a01:111:f400::/48 -all',
    ),
  },
  { about: 'exp after all is fine', ...spf(`v=spf1 ${us} -all exp=exp.test`, [], 'ok') },
  spf(`v=spf1 ${us} ptr -all`, ['spf-ptr'], 'warning'),
  spf(`v=spf1 ${us} ip4:10.0.0.0/8 -all`, ['spf-broad-network'], 'warning'),
  spf(`v=spf1 ${us} ${us} -all`, ['spf-duplicate-term'], 'ok'),
  spf(
    `v=spf1 ${us} ${Array.from({ length: 30 }, (_, at) => `ip4:198.51.100.${at}`).join(' ')} -all`,
    ['spf-too-long'],
    'warning',
  ),
  spf(
    `v=spf1 ${us} mx:many.test -all`,
    ['spf-mx-too-many-hosts'],
    'wrong',
    ...Array.from({ length: 11 }, (_, at) => `many.test MX 10 m${at}.many.test`),
  ),
  { ...spf(`v=spf1 ${us} include:down.test -all`, ['spf-not-resolvable'], 'warning', 'down.test SERVFAIL') },
  { add: [`${SPF} spf2.0/pra -all`], purpose: 'spf', status: 'ok', codes: ['spf-sender-id'] },
  { add: ['example.test SPF v=spf1 -all'], purpose: 'spf', status: 'ok', codes: ['spf-obsolete-type'] },

  // DKIM
  {
    facts: { dkim: [{ selector: 's1', algorithm: 'rsa', publicKey: shortKey(1024) }] },
    purpose: 'dkim',
    status: 'warning',
    codes: ['dkim-short-key'],
  },
  {
    about: 'too short for receivers',
    facts: { dkim: [{ selector: 's1', algorithm: 'rsa', publicKey: shortKey(512) }] },
    purpose: 'dkim',
    status: 'wrong',
    codes: ['dkim-short-key'],
  },
  dkim(`v=DKIM1; k=rsa; p=${otherKey}`, ['dkim-key-differs'], 'wrong'),
  { about: 'cut short', ...dkim(`v=DKIM1; k=rsa; p=${key.slice(0, 200)}`, ['dkim-syntax'], 'wrong') },
  { about: 'no key', ...dkim('v=DKIM1; k=rsa', ['dkim-syntax'], 'wrong') },
  { about: 'a tag twice', ...dkim(`v=DKIM1; k=rsa; k=rsa; p=${key}`, ['dkim-syntax'], 'wrong') },
  dkim('v=DKIM1; k=rsa; p=', ['dkim-revoked'], 'wrong'),
  dkim(`v=DKIM2; k=rsa; p=${key}`, ['dkim-version'], 'wrong'),
  { about: 'not first', ...dkim(`k=rsa; v=DKIM1; p=${key}`, ['dkim-version'], 'wrong') },
  dkim(`v=DKIM1; k=ed25519; p=${key}`, ['dkim-key-type'], 'wrong'),
  dkim(`v=DKIM1; k=rsa; t=y; p=${key}`, ['dkim-test-mode'], 'warning'),
  {
    about: 'an alias to a key elsewhere',
    out: [DKIM],
    add: ['s1._domainkey.example.test CNAME s1.keys.test', `s1.keys.test TXT v=DKIM1; k=rsa; p=${key}`],
    purpose: 'dkim',
    status: 'ok',
    codes: [],
  },
  { about: 'k left out', ...dkim(`v=DKIM1; p=${key};`, [], 'ok') },
  { about: 'all the harmless tags', ...dkim(`v=DKIM1; h=sha1:sha256; s=email:x; t=s; n=hi; g=*; p=${key} `, [], 'ok') },
  { about: 'a bare RSA key', ...dkim(`v=DKIM1; k=rsa; p=${bareKey}`, [], 'ok') },
  { about: 'other texts beside it', add: [`${DKIM} verification=1`], purpose: 'dkim', status: 'ok', codes: [] },
  { about: 'no semicolon', ...dkim(`v=DKIM1 k=rsa; p=${key}`, ['dkim-version'], 'wrong') },
  { about: 'an empty text', ...dkim('""', ['dkim-syntax'], 'wrong') },
  { about: 'version left out, blanks in the key', ...dkim(`p=${key.slice(0, 100)} ${key.slice(100)}`, [], 'ok') },
  { add: [`${DKIM} v=DKIM1; k=rsa; p=${otherKey}`], purpose: 'dkim', status: 'wrong', codes: ['dkim-several-records'] },
  {
    out: [DKIM],
    add: [`${DKIM} v=DKIM1; k=rsa; p=${key.slice(0, 200)}`, `${DKIM} ${key.slice(200)}`],
    purpose: 'dkim',
    status: 'wrong',
    codes: ['dkim-split-records'],
  },
  dkim(`v=DKIM1; k=rsa; s=tlsrpt; p=${key}`, ['dkim-service-type'], 'wrong'),
  dkim(`v=DKIM1; k=rsa; h=sha1; p=${key}`, ['dkim-hash'], 'wrong'),
  {
    out: [DKIM],
    add: [`default._domainkey.example.test TXT v=DKIM1; k=rsa; p=${key}`],
    purpose: 'dkim',
    status: 'missing',
    codes: ['record-missing', 'dkim-wrong-selector'],
  },
  {
    facts: { dkim: [{ selector: 's1', algorithm: 'rsa', publicKey: key, loaded: false }] },
    purpose: 'dkim',
    status: 'warning',
    codes: ['dkim-key-not-loaded'],
  },
  {
    facts: { dkim: [{ selector: 's1', algorithm: 'ed25519', publicKey: Buffer.alloc(32, 7).toString('base64') }] },
    purpose: 'dkim',
    status: 'warning',
    codes: ['dkim-ed25519-only'],
  },

  // DMARC
  { add: [`${DMARC} ${good}`], purpose: 'dmarc', status: 'wrong', codes: ['dmarc-several-records'] },
  dmarc('v=DMARC1; p=reject; rua=mailto:postmaster@example.test; nonsense', ['dmarc-syntax'], 'wrong'),
  {
    about: 'what cannot be read is not there',
    ...dmarc('v=DMARC1; p=reject; rua:mailto:postmaster@example.test', ['dmarc-no-reports', 'dmarc-syntax'], 'wrong'),
  },
  {
    about: 'spellings that mean the same',
    ...dmarc('"V = DMARC1 ;p=Reject;" " RUA=x; rua=MAILTO:Postmaster@Example.TEST ; "', ['dmarc-unknown-tag'], 'ok'),
  },
  {
    about: 'other records beside it',
    add: [`${DMARC} "verification=1"`, `${DMARC} ""`],
    purpose: 'dmarc',
    status: 'ok',
    codes: ['dmarc-policy-none'],
  },
  dmarc('v=dmarc1; p=reject; rua=mailto:postmaster@example.test', ['dmarc-bad-start'], 'wrong'),
  {
    about: 'policy first',
    ...dmarc('p=reject; v=DMARC1; rua=mailto:postmaster@example.test', ['dmarc-bad-start'], 'wrong'),
  },
  dmarc('v=spf1 -all', ['dmarc-not-dmarc'], 'wrong'),
  {
    out: [DMARC],
    add: [`${SPF} ${good}`],
    purpose: 'dmarc',
    status: 'missing',
    codes: ['record-missing', 'dmarc-at-apex'],
  },
  dmarc('v=DMARC1; p=reject; p=none; rua=mailto:postmaster@example.test', ['dmarc-duplicate-tag'], 'wrong'),
  dmarc('v=DMARC1; p=block; rua=mailto:postmaster@example.test', ['dmarc-unknown-policy'], 'wrong'),
  dmarc('v=DMARC1; rua=mailto:postmaster@example.test', ['dmarc-no-policy'], 'warning'),
  { about: 'nor reports: no DMARC at all', ...dmarc('v=DMARC1', ['dmarc-no-policy', 'dmarc-no-reports'], 'wrong') },
  { about: 'the first stage', purpose: 'dmarc', status: 'ok', codes: ['dmarc-policy-none'] },
  { about: 'the last stage', ...dmarc(good, [], 'ok') },
  dmarc(`${good}; t=y`, ['dmarc-testing'], 'warning'),
  {
    about: 'a test of nothing',
    ...dmarc('v=DMARC1; p=none; t=y; rua=mailto:postmaster@example.test', ['dmarc-policy-none', 'dmarc-testing'], 'ok'),
  },
  { about: 'pct below 100', ...dmarc(`${good}; pct=50`, ['dmarc-removed-tag'], 'warning') },
  {
    about: 'values which said nothing anyway',
    ...dmarc(
      `${good}; pct=100; rf=afrf; ri=86400`,
      ['dmarc-removed-tag', 'dmarc-removed-tag', 'dmarc-removed-tag'],
      'ok',
    ),
  },
  dmarc(`${good}; policy=strict`, ['dmarc-unknown-tag'], 'ok'),
  dmarc(`${good}; adkim=strict`, ['dmarc-bad-value'], 'warning'),
  {
    about: 'fo=l of the guide',
    ...dmarc(`${good}; ruf=mailto:ruf@example.test; fo=l`, ['dmarc-bad-value'], 'warning'),
  },
  dmarc(`${good}; ruf=mailto:ruf@example.test; fo=0:1`, ['dmarc-fo-redundant'], 'ok'),
  dmarc(`${good}; fo=1`, ['dmarc-fo-without-ruf'], 'ok'),
  { about: 'fo=1:d:s', ...dmarc(`${good}; ruf=mailto:ruf@example.test; fo=1:d:s`, [], 'ok') },
  { about: 'fo=d:d', ...dmarc(`${good}; ruf=mailto:ruf@example.test; fo=d:d`, ['dmarc-bad-value'], 'warning') },
  dmarc('v=DMARC1; p=reject', ['dmarc-no-reports'], 'warning'),
  dmarc('v=DMARC1; p=reject; rua=postmaster@example.test', ['dmarc-report-address'], 'wrong'),
  { about: 'beside a good one', ...dmarc(`${good}, https://example.test/in`, ['dmarc-report-address'], 'warning') },
  { about: 'a comma at the end', ...dmarc(`${good},`, ['dmarc-report-address'], 'warning') },
  dmarc(`${good}!10m`, ['dmarc-report-size'], 'ok'),
  dmarc(`${good},mailto:b@example.test,mailto:c@example.test`, ['dmarc-many-report-addresses'], 'ok'),
  dmarc(
    'v=DMARC1; p=reject; rua=mailto:a@reports.other',
    ['dmarc-report-not-authorized'],
    'warning',
    'reports.other MX 10 mx.reports.other',
  ),
  {
    about: 'with consent',
    ...dmarc(
      'v=DMARC1; p=reject; rua=mailto:a@reports.other',
      [],
      'ok',
      'reports.other MX 10 mx.reports.other',
      'example.test._report._dmarc.reports.other TXT v=DMARC1',
    ),
  },
  {
    about: 'with consent for everybody',
    ...dmarc(
      'v=DMARC1; p=reject; rua=mailto:a@reports.other',
      [],
      'ok',
      'reports.other MX 10 mx.reports.other',
      '*._report._dmarc.reports.other TXT v=DMARC1;',
    ),
  },
  dmarc('v=DMARC1; p=reject; rua=mailto:a@nowhere.example.test', ['dmarc-report-undeliverable'], 'warning'),
  dmarc(`${good}; sp=none`, ['dmarc-subdomains-weaker'], 'ok'),
  { about: 'np', ...dmarc(`${good}; np=none`, ['dmarc-subdomains-weaker'], 'ok') },
  { about: 'np as strict as sp', ...dmarc(`${good}; sp=quarantine; np=reject`, ['dmarc-subdomains-weaker'], 'ok') },
  dmarc(`${good}; psd=y`, ['dmarc-psd'], 'warning'),
  {
    facts: { domain: 'news.example.test' },
    out: ['_dmarc.news.example.test TXT'],
    add: [`${DMARC} ${good}`],
    purpose: 'dmarc',
    status: 'ok',
    codes: ['dmarc-inherited'],
  },
  {
    about: 'of the registry, whose reports never come',
    out: [DMARC],
    add: ['_dmarc.test TXT v=DMARC1; p=reject; psd=y'],
    purpose: 'dmarc',
    status: 'missing',
    codes: ['dmarc-inherited', 'record-missing'],
  },
  {
    about: 'the parent gives no answer',
    facts: { domain: 'news.example.test' },
    out: ['_dmarc.news.example.test TXT'],
    add: ['_dmarc.example.test SERVFAIL'],
    purpose: 'dmarc',
    status: 'unknown',
    codes: ['dns-no-answer'],
  },

  // MTA-STS, TLS-RPT
  {
    out: [STS],
    add: [`${STS} v=STSv1; id=with-hyphen`],
    purpose: 'mta-sts',
    status: 'wrong',
    codes: ['mta-sts-syntax'],
  },
  {
    about: 'a later version beside it',
    add: [`${STS} v=STSv2; id=2`],
    purpose: 'mta-sts',
    status: 'ok',
    codes: ['mta-sts-not-fetched'],
  },
  {
    about: 'no tag',
    out: [STS],
    add: [`${STS} v=STSv1; id=1; junk`],
    purpose: 'mta-sts',
    status: 'wrong',
    codes: ['mta-sts-syntax'],
  },
  { add: [`${STS} v=STSv1; id=2`], purpose: 'mta-sts', status: 'wrong', codes: ['mta-sts-several-records'] },
  {
    about: 'nobody serves it',
    out: ['mta-sts.example.test A'],
    purpose: 'mta-sts',
    status: 'warning',
    codes: ['mta-sts-no-policy'],
  },
  { purpose: 'mta-sts', status: 'ok', codes: ['mta-sts-not-fetched'] },
  { about: 'fetched', ...policy(sts('mode: enforce\nmx: *.example.test'), [], 'ok') },
  policy('<html>', ['mta-sts-policy-invalid'], 'wrong'),
  policy(sts('mode: enforce\nmx: mx.other.test'), ['mta-sts-host-missing'], 'wrong'),
  policy(sts('mode: testing\nmx: mail.example.test'), ['mta-sts-testing'], 'ok'),
  policy('version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 60', ['mta-sts-short-age'], 'ok'),
  {
    out: [RPT],
    add: [`${RPT} v=TLSRPTv1; rua=tls@example.test`],
    purpose: 'tls-rpt',
    status: 'wrong',
    codes: ['tls-rpt-syntax'],
  },
  {
    about: 'a later version beside it',
    add: [`${RPT} v=TLSRPTv2; x=1`],
    purpose: 'tls-rpt',
    status: 'ok',
    codes: [],
  },
  {
    about: 'https',
    out: [RPT],
    add: [`${RPT} v=TLSRPTv1; rua=https://example.test/report`],
    purpose: 'tls-rpt',
    status: 'ok',
    codes: [],
  },
  {
    add: [`${RPT} v=TLSRPTv1; rua=mailto:b@example.test`],
    purpose: 'tls-rpt',
    status: 'wrong',
    codes: ['tls-rpt-several-records'],
  },

  // TLSA, CAA
  tlsa(`3 1 1 ${pin}`, [], 'ok', 'example.test DS 1'),
  tlsa(`3 1 1 ${'cd'.repeat(32)}`, ['tlsa-mismatch'], 'wrong', 'example.test DS 1'),
  {
    about: 'the key to come beside it',
    ...tlsa(`3 1 1 ${pin}`, [], 'ok', `_25._tcp.mail.example.test TLSA 3 1 1 ${'cd'.repeat(32)}`, 'example.test DS 1'),
  },
  { about: 'its authority', ...tlsa(`2 1 1 ${'ef'.repeat(32)}`, [], 'ok', 'example.test DS 1') },
  { about: 'another authority', ...tlsa(`2 1 1 ${'cd'.repeat(32)}`, ['tlsa-mismatch'], 'wrong', 'example.test DS 1') },
  tlsa(`1 1 1 ${pin}`, ['tlsa-usage'], 'wrong', 'example.test DS 1'),
  tlsa(`3 1 1 ${pin}`, ['tlsa-without-dnssec'], 'warning'),
  {
    facts: certificate,
    out: ['example.test CAA'],
    add: ['example.test CAA 0 issue "buypass.com"'],
    purpose: 'caa',
    status: 'wrong',
    codes: ['caa-forbids-issuer'],
  },
  {
    about: 'with parameters',
    facts: certificate,
    out: ['example.test CAA'],
    add: ['example.test CAA 0 issue "letsencrypt.org; validationmethods=dns-01"'],
    purpose: 'caa',
    status: 'ok',
    codes: [],
  },
  {
    about: 'of the server’s name, which comes first',
    facts: certificate,
    add: ['mail.example.test CAA 0 issue "buypass.com"'],
    purpose: 'caa',
    status: 'wrong',
    codes: ['caa-forbids-issuer'],
  },
  {
    about: 'nobody may',
    facts: certificate,
    out: ['example.test CAA'],
    add: ['example.test CAA 0 issue ";"'],
    purpose: 'caa',
    status: 'wrong',
    codes: ['caa-forbids-issuer'],
  },
  {
    about: 'only where to complain',
    facts: certificate,
    out: ['example.test CAA'],
    add: ['example.test CAA 0 iodef "mailto:a@example.test"'],
    purpose: 'caa',
    status: 'ok',
    codes: [],
  },
  {
    about: 'issuewild speaks of wildcards only, and the server’s certificate is none',
    facts: certificate,
    out: ['example.test CAA'],
    add: ['example.test CAA 0 issuewild ";"'],
    purpose: 'caa',
    status: 'ok',
    codes: [],
  },
  {
    about: 'issuewild does not allow what issue forbids',
    facts: certificate,
    out: ['example.test CAA'],
    add: ['example.test CAA 0 issue "buypass.com"', 'example.test CAA 128 issuewild "letsencrypt.org"'],
    purpose: 'caa',
    status: 'wrong',
    codes: ['caa-forbids-issuer'],
  },
  {
    facts: certificate,
    add: ['example.test CAA 128 tbs "x"'],
    purpose: 'caa',
    status: 'wrong',
    codes: ['caa-unknown-critical'],
  },
  {
    about: 'of the parent',
    facts: certificate,
    out: ['example.test CAA'],
    add: ['test CAA 0 issue "buypass.com"'],
    purpose: 'caa',
    status: 'wrong',
    codes: ['caa-forbids-issuer'],
  },
];
