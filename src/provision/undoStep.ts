import type { RootShell } from '../host/privilege';
import { type Applied, applyStep } from './applyStep';
import { type Inputs, completeInputs } from './inputs';
import { type JobOptions, newJob } from './job';
import type { Step, Steps } from './step';

/**
 * Takes back what a step's last change did, from the backup it left on the server. Only for steps that have an `undo`.
 * @throws InputError; connection errors
 */
export function undoStep(
  shell: RootShell,
  steps: Steps,
  step: Step & { undo: string },
  inputs: Inputs,
  options: Pick<JobOptions, 'signal' | 'onOutput'> = {},
): Promise<Applied> {
  const values = completeInputs(steps, [], inputs);
  return applyStep(shell, steps, step, step.undo, values, newJob(`undo-${step.id}`), options);
}
