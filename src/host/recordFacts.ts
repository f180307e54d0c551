import { isIP } from 'node:net';
import { canonicalAddress, isPublicAddress } from '../dns/address';
import type { DomainRecordFacts } from '../dns/facts';
import type { HostFacts } from './facts';

/**
 * What the records of `domain` are built from, by what the server tells of itself and where we reached it.
 * @param reachedAt the address of the SSH connection, which behind a one-to-one NAT is the only public one.
 */
export function recordFacts(facts: HostFacts, domain: string, reachedAt: string): DomainRecordFacts {
  const { chasquid } = facts;
  const { ipv4, ipv6 } = mailAddresses(facts, reachedAt);
  const keys = chasquid?.domains.find(candidate => candidate.name === domain)?.dkim ?? [];
  return {
    domain,
    hostname: chasquid?.hostname ?? facts.hostname,
    ipv4,
    ipv6,
    dkim: keys.map(({ selector, algorithm, publicKey }) => ({ selector, algorithm, publicKey })),
    receives: true,
  };
}

/**
 * The addresses from which mail leaves, as the world sees them: the public ones of the machine's interfaces and the one
 * under which it was reached. A machine without any (a laboratory, an intranet) is taken as it is.
 */
export function mailAddresses(facts: HostFacts, reachedAt: string): { ipv4: string[]; ipv6: string[] } {
  const own = [...facts.addresses.ipv4, ...facts.addresses.ipv6];
  const reached = isIP(reachedAt) ? [reachedAt] : [];
  const open = [...own, ...reached].filter(isPublicAddress);
  const addresses = [...new Set((open.length > 0 ? open : own).map(address => canonicalAddress(address) ?? address))];
  return {
    ipv4: addresses.filter(address => isIP(address) === 4),
    ipv6: addresses.filter(address => isIP(address) === 6),
  };
}
