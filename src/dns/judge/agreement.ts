import type { Finding, SeenAt } from '../records/record';
import { finding } from '../check/findings';
import { timeLeft } from '../../text/duration';
import { list } from '../words';
import { visible } from '../../text/visible';

/**
 * Whether all who were asked say the same; those without an answer say nothing. Where the zone's own servers agree, a resolver that
 * says something else only has an old answer in its cache.
 */
export function agreement(seen: SeenAt[]): Finding[] {
  const heard = seen.filter(item => item.failure === undefined);
  const groups = grouped(heard);
  if (groups.length < 2) return [];
  const own = grouped(heard.filter(item => item.from === 'zone'));
  if (own.length === 1) {
    const late = groups.filter(items => key(items[0]!) !== key(own[0]![0]!));
    return [
      finding(
        'dns-cache-old',
        `The zone’s servers agree, but ${late.map(items => `${servers(items)} still says ${shown(items[0]!)}${remaining(items)}`).join('; ')}.`,
      ),
    ];
  }
  const parts = groups.map(items => `${servers(items)}: ${shown(items[0]!)}${remaining(items)}`);
  return [
    finding(
      'dns-servers-disagree',
      `The servers do not agree yet. ${parts.join('; ')}.`,
      'Wait until the old answer has expired, then check again.',
    ),
  ];
}

/** Servers that gave no answer while others did. */
export function silentServers(seen: SeenAt[]): Finding[] {
  const silent = seen.filter(item => item.failure !== undefined);
  if (silent.length === 0 || silent.length === seen.length) return [];
  return [
    finding(
      'dns-server-silent',
      `${list(silent.map(item => item.failure!))}; the others answer.`,
      'If it stays so, ask who runs the server, or remove it from the zone’s NS records.',
    ),
  ];
}

function grouped(seen: SeenAt[]): SeenAt[][] {
  const groups = new Map<string, SeenAt[]>();
  for (const item of seen) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

function servers(items: SeenAt[]): string {
  return list(items.map(item => item.server));
}

function key(item: SeenAt): string {
  return [...item.values].sort().join('\n');
}

function shown(item: SeenAt): string {
  return item.values.length === 0 ? 'nothing' : visible(item.values.join(' | '), 120);
}

function remaining(items: SeenAt[]): string {
  const ttl = Math.max(...items.map(item => item.ttl ?? 0));
  return ttl > 0 ? ` (for up to ${timeLeft(ttl * 1000)})` : '';
}
