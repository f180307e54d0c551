import type { RootShell } from '../host/protocol/privilege';
import { type Applied, applyStep } from './applyStep';
import { type Inputs, completeInputs } from './inputs';
import { type JobOptions, newJob } from './job';
import type { Step, Steps } from './step';

/** What a step can do besides being applied. `undo`: reverts its last change, from the backup it left. `renew`: replaces what wears out. */
export type StepAction = 'undo' | 'renew';

/** The steps that can do that. */
export const stepsWith = (steps: Steps, action: StepAction): Step[] =>
  steps.list.filter(step => step[action] !== undefined);

/**
 * Runs one action of a step, as a job that outlives the connection. Its failure is in the result; undoing fails with
 * `changed-since` where it would lose edits, unless `force`.
 * @throws InputError; RangeError for a step that has no such action; connection errors
 */
export function runAction(
  shell: RootShell,
  steps: Steps,
  step: Step,
  action: StepAction,
  inputs: Inputs,
  { force, ...options }: Pick<JobOptions, 'signal' | 'onOutput'> & { force?: boolean } = {},
): Promise<Applied> {
  const text = step[action];
  if (text === undefined) {
    const able = stepsWith(steps, action).map(each => each.id);
    throw new RangeError(
      `The step ${step.id} has nothing to ${action}. What it does is not of that kind. These have: ${able.join(', ')}.`,
    );
  }
  const values = completeInputs(steps, [], inputs);
  const whole = action === 'undo' ? `force=${force ? 'yes' : ''}\n${text}` : text;
  return applyStep(shell, { steps, step, text: whole, inputs: values }, newJob(`${action}-${step.id}`), options);
}
