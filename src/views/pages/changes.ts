import type { DnsChange } from '../../app/dnsHistory';
import { code, escape, table } from '../../text/markdown';

/** What got worse and better, newest first. */
export function changesPage(changes: readonly DnsChange[]): string[] {
  if (changes.length === 0) return ['## Changes', 'Nothing has changed since the first check from this computer.'];
  return [
    '## Changes',
    table(
      ['When', 'Record', '', 'Before', 'After'],
      changes.map(({ at, type, name, before, after, direction }) => [
        escape(new Date(at).toLocaleString()),
        `${type} ${code(name)}`,
        direction === 'worse' ? '▼ worse' : '▲ better',
        before,
        after,
      ]),
    ),
  ];
}
