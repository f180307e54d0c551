import type { Bench, BenchRow } from '../bench';
import { checkDomain } from '../../src/dns/check/check';
import { cachedResolver } from '../../src/dns/resolver/cache';
import type { QueryType } from '../../src/dns/resolver/answer';
import { serverResolver } from '../../src/dns/resolver/servers';
import { parseServer } from '../../src/dns/resolver/wire';
import { startDns } from '../support/dns';
import { changedZone, facts } from '../support/records';
import { median } from '../support/median';

const delayMs = 50;
const rounds = 5;

/** A domain with what people have: two included providers, one of which includes further ones, and reports to another domain. */
const zone = changedZone(
  ['example.test TXT', '_dmarc.example.test TXT'],
  [
    'example.test TXT v=spf1 a:mail.example.test include:_spf.one.test include:_spf.two.test -all',
    '_spf.one.test TXT v=spf1 include:_a.one.test include:_b.one.test ~all',
    '_a.one.test TXT v=spf1 ip4:198.51.100.0/25 -all',
    '_b.one.test TXT v=spf1 ip4:198.51.100.128/25 -all',
    '_spf.two.test TXT v=spf1 ip4:203.0.113.0/24 -all',
    '_dmarc.example.test TXT v=DMARC1; p=reject; rua=mailto:reports@reports.other',
    'reports.other MX 10 mx.reports.other',
    'example.test._report._dmarc.reports.other TXT v=DMARC1',
  ],
);

/** A domain's whole check against a server that answers after 50 ms, beside the same questions one after the other. */
const bench: Bench = {
  name: 'Full DNS check of a domain',
  async run(): Promise<BenchRow[]> {
    // Loaded before the clock runs: the extension loads it once.
    await import('mailauth/lib/spf/index.js');
    const dns = await startDns(zone, { delayMs });
    try {
      const resolver = () => serverResolver({ servers: [parseServer(dns.address)] });
      const together: number[] = [];
      for (let round = 0; round < rounds; round++) {
        dns.questions.length = 0;
        const start = performance.now();
        await checkDomain(facts(), resolver());
        together.push(performance.now() - start);
      }
      const questions = [...dns.questions];
      const one = cachedResolver(resolver());
      const start = performance.now();
      for (const question of questions) {
        const [type, name] = question.split(' ') as [QueryType, string];
        await one.query(name, type);
      }
      const sequential = performance.now() - start;
      const total = median(together);
      const depth = Math.floor(total / delayMs);
      return [
        { what: `Whole check, ${questions.length} questions, ${delayMs} ms each`, value: `${total.toFixed(0)} ms` },
        { what: 'Round trips in depth', value: (total / delayMs).toFixed(1), goal: '≤ 4', reached: depth <= 4 },
        { what: 'The same questions one after the other', value: `${sequential.toFixed(0)} ms` },
        { what: 'Times faster', value: (sequential / total).toFixed(1), goal: '≥ 8', reached: sequential / total >= 8 },
      ];
    } finally {
      await dns.close();
    }
  },
};
export default bench;
