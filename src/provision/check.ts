import type { Shell, ShellRun } from '../host/protocol/shell';
import { causeOf } from '../text/problem';
import { lastWords } from '../text/visible';
import { failureOf } from './failures';
import { type Inputs, inputsOf, visibleInputs } from './inputs';
import type { Step, Steps } from './step';
import { isObject, readStepAnswer, type StepAnswer } from './stepAnswer';

/** What a step's check found. `problems`: why the step is impossible, or its check failed. */
export type StepCheck = Omit<StepAnswer, 'step'> & { id: string };

/** The whole script of one part of a step: the library, then the step's own text. */
export const stepScript = (steps: Steps, step: Step, text: string): string =>
  `step=${step.id}\n${steps.library}\n${text}`;

/** Asks the state of all these steps in one round trip. The steps are asked one after another, each in a shell of its own. */
export async function planState(
  shell: Shell,
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
    // An answer exits: whoever comes to the end has given none.
    return `(\nstep=${step.id} ${blank}\n${step.check}\nfalse\n) >"$checkOutput" 2>&1 || no_answer ${step.id}\ncat "$checkOutput"`;
  });
  const script = [
    steps.library,
    'checkOutput=${scratch:+$scratch/check-output}; : "${checkOutput:=/dev/null}"',
    ...parts,
  ].join('\n');
  const ran = await shell.run(script, { ...options, inputs: given });
  const answers = ran.result.flatMap(line => readStepAnswer(line) ?? []);
  const silent = ran.result.filter(isObject);
  return chosen.map(step => {
    const answer = answers.find(one => one.step === step.id);
    if (answer) return { ...answer, id: step.id };
    const said = silent.find(line => line.step === step.id)?.said;
    // Without a line of its own the whole script ended before: what came last is why.
    return unanswered(step, typeof said === 'string' ? said : lastWords(ran.output));
  });
}

/** Asks the state of one step. */
export async function checkStep(
  shell: Shell,
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
  return { id: step.id, state: 'failed', detail: causeOf(failure), facts: {}, diff: [], problems: [failure] };
}
