import type { Finding, SeenAt } from '../record';
import { finding } from '../findings';
import { visible } from '../text';

/** Whether all who were asked say the same; those without an answer say nothing. */
export function agreement(seen: SeenAt[]): Finding[] {
  const heard = seen.filter(item => item.failure === undefined);
  const groups = new Map<string, SeenAt[]>();
  for (const item of heard) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  if (groups.size < 2) return [];
  const parts = [...groups.values()].map(
    items => `${items.map(item => item.server).join(', ')}: ${shown(items[0]!)}${remaining(items)}`,
  );
  return [
    finding(
      'dns-servers-disagree',
      `The servers do not agree yet. ${parts.join('; ')}.`,
      'Wait until the old answer has expired, then check again.',
    ),
  ];
}

function key(item: SeenAt): string {
  return [...item.values].sort().join('\n');
}

function shown(item: SeenAt): string {
  return item.values.length === 0 ? 'nothing' : visible(item.values.join(' | '), 120);
}

function remaining(items: SeenAt[]): string {
  const ttl = Math.max(...items.map(item => item.ttl ?? 0));
  return ttl > 0 ? ` (for up to ${ttl} s)` : '';
}
