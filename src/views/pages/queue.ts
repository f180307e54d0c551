import type { QueueState } from '../../host/queue';
import { code, escape, table } from '../../text/markdown';
import { timePassed } from '../../text/duration';

/** What waits, message by message. @param now milliseconds since the epoch */
export function queuePage(server: string, queue: QueueState, now: number): string[] {
  const head = `# Queue of ${escape(server)}`;
  if (queue.length === 0)
    return [head, 'Nothing waits: every message that chasquid accepted has been delivered or returned.'];
  const { items, length } = queue;
  const more = length > items.length ? ` The first ${items.length} of them are listed.` : '';
  return [
    head,
    `${length} ${length === 1 ? 'message waits' : 'messages wait'}. chasquid tries each again for 20 hours, then it notifies the sender.${more} *Trace Message* shows the whole story of one.`,
    ...items.map(item =>
      [
        `## ${code(item.id)}`,
        `From ${item.from ? code(item.from) : '*a failure notice*'}${item.created ? `, ${timePassed(now - item.created)} old` : ''}.`,
        item.recipients.length === 0
          ? 'This file could not be read: it is damaged, or was being written.'
          : table(
              ['To', 'State', 'Last answer'],
              item.recipients.map(({ address, originalAddress, type, status, lastFailure: said }) => [
                `${type === 'pipe' ? 'command ' : ''}${code(address)}${originalAddress && originalAddress !== address ? ` for ${code(originalAddress)}` : ''}`,
                status === 'pending' ? 'waiting' : status,
                said ? escape(said) : '',
              ]),
            ),
      ].join('\n\n'),
    ),
  ];
}
