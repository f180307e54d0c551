import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changesSince } from '../../../../src/dns/check/changes';
import { explainDmarc } from '../../../../src/dns/dmarc/explain';
import { expectedRecords } from '../../../../src/dns/records/expected';
import type { RecordStatus, RecordVerdict } from '../../../../src/dns/records/record';
import { healthReport } from '../../../../src/dns/check/report';
import { reverseLink } from '../../../../src/dns/records/reverseLinks';
import { isLive, summarize } from '../../../../src/dns/check/summary';
import { watchUntilLive } from '../../../../src/dns/check/watch';
import { mixedZone, modelOf } from '../../../support/panelModel';
import { facts } from '../../../support/records';
import { assertInert } from '../../../support/markdown';

/** All records of the usual server in one state, but for some by purpose. */
function verdicts(usual: RecordStatus, but: Partial<Record<string, RecordStatus>> = {}): RecordVerdict[] {
  return expectedRecords(facts()).map(record => ({
    ...record,
    observed: [],
    findings: [],
    status: but[record.purpose] ?? usual,
  }));
}

describe('a domain’s state in one sentence', () => {
  for (const [about, records, worst, sentence] of [
    ['all right', verdicts('ok'), 'ok', 'All required records are OK.'],
    ['one missing', verdicts('ok', { mx: 'missing' }), 'missing', '1 record stops your mail from being trusted.'],
    [
      'wrong is worse than missing',
      verdicts('ok', { mx: 'missing', dkim: 'wrong' }),
      'wrong',
      '2 records stop your mail from being trusted.',
    ],
    [
      'no answer',
      verdicts('ok', { dmarc: 'unknown' }),
      'unknown',
      '1 record could not be checked: a DNS server did not answer.',
    ],
    [
      'a recommended one missing',
      verdicts('ok', { 'tls-rpt': 'missing' }),
      'warning',
      'Your mail is trusted. 1 thing is worth improving.',
    ],
    [
      'a recommended one wrong',
      verdicts('ok', { 'mta-sts': 'wrong' }),
      'wrong',
      'The required records are OK, but 1 other one is wrong.',
    ],
  ] as const)
    it(about, () => {
      const summary = summarize(records);
      assert.deepEqual([summary.worst, summary.sentence], [worst, sentence]);
    });

  it('is live when all that is required is right', () => {
    assert.ok(isLive(verdicts('ok', { 'tls-rpt': 'missing' })));
    for (const status of ['missing', 'wrong', 'unknown', 'warning'] as const)
      assert.ok(!isLive(verdicts('ok', { dkim: status })));
  });
});

describe('watching until the records are live', () => {
  it('looks again with growing pauses, and ends at once when all is right', async () => {
    const rounds = [verdicts('missing'), verdicts('ok', { mx: 'unknown' }), verdicts('ok'), verdicts('missing')];
    const pauses: number[] = [];
    const last = await watchUntilLive(async () => rounds.shift()!, {
      signal: AbortSignal.timeout(5000),
      first: 0.01,
      onRound: (_records, next) => pauses.push(next),
    });
    assert.deepEqual([pauses, rounds.length, isLive(last)], [[0.01, 0.015, 0], 1, true]);
  });

  it('ends with the reason when it is stopped, and with what a check throws', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('stopped')), 20);
    await assert.rejects(
      watchUntilLive(async () => verdicts('missing'), { signal: abort.signal, first: 60 }),
      /stopped/,
    );
    await assert.rejects(
      watchUntilLive(() => Promise.reject(new Error('no server')), { signal: AbortSignal.timeout(5000) }),
      /no server/,
    );
  });
});

describe('what changed since the check before', () => {
  it('names what got worse and better, and says nothing about what nobody knew', () => {
    const before = verdicts('ok', { mx: 'wrong', dmarc: 'unknown', spf: 'ok', a: 'ok' });
    const after = verdicts('ok', { mx: 'ok', dmarc: 'missing', dkim: 'wrong', a: 'unknown' });
    assert.deepEqual(
      changesSince(before, after).map(({ record, before: was, after: is, direction }) => [
        record.purpose,
        was,
        is,
        direction,
      ]),
      [
        ['mx', 'wrong', 'ok', 'better'],
        ['dkim', 'ok', 'wrong', 'worse'],
      ],
    );
    assert.deepEqual(changesSince(after, after), []);
  });
});

describe('the health report', () => {
  it('names each record, and for each that is not right what to do', async () => {
    const { records } = await modelOf(mixedZone);
    const text = healthReport('example.test', records, new Date(0));
    assert.match(
      text,
      /^# DNS of `example\.test`\n\n5 records stop your mail from being trusted\. .* Checked 1970-01-01T00:00:00\.000Z\./,
    );
    assert.match(text, /\| wrong \| TXT \| `s1\._domainkey\.example\.test` \| required \|/);
    assert.match(
      text,
      /## MX `example\.test`: wrong\n\n.+\n\n- expected: `10 mail\.example\.test`\n- found: `10 alias\.example\.test`/,
    );
    // The worst first; what to enter where; what stops nothing at the end.
    const parts = [...text.matchAll(/^## (.*)$/gm)].map(match => match[1]);
    assert.deepEqual(parts.slice(0, 3), ['What to do', 'To be published in the zone `example.test`', 'All records']);
    assert.match(text, /1\. \*\*error\*\*: There is no AAAA record at mail\\\.example\\\.test\./);
    assert.match(text, /\| `s1\._domainkey` \| TXT \| `v=DKIM1; k=rsa; p=/);
  });

  it('asks the provider of the addresses for the reverse names', () => {
    const text = healthReport('example.test', verdicts('ok', { ptr: 'missing' }), new Date(0));
    assert.match(
      text,
      /## Reverse names, to be set by the provider of the addresses\n\n\| Address \| Name \|\n\| --- \| --- \|\n\| `192\.0\.2\.1` \| `mail\.example\.test` \|/,
    );
    assert.ok(!text.includes('To be published'));
  });

  it('lets no text from the DNS become markup', () => {
    const [record] = verdicts('wrong');
    const text = healthReport(
      'example.test',
      [{ ...record!, observed: ['`x` <script> | ``` [a](b)\u202e'] }],
      new Date(0),
    );
    assertInert(text);
    assert.match(text, /- found: ```` `x` <script> \| ``` \[a\]\(b\)\\u\{202e\} ````/);
  });
});

describe('what is said beside a record', () => {
  it('explains each tag of DMARC, with fo as the RFC means it', () => {
    assert.deepEqual(explainDmarc('v=DMARC1; p=quarantine; fo=1:d; pct=5; x=y'), [
      'v=DMARC1: this is a DMARC record.',
      'p=quarantine: mail in the domain’s name that does not pass: put it into the spam folder.',
      'fo=1:d: a failure report is sent when SPF or DKIM does not pass, or when a DKIM signature fails.',
      'pct=5: no longer exists.',
      'x=y: unknown; receivers ignore it.',
    ]);
  });

  it('shows the include tree of SPF and its lookups now and then', async () => {
    const { records } = await modelOf(mixedZone);
    assert.deepEqual(records.find(record => record.purpose === 'spf')!.notes, [
      'Lookups now: 2 of 10.',
      'Lookups of the value to publish: 3 of 10.',
      '  a:mail.example.test: 1',
      '  include:_spf.other.test: 1',
      '  ptr: 1',
    ]);
  });

  it('links the page for the reverse name, by whose servers the reverse zone has', () => {
    assert.equal(reverseLink({ purpose: 'ptr', zoneServers: ['ns1.contabo.net'] })?.url, 'https://my.contabo.com/rdns');
    assert.equal(reverseLink({ purpose: 'ptr', zoneServers: ['ns1.contabo.net.evil.test'] }), undefined);
    assert.equal(reverseLink({ purpose: 'mx', zoneServers: ['ns1.contabo.net'] }), undefined);
  });
});
