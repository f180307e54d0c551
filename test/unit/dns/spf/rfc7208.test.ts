import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import type { Answer, QueryType, Resolver } from '../../../../src/dns/resolver/answer';
import { failedAnswer } from '../../../../src/dns/resolver/answer';
import { evaluateSpf } from '../../../../src/dns/spf/evaluate';

/** The suite of openspf.org, release 2014.04, where it lies beside the project; it is not part of it. */
const file = process.env.RFC7208_TESTS ?? join(__dirname, '../../../../../shared/conformance/rfc7208-tests.yml');

interface Scenario {
  description: string;
  tests: Record<
    string,
    { helo: string; host: string; mailfrom: string; result: string | string[]; explanation?: string }
  >;
  zonedata: Record<string, (string | Record<string, unknown>)[]>;
}

/** A resolver over the zone data of a scenario, as the suite's readme describes it: SPF entries stand for TXT unless there are TXT ones. */
function zoneResolver(zone: Scenario['zonedata']): Resolver {
  const names = new Map(Object.entries(zone).map(([name, data]) => [name.toLowerCase(), data]));
  const look = (name: string, type: QueryType): Answer => {
    const base = { name, type, aliases: [], authenticated: false, server: 'suite' };
    const data = names.get(name.toLowerCase().replace(/\.$/, ''));
    if (!data) return { ...base, state: 'no-name', values: [] };
    const has = (wanted: string) => data.some(item => typeof item === 'object' && wanted in item);
    const values: string[] = [];
    const strings: string[][] = [];
    for (const item of data) {
      // TIMEOUT is what the server does for types that stand nowhere before it.
      if (item === 'TIMEOUT')
        return values.length > 0
          ? { ...base, state: 'found', values, strings }
          : failedAnswer(name, type, 'suite', 'timeout');
      const [kind, value] = Object.entries(item as Record<string, unknown>)[0]!;
      if (kind === 'CNAME') return look(value as string, type);
      if (value === 'TIMEOUT' && kind === type) return failedAnswer(name, type, 'suite', 'timeout');
      const matches = kind === type || (kind === 'SPF' && type === 'TXT' && !has('TXT'));
      if (!matches || value === 'NONE') continue;
      const parts = ([] as unknown[]).concat(value).map(String);
      values.push(type === 'MX' ? parts.join(' ') : parts.join(''));
      strings.push(parts);
    }
    return values.length > 0
      ? { ...base, state: 'found', values, ...(type === 'TXT' ? { strings } : {}) }
      : { ...base, state: 'no-data', values: [] };
  };
  return { query: async (name, type) => look(name, type) };
}

if (!existsSync(file))
  console.warn(`The SPF test suite is not at ${file}: its cases do not run here. RFC7208_TESTS names another place.`);
else
  describe('the test suite of RFC 7208', () => {
    const scenarios = parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1', uniqueKeys: false }).map(
      document => document.toJS() as Scenario,
    );
    let count = 0;
    let passed = 0;
    for (const { description, tests, zonedata } of scenarios) {
      for (const [id, test] of Object.entries(tests)) {
        count++;
        it(`${description}: ${id}`, async () => {
          const found = await evaluateSpf(
            { ip: test.host, sender: test.mailfrom, helo: test.helo },
            zoneResolver(zonedata),
          );
          assert.ok(
            ([] as string[]).concat(test.result).includes(found.result),
            `${found.result} (${found.reason ?? ''}) instead of ${String(test.result)}`,
          );
          if (test.explanation && test.explanation !== 'DEFAULT')
            assert.equal(found.explanation?.toLowerCase(), test.explanation.toLowerCase());
          passed++;
        });
      }
    }
    it('was run whole', context => {
      context.diagnostic(`SPF: ${passed} of ${count} cases of the suite are answered as it does`);
      assert.deepEqual([passed, count], [203, 203]);
    });
  });
