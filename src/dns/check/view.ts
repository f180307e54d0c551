import type { DomainRecordFacts } from '../records/facts';
import type { LocalResolver, QueryType, Resolver, Vantage } from '../resolver/answer';
import type { ServerAddress } from '../resolver/wire';
import type { CheckOptions } from './check';
import { reverseName } from '../address';
import { fetchText } from '../fetchText';
import { toAscii } from '../../input/domainName';
import { authoritativeView } from '../resolver/authoritative';
import { serverResolver, systemServers } from '../resolver/servers';
import { formatServer } from '../resolver/wire';

export interface ViewOptions {
  /** Only these are asked, and nothing else on the network. Without them: the system's resolvers and the zone's own servers. */
  servers?: ServerAddress[];
  /** Milliseconds for one try. Default 2000. */
  timeoutMs?: number;
  /** The resolver that the mail server itself asks: it decides what that server sees of the world. */
  mailHost?: Resolver & Partial<Pick<LocalResolver, 'local'>>;
}

export interface DnsView extends Pick<CheckOptions, 'vantages' | 'fetchText'> {
  resolver: Resolver;
}

/** From where a domain's records are looked at: pass `resolver` to `checkDomain`, and the rest as its options. */
export function openView(facts: DomainRecordFacts, options: ViewOptions = {}): DnsView {
  const view = viewWithout(facts, options);
  const { mailHost } = options;
  if (!mailHost) return view;
  const { resolver, vantages } = view;
  return {
    ...view,
    vantages: async (name, type) => {
      const others = (await vantages?.(name, type)) ?? [];
      if (mailHost.local && isAboutItself(name, type, facts)) return others;
      return [
        ...(others.length > 0 ? others : [{ resolver, from: 'resolver' as const }]),
        { resolver: mailHost, from: 'mail-host' },
      ];
    },
  };
}

/** Whether a resolver on the mail server would answer this from /etc/hosts or the network cards, whatever the DNS says. */
function isAboutItself(name: string, type: QueryType, { hostname, ipv4, ipv6 }: DomainRecordFacts): boolean {
  const names: Partial<Record<QueryType, string[]>> = {
    A: [toAscii(hostname)],
    AAAA: [toAscii(hostname)],
    PTR: [...ipv4, ...ipv6].map(reverseName),
  };
  return names[type]?.includes(name) ?? false;
}

function viewWithout(facts: DomainRecordFacts, { servers, timeoutMs = 2000 }: ViewOptions): DnsView {
  if (servers && servers.length > 0) {
    const each = servers.map((server): Vantage => ({
      resolver: serverResolver({ servers: [server], timeoutMs, label: formatServer(server) }),
      from: 'resolver',
    }));
    const resolver = serverResolver({ servers, timeoutMs });
    return servers.length > 1 ? { resolver, vantages: async () => each } : { resolver };
  }
  const own = [toAscii(facts.domain), toAscii(facts.hostname), ...[...facts.ipv4, ...facts.ipv6].map(reverseName)];
  const recursive = serverResolver({ servers: systemServers(), timeoutMs });
  return { ...authoritativeView(recursive, own, timeoutMs), fetchText };
}
