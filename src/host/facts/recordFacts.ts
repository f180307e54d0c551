import { isIP } from 'node:net';
import { canonicalAddress, isPublicAddress } from '../../dns/address';
import { certificateFacts } from '../../dns/certificate';
import type { DomainRecordFacts } from '../../dns/records/facts';
import type { CertificateFacts, HostFacts } from './facts';

/** What only the user knows of a domain. */
export type RecordChoices = Partial<Pick<DomainRecordFacts, 'receives' | 'silent' | 'reportAddress'>>;

/**
 * What the records of `domain` are built from, by what the server tells of itself and where we reached it.
 * @param reachedAt the address of the SSH connection, which behind a one-to-one NAT is the only public one.
 */
export function recordFacts(
  facts: HostFacts,
  domain: string,
  reachedAt: string,
  choices: RecordChoices = {},
): DomainRecordFacts {
  const { chasquid } = facts;
  const hostname = chasquid?.hostname ?? facts.hostname;
  const { ipv4, ipv6 } = mailAddresses(facts, reachedAt);
  const keys = chasquid?.domains.find(candidate => candidate.name === domain)?.dkim ?? [];
  return {
    domain,
    hostname,
    ipv4,
    ipv6,
    dkim: keys.map(({ selector, algorithm, publicKey, loaded }) => ({
      selector,
      algorithm,
      publicKey,
      ...(loaded !== undefined && { loaded }),
    })),
    receives: choices.receives ?? true,
    ...(choices.silent && { silent: choices.silent }),
    ...(choices.reportAddress !== undefined && { reportAddress: choices.reportAddress }),
    ...certificateOf(chasquid?.certificates ?? [], hostname),
  };
}

/** The certificate that the server shows under its name: of those that cover it, the one that lasts longest. */
function certificateOf(all: CertificateFacts[], hostname: string): Pick<DomainRecordFacts, 'certificate'> {
  const [best] = all
    .filter(each => each.names.some(name => covers(name, hostname)))
    .sort((a, b) => b.notAfter - a.notAfter);
  return best ? { certificate: certificateFacts(best) } : {};
}

/** Whether a name of a certificate stands for a host; `*` is one whole label (RFC 6125 §6.4.3). */
function covers(name: string, hostname: string): boolean {
  const [pattern, host] = [name.toLowerCase(), hostname.toLowerCase()];
  return pattern.startsWith('*.') ? host.slice(host.indexOf('.')) === pattern.slice(1) : pattern === host;
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
