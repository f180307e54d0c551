import type { RootShell } from '../host/protocol/privilege';
import type { ShellRun } from '../host/protocol/shell';
import { failureOf } from './failures';
import { type Inputs, inputsOf, visibleInputs } from './inputs';
import type { Step, Steps } from './step';
import { readStepAnswer, type StepAnswer } from './stepAnswer';

/** What a step's check found. `problems`: why the step is impossible, or its check failed. */
export type StepCheck = Omit<StepAnswer, 'step'> & { id: string };

/** The whole script of one part of a step: the library, then the step's own text. */
export const stepScript = (steps: Steps, step: Step, text: string): string =>
  `step=${step.id}\n${steps.library}\n${text}`;

/** Asks the state of all these steps in one round trip. The steps are asked one after another, each in a shell of its own. */
export async function planState(
  shell: RootShell,
  steps: Steps,
  chosen: readonly Step[],
  inputs: Inputs,
  options: Pick<ShellRun, 'signal' | 'onOutput'> = {},
): Promise<StepCheck[]> {
  const known = inputsOf(steps.list).map(input => input.name);
  const given = Object.fromEntries(known.map(name => [name, inputs[name] ?? '']));
  const parts = chosen.map(step => {
    // A secret of one step is none of another's business.
    const withheld = Object.entries(visibleInputs(steps, step, given)).filter(([name, value]) => value !== given[name]);
    const blank = withheld.map(([name]) => `${name}=`).join(' ');
    return `(\nstep=${step.id} ${blank}\n${step.check}\n) || printf '{"step":"%s","code":%s}\\n' ${step.id} $? >&3`;
  });
  const ran = await shell.run([steps.library, ...parts].join('\n'), { ...options, inputs: given });
  const answers = ran.result.flatMap(line => readStepAnswer(line) ?? []);
  return chosen.map(step => {
    const answer = answers.find(one => one.step === step.id);
    return answer ? { ...answer, id: step.id } : unanswered(step, ran.output);
  });
}

/** Asks the state of one step. */
export async function checkStep(
  shell: RootShell,
  steps: Steps,
  step: Step,
  inputs: Inputs,
  options: Pick<ShellRun, 'signal' | 'onOutput'> = {},
): Promise<StepCheck> {
  const [check] = await planState(shell, steps, [step], inputs, options);
  return check!;
}

function unanswered(step: Step, output: string): StepCheck {
  const failure = failureOf(output);
  return { id: step.id, state: 'failed', detail: failure.cause, facts: {}, diff: [], problems: [failure] };
}
