import type { DnsAct } from '../acts/dns';
import type { Liar, Trial } from '../run';
import { startDns } from '../../dns';
import { rightZone } from '../../records';
import { dnsLies } from './lies';
import { startHostileDns } from './server';

export const dnsTrials: Trial[] = dnsLies.flatMap(lie =>
  (lie.acts ?? ['questions']).map((act): Trial => ({
    name: lie.name,
    act,
    quiet: lie.quiet ?? false,
    start: make => startHostileDns(lie, make),
  })),
);

export const honestDns: Trial[] = (['questions', 'stream', 'check'] as DnsAct[]).map(act => ({
  name: 'nothing',
  act,
  quiet: false,
  start: async (): Promise<Liar> => {
    const server = await startDns(rightZone());
    return { asked: { port: server.port }, visited: () => server.questions.length > 0, stop: server.close };
  },
}));
