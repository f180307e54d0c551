import type { PanelModel } from '../../webview/messages';
import type { DomainRecordFacts } from '../../src/dns/records/facts';
import { checkDomain } from '../../src/dns/check/check';
import { recordIds } from '../../src/dns/records/recordIds';
import { parseServer } from '../../src/dns/resolver/wire';
import { summarize } from '../../src/dns/check/summary';
import { openView } from '../../src/dns/check/view';
import { startDns } from './dns';
import { changedZone, facts, otherKey, rightZone } from './records';

/** The panel's model for zones that real servers served a moment ago; the first one gives the verdict. */
export async function modelOf(zones: string | string[], of: DomainRecordFacts = facts()): Promise<PanelModel> {
  const dns = await Promise.all([zones].flat().map(zone => startDns(zone, { zones: ['', 'example.test'] })));
  try {
    const { resolver, ...options } = openView(of, { servers: dns.map(server => parseServer(server.address)) });
    const records = await checkDomain(of, resolver, options);
    const ids = recordIds(records);
    const { sentence, worst } = summarize(records);
    return {
      domain: of.domain,
      server: 'mail.example.test',
      verdict: { sentence, worst },
      notices: [],
      records: records.map((record, at) => ({ ...record, id: ids[at]! })),
      checkedAt: Date.now(),
      canSend: true,
      canChoose: true,
    };
  } finally {
    await Promise.all(dns.map(server => server.close()));
  }
}

/** Some records right, some wrong, some missing, one without an answer. */
export const mixedZone = changedZone(
  [
    's1._domainkey.example.test TXT',
    'example.test TXT',
    'example.test MX',
    '_mta-sts.example.test TXT',
    'mail.example.test AAAA',
  ].flatMap(start => [start]),
  [
    `s1._domainkey.example.test TXT v=DKIM1; k=rsa; p=${otherKey}`,
    'example.test TXT v=spf1 include:_spf.other.test ptr ~all',
    '_spf.other.test TXT v=spf1 ip4:198.51.100.0/24 -all',
    'example.test MX 10 alias.example.test',
    'alias.example.test CNAME mail.example.test',
    '_mta-sts.example.test SERVFAIL',
  ],
);
export { rightZone };
