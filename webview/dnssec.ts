import type { PanelRecord } from './messages';
import { h, icon } from './dom';

const words: Record<NonNullable<PanelRecord['dnssec']>, string> = {
  validated: 'is signed, and the signature holds',
  signed: 'is signed; it was not validated here',
  'no-ds': 'is signed, but the registrar has no DS record, so nobody validates it',
  unsigned: 'is not signed',
  broken: 'is broken: resolvers that validate refuse the zone',
};

/** How DNSSEC stands in the zones of the domain and its server. Reverse zones are somebody else's. */
export function dnssecLine(records: readonly PanelRecord[]): HTMLElement | undefined {
  const zones = new Map<string, NonNullable<PanelRecord['dnssec']>>();
  for (const { purpose, zone, dnssec } of records) if (purpose !== 'ptr' && dnssec) zones.set(zone, dnssec);
  if (zones.size === 0) return undefined;
  const broken = [...zones.values()].includes('broken');
  return h(
    'p',
    { class: `notice${broken ? ' state-wrong' : ''}`, 'data-testid': 'dnssec' },
    icon(broken ? 'error' : 'shield'),
    h('span', {}, `DNSSEC: ${[...zones].map(([zone, state]) => `${zone} ${words[state]}`).join('; ')}.`),
  );
}
