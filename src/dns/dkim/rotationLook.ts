import type { DnsView } from '../check/view';
import type { RotationSnapshot, RotationState } from './rotationState';
import { seeFrom } from '../resolver/vantage';

/**
 * Asks for the records of the new key and the old ones, each server of the zone by itself. Where the zone's servers are unknown,
 * whoever the view asks stands for them.
 */
export async function lookAtRotation(
  state: RotationState,
  view: Pick<DnsView, 'resolver' | 'vantages'>,
  signal?: AbortSignal,
): Promise<RotationSnapshot['published']> {
  const selectors = [state.next.selector, ...state.old.map(key => key.selector)];
  const seen = await Promise.all(
    selectors.map(async selector => {
      const name = `${selector}._domainkey.${state.domain}`;
      const all = (await view.vantages?.(name, 'TXT')) ?? [];
      const own = all.filter(({ from }) => from === 'zone');
      const asked = [own, all].find(group => group.length > 0) ?? [
        { resolver: view.resolver, from: 'resolver' as const },
      ];
      return [selector, await seeFrom(asked, name, 'TXT', signal)] as const;
    }),
  );
  return Object.fromEntries(seen);
}
