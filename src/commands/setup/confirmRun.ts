import { confirm } from '../../app/window';
import type { Inputs } from '../../provision/inputs';
import type { Step } from '../../provision/step';

/** Shows what a caller wants done on a server, without its secrets. @throws Cancelled */
export async function confirmRun(title: string, server: string, steps: readonly Step[], inputs: Inputs): Promise<void> {
  const secret = new Set(steps.flatMap(step => step.inputs.filter(input => input.secret).map(input => input.name)));
  const lines = Object.entries(inputs).map(([name, value]) => `${name}: ${secret.has(name) ? '(given)' : value}`);
  await confirm(`Run “${title}” on ${server}?`, {
    detail: [
      'A link or another extension asked for this. It changes the server as root.',
      `Steps: ${steps.map(step => step.title).join(', ')}`,
      ...lines,
    ].join('\n'),
    button: 'Run',
  });
}
