import type { DnssecState } from '../records/record';
import type { Inquiry } from './inquiry';

/** A zone as the SOA of a name in it tells, and how DNSSEC stands there. */
export interface ZoneState {
  zone?: string;
  dnssec?: DnssecState;
}

/** Finds the zone of a name. A zone that only answers without validation is broken: receivers that validate see nothing of it. */
export async function zoneState(name: string, { ask, resolver, signal }: Inquiry): Promise<ZoneState> {
  const soa = await ask(name, 'SOA');
  if (soa.state === 'failed') {
    const hidden = soa.failure === 'servfail' ? await resolver.unchecked?.(name, 'SOA', signal) : undefined;
    if (hidden === undefined || hidden.state === 'failed') return {};
    return { ...(hidden.zone?.includes('.') && { zone: hidden.zone }), dnssec: 'broken' };
  }
  // The root and top-level zones answer for names of domains that do not exist yet: nothing can be entered there.
  const { zone } = soa;
  if (zone === undefined || !zone.includes('.')) return {};
  if (soa.authenticated) return { zone, dnssec: 'validated' };
  const [delegation, keys] = await Promise.all([ask(zone, 'DS'), ask(zone, 'DNSKEY')]);
  if (delegation.state === 'found') return { zone, dnssec: 'signed' };
  if (delegation.state === 'failed' || keys.state === 'failed') return { zone };
  return { zone, dnssec: keys.state === 'found' ? 'no-ds' : 'unsigned' };
}
