import { connect } from 'node:net';
import { checkDomain } from '../../../../src/dns/check/check';
import { fetchText } from '../../../../src/dns/fetchText';
import { describeFailure, type QueryType } from '../../../../src/dns/resolver/answer';
import { authoritativeView } from '../../../../src/dns/resolver/authoritative';
import { serverResolver } from '../../../../src/dns/resolver/servers';
import { streamResolver } from '../../../../src/dns/resolver/stream';
import { sendUpdate } from '../../../../src/dns/update/send';
import { facts } from '../../records';
import type { Ask } from './index';

const types: QueryType[] = [
  'A',
  'AAAA',
  'MX',
  'TXT',
  'CAA',
  'TLSA',
  'PTR',
  'SOA',
  'NS',
  'DS',
  'DNSKEY',
  'CNAME',
  'SPF',
];
const timeoutMs = 5000;

export type DnsAct = 'questions' | 'stream' | 'check' | 'zones' | 'update' | 'policy';

export const dnsActs: Record<DnsAct, Ask> = {
  questions: ({ port }, show) => questions(serverResolver({ servers: [{ host: '127.0.0.1', port }], timeoutMs }), show),
  stream: ({ port }, show) => {
    const open = (): Promise<ReturnType<typeof connect>> =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
      });
    return questions(streamResolver({ open, label: 'the server', timeoutMs }), show);
  },
  check: async ({ port }, show) => {
    const resolver = serverResolver({ servers: [{ host: '127.0.0.1', port }], timeoutMs, tries: 1 });
    const verdicts = await checkDomain(facts(), resolver, {
      fetchText: async () => 'version: STSv1\nmode: enforce\nmx: mail.example.test\nmax_age: 604800\n',
    });
    for (const { findings } of verdicts)
      for (const { message, fix } of findings) [message, fix && `${fix}.`].forEach(text => text && show(text));
    return verdicts.map(({ status }) => status).join(' ');
  },
  zones: async ({ port }, show) => {
    const recursive = serverResolver({ servers: [{ host: '127.0.0.1', port }], timeoutMs, tries: 1 });
    const { resolver, vantages } = authoritativeView(recursive, ['example.test'], timeoutMs);
    const seen = await vantages('example.test');
    return `${seen.length} servers, ${await questions(resolver, show, ['MX'])}`;
  },
  update: async ({ port }) => {
    const records = await checkDomain(facts(), {
      query: async (name, type) => ({
        name,
        type,
        state: 'no-data',
        values: [],
        aliases: [],
        zone: 'example.test',
        authenticated: false,
        server: 'x',
      }),
    });
    const key = { name: 'mail', algorithm: 'hmac-sha256', secret: Buffer.alloc(32, 7).toString('base64') } as const;
    return `${(await sendUpdate(records, { server: { host: '127.0.0.1', port }, key })).length} zones`;
  },
  policy: async ({ port }, show) => {
    try {
      return `${(await fetchText(`http://127.0.0.1:${port}/.well-known/mta-sts.txt`)).length} characters`;
    } catch (error) {
      // It gives a clause, which stands in a finding.
      show(`The policy cannot be fetched: ${(error as Error).message}.`);
      return 'a clause';
    }
  },
};

async function questions(
  resolver: { query: ReturnType<typeof serverResolver>['query'] },
  show: (text: string) => void,
  of = types,
): Promise<string> {
  const answers = await Promise.all(of.map(type => resolver.query('example.test', type)));
  for (const answer of answers) if (answer.state === 'failed') show(`For ${answer.name} ${describeFailure(answer)}.`);
  return answers.map(({ state, values }) => `${state} ${values.length}`).join(', ');
}
