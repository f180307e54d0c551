import type { DnsState } from '../../app/snapshot';
import type { DkimKeyFacts } from '../../host/facts/facts';
import { code } from '../../text/markdown';
import { attention, type Row } from './row';
import { keyTodo } from './todo';

/** The row of a domain's keys: which there are, whether their records stand in the DNS, and whether chasquid signs with them. */
export function dkimRow(
  base: Pick<Row, 'server' | 'domain'>,
  id: string,
  keys: readonly DkimKeyFacts[],
  dns: DnsState | undefined,
): Row {
  return {
    ...base,
    id,
    label: 'DKIM',
    description: description(keys, dns),
    icon: 'key',
    ...(keys.length === 0 || keys.some(key => keyTodo(key).length > 0) ? { color: attention } : {}),
    context: 'dkim',
    tooltip: keys.map(key => [`${code(key.file)} — ${key.algorithm}`, ...keyWords(key, dns)].join(', ')).join('\n\n'),
    children: [],
  };
}

/** One key with how it stands, of several the selectors: their tooltip tells the rest. */
function description(keys: readonly DkimKeyFacts[], dns: DnsState | undefined): string {
  const [key] = keys;
  if (!key) return 'no key: mail is not signed';
  if (keys.length > 1) return keys.map(({ selector }) => selector).join(', ');
  const words = keyWords(key, dns);
  return `${key.selector}${words.length > 0 ? ` · ${words.join(', ')}` : ''}`;
}

const published = {
  ok: 'published',
  warning: 'published',
  missing: 'not published',
  wrong: 'another key is published',
};

function keyWords(key: DkimKeyFacts, dns: DnsState | undefined): string[] {
  const status = dns?.dkim[key.selector] ?? 'unknown';
  return [status === 'unknown' ? '' : published[status], useOf(key)].filter(Boolean);
}

/** Whether mail is signed with the key; nothing where only a message would tell. */
function useOf({ readable, usable, loaded }: DkimKeyFacts): string {
  if (readable === false) return 'not readable by chasquid';
  if (usable === false) return 'not signing';
  if (loaded === undefined) return '';
  return loaded ? 'signing' : 'not loaded yet';
}
