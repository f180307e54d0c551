import type { RotationView } from '../../dns/dkim/rotation';
import { visible } from '../../text/visible';
import { block, code, escape, table } from '../../text/markdown';

const marks = { done: '✓', now: '●', later: '○' };

/** Where a key rotation stands, and what comes next. */
export function rotationPage(domain: string, { step, milestones, state }: RotationView): string[] {
  return [
    `# DKIM key of ${code(domain)}`,
    `${state.old.length > 0 ? `${state.old.map(key => code(key.selector)).join(', ')} → ` : ''}${code(state.next.selector)} (${state.next.algorithm}), started ${escape(new Date(state.startedAt).toLocaleString())}.`,
    milestones
      .map(
        ({ title, state: at }, index) =>
          `${index + 1}. ${marks[at]} ${at === 'now' ? `**${escape(title)}**` : escape(title)}`,
      )
      .join('\n'),
    step.action === 'done' ? '## Done' : '## Next',
    `**${escape(step.what)}** ${escape(step.why)}`,
    ...(step.records ?? []).flatMap(({ name, type, value }) => [`${type} at ${code(name)}:`, block([value])]),
    ...(step.until === undefined ? [] : [`The wait ends at ${escape(new Date(step.until).toLocaleTimeString())}.`]),
    ...(step.risk ? [`*Not waiting:* ${escape(step.risk)}`] : []),
    ...(step.seen?.length
      ? [
          table(
            ['Server', 'Answers'],
            step.seen.map(({ server, values, failure }) => [
              escape(server),
              failure ? escape(failure) : values.map(text => code(visible(text))).join(' ') || 'nothing',
            ]),
          ),
        ]
      : []),
    ...(step.action === 'done' ? [] : ['*Rotate DKIM Key* goes on from here, at any time and from any computer.']),
  ];
}
