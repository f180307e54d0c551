import type { MessageTrace, RecipientTrace } from '../../host/logs/trace';
import { block, code, escape, table } from '../../text/markdown';

const outcome: Record<RecipientTrace['state'], string> = {
  sent: '✓ delivered',
  failed: '✗ given up',
  waiting: '… waiting',
};

/** The story of one message: what became of each recipient, then the log's own lines. */
export function tracePage(server: string, trace: MessageTrace): string[] {
  const { id, from, to, queued, recipients, bounces, done, entries } = trace;
  return [
    `# Message ${code(id)}`,
    `From ${from ? code(from) : '*unknown*'} to ${to.map(code).join(', ') || '*unknown*'}, on ${escape(server)}${queued === undefined ? '' : `, accepted ${new Date(queued).toLocaleString()}`}. ${done ? 'chasquid has nothing left to do for it.' : 'chasquid is not finished with it.'}`,
    ...(recipients.length === 0
      ? ['No delivery has been tried yet.']
      : [
          table(
            ['Recipient', 'State', 'Attempts', 'Last answer'],
            recipients.map(one => [
              code(one.address),
              outcome[one.state],
              String(one.attempts),
              one.answer ? escape(one.answer) : '',
            ]),
          ),
        ]),
    ...(bounces.length > 0 ? [`The sender was notified by the failure notice ${bounces.map(code).join(', ')}.`] : []),
    '## The log',
    block(entries.map(({ time, text }) => `${new Date(time).toISOString()}  ${text}`)),
  ];
}
