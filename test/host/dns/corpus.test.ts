// The zones of the finding cases, served by a real authoritative server: every code with a zone that has it and one that has not.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDomain } from '../../../src/dns/check/check';
import { catalogue } from '../../../src/dns/check/findings';
import type { RecordPurpose, RecordVerdict } from '../../../src/dns/records/record';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { parseServer } from '../../../src/dns/resolver/wire';
import { AuthoritativeServer } from '../../sandbox/dns';
import { changedZone, facts } from '../../support/records';
import { rootZoneFile } from '../../support/zoneFile';
import type { Case } from '../../unit/dns/check/findingCases';
import { cases } from '../../unit/dns/check/findingCases';

/** Codes that no single zone can show, and where they are shown with real servers. */
const elsewhere: Record<string, string> = {
  'dns-servers-disagree': 'needs two servers: authoritative.test.ts',
  'dns-server-silent': 'needs two servers: authoritative.test.ts',
  'dns-cache-old': 'needs a resolver beside the zone’s servers: authoritative.test.ts',
  'dnssec-broken': 'needs a resolver that validates: dnssec.test.ts',
};

/** What a case asks of its server that a real one does not do on demand, or why its zone cannot be loaded. */
function obstacle({ add = [] }: Case): string | undefined {
  if (add.some(line => / (?:DROP|GARBAGE|REFUSED)$/.test(line))) return 'a server that refuses or says nothing';
  return undefined;
}

const title = ({ purpose, codes, about }: Case) =>
  [purpose, codes.join(', ') || 'nothing to say', about].filter(Boolean).join(': ');

describe('the finding cases, served by knotd', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-corpus-'));
    // Loading it takes longer than the time-out below.
    await import('mailauth/lib/spf/index.js');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const failing = new Map<string, number>();
  const passing = new Map<RecordPurpose, RecordVerdict[]>();
  const purposes = new Map<string, Set<RecordPurpose>>();

  async function verdictOf({ out = [], add = [], facts: change, purpose, policy }: Case): Promise<RecordVerdict> {
    const of = facts(change);
    const lost = add.filter(line => line.endsWith(' SERVFAIL')).map(line => `${line.split(' ')[0]}.`);
    const lines = changedZone(
      out,
      add.filter(line => !line.endsWith(' SERVFAIL')),
      of,
    );
    const own = await mkdtemp(join(folder, 'zone-'));
    const dns = await AuthoritativeServer.start({
      ...{ folder: own, addresses: ['127.0.0.1'], port: 53, lost },
      zones: { '.': rootZoneFile(lines) },
    });
    try {
      const resolver = serverResolver({ servers: [parseServer(dns.endpoint)] });
      const verdicts = await checkDomain(of, resolver, policy === undefined ? {} : { fetchText: async () => policy });
      return verdicts.find(record => record.purpose === purpose)!;
    } finally {
      await dns.stop();
      await rm(own, { recursive: true });
    }
  }

  for (const each of cases) {
    const reason = obstacle(each);
    if (reason !== undefined) continue;
    it(title(each), async () => {
      const verdict = await verdictOf(each);
      const codes = verdict.findings.map(finding => finding.code);
      assert.deepEqual([verdict.status, codes.sort()], [each.status, [...each.codes].sort()], JSON.stringify(verdict));
      for (const code of codes) {
        failing.set(code, (failing.get(code) ?? 0) + 1);
        purposes.set(code, (purposes.get(code) ?? new Set()).add(each.purpose));
      }
      if (verdict.status === 'ok') passing.set(each.purpose, [...(passing.get(each.purpose) ?? []), verdict]);
    });
  }

  it('show every code of the catalogue in a zone that has it, and a right record of that kind without it', context => {
    const codes = Object.keys(catalogue);
    const shown = codes.filter(code => failing.has(code));
    const spared = shown.filter(code =>
      [...purposes.get(code)!].some(purpose =>
        passing.get(purpose)?.some(({ findings }) => findings.every(finding => finding.code !== code)),
      ),
    );
    const excepted = Object.entries(elsewhere).map(([code, why]) => `${code} (${why})`);
    context.diagnostic(`${shown.length} of ${codes.length} codes shown, ${spared.length} also by a zone without it`);
    context.diagnostic(`not here: ${excepted.join('; ')}`);
    for (const each of cases.filter(obstacle)) context.diagnostic(`left out: ${title(each)}: ${obstacle(each)}`);
    assert.deepEqual(
      codes.filter(code => !failing.has(code)),
      codes.filter(code => code in elsewhere),
      'codes without a zone that has them',
    );
    assert.deepEqual(shown, spared, 'codes without a zone that has them not');
  });
});
