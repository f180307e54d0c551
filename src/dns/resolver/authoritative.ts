import type { QueryType, Resolver, Vantage } from './answer';
import { isWithin } from '../name';
import { cachedResolver } from './cache';
import { serverResolver } from './servers';

/** A zone and a way to ask each of its servers. */
interface Zone {
  name: string;
  servers: Resolver[];
}

/** More servers than this tell nothing new, and each costs time. */
const serverLimit = 6;

/**
 * Asks the zones' own servers for the names that matter, so that what was published a moment ago is seen at once; everything else, and
 * whatever those servers do not answer, goes to `recursive`.
 * @param own The names whose zones are asked directly.
 */
export function authoritativeView(
  recursive: Resolver,
  own: string[],
  timeoutMs: number,
): { resolver: Resolver; vantages: (name: string) => Promise<Vantage[]> } {
  const cached = cachedResolver(recursive);
  const zones = new Map<string, Promise<Zone | undefined>>();
  const zoneOf = (name: string) => {
    const known = zones.get(name) ?? findZone(name, cached, timeoutMs);
    zones.set(name, known);
    return known;
  };
  const serversFor = async (name: string): Promise<Resolver[]> => {
    const found = (await Promise.all(own.map(zoneOf))).filter(zone => zone !== undefined && isWithin(name, zone.name));
    return found.sort((a, b) => b!.name.length - a!.name.length)[0]?.servers ?? [];
  };
  const resolver: Resolver = {
    async query(name, type, signal) {
      // DS lives with the parent (RFC 4035 §2.4), and SOA is what finding the zones rests on.
      const servers = (['DS', 'DNSKEY', 'SOA', 'NS'] as QueryType[]).includes(type) ? [] : await serversFor(name);
      for (const server of servers) {
        const answer = await server.query(name, type, signal);
        if (answer.state !== 'failed') return answer;
      }
      return cached.query(name, type, signal);
    },
    // Only a resolver validates; the zone's servers do not.
    ...(recursive.unchecked && { unchecked: recursive.unchecked.bind(recursive) }),
  };
  return {
    resolver,
    vantages: async name => {
      const servers = await serversFor(name);
      if (servers.length === 0) return [];
      return [
        ...servers.map(server => ({ resolver: server, from: 'zone' as const })),
        { resolver: recursive, from: 'resolver' },
      ];
    },
  };
}

async function findZone(name: string, resolver: Resolver, timeoutMs: number): Promise<Zone | undefined> {
  const { zone } = await resolver.query(name, 'SOA');
  // A name whose domain is not delegated yet is answered by its parent, whose servers are none of ours.
  if (zone === undefined || !zone.includes('.')) return undefined;
  const names = (await resolver.query(zone, 'NS')).values.slice(0, serverLimit);
  const servers = await Promise.all(
    names.map(async label => {
      const [v4, v6] = await Promise.all([resolver.query(label, 'A'), resolver.query(label, 'AAAA')]);
      const host = v4.values[0] ?? v6.values[0];
      return (
        host &&
        cachedResolver(
          serverResolver({
            servers: [{ host, port: 53 }],
            timeoutMs,
            tries: 1,
            recursive: false,
            label,
            elsewhere: resolver,
          }),
        )
      );
    }),
  );
  return { name: zone, servers: servers.filter(server => server !== undefined && server !== '') };
}
