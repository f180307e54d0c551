import type { RootShell } from '../host/privilege';
import { type Applied, applyStep } from './applyStep';
import { type Inputs, completeInputs } from './inputs';
import { type JobOptions, newJob } from './job';
import type { Step, Steps } from './step';

/** What a step can do besides being applied. `undo`: takes back its last change, from the backup it left. `renew`: makes anew what wears out. */
export type StepAction = 'undo' | 'renew';

/** The steps that can do that. */
export const stepsWith = (steps: Steps, action: StepAction): Step[] =>
  steps.list.filter(step => step[action] !== undefined);

/**
 * Runs one action of a step, as a job that outlives the connection. Its failure is in the result.
 * @throws InputError; RangeError for a step that has no such action; connection errors
 */
export function runAction(
  shell: RootShell,
  steps: Steps,
  step: Step,
  action: StepAction,
  inputs: Inputs,
  options: Pick<JobOptions, 'signal' | 'onOutput'> = {},
): Promise<Applied> {
  const text = step[action];
  if (text === undefined) {
    const able = stepsWith(steps, action).map(each => each.id);
    throw new RangeError(
      `The step ${step.id} has nothing to ${action}. What it does is not of that kind. These have: ${able.join(', ')}.`,
    );
  }
  const values = completeInputs(steps, [], inputs);
  return applyStep(shell, steps, step, text, values, newJob(`${action}-${step.id}`), options);
}
