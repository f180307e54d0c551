import type { ServiceStatus } from '../../host/services/services';
import { problemText } from '../../text/problem';
import { block, escape } from '../../text/markdown';
import { timePassed } from '../../text/duration';

const words = { active: 'runs', activating: 'is starting', inactive: 'is stopped', failed: 'has failed' };
const purposes: [number, string][] = [
  [25, 'mail from other servers'],
  [465, 'senders, TLS from the start'],
  [587, 'senders, STARTTLS'],
];

/** How chasquid is doing, to read or to send to somebody who helps. @param now milliseconds since the epoch */
export function statusPage(server: string, status: ServiceStatus, now: number): string[] {
  const { state, since, failure, lines } = status;
  const long = since === undefined ? '' : `, for ${timePassed(now - since * 1000)} now`;
  const restarts =
    status.restarts === 0
      ? ''
      : ` systemd had to start it again ${status.restarts === 1 ? 'once' : `${status.restarts} times`}.`;
  return [
    `# chasquid on ${escape(server)}`,
    `**It ${words[state]}**${long} (${escape(status.subState)}). It ${status.enabled ? 'starts' : 'does **not** start'} when the server boots.${restarts}`,
    ...(failure ? ['## What is wrong', escape(problemText(failure))] : []),
    '## Ports',
    purposes
      .map(([port, purpose]) => {
        const open = status.listening.filter(listener => listener.port === port);
        const how =
          open.length === 0
            ? '**nobody listens**'
            : open.every(each => each.loopback)
              ? '**open from the server itself only**'
              : 'open';
        return `- ${port} (${purpose}): ${how}`;
      })
      .join('\n'),
    '## Last lines of its log',
    lines.length === 0
      ? 'There are none.'
      : block(lines.map(line => `${new Date(line.time).toISOString().slice(0, 19).replace('T', ' ')}  ${line.text}`)),
  ];
}
