import { type Inputs, completeInputs, inputsOf } from '../inputs';
import type { Step, StepInput, Steps } from '../step';

/** A plan to be taken along: run by other hands, on a server that this program may never see. */
export interface PortablePlan {
  steps: Steps;
  chosen: readonly Step[];
  /** Every input that is not secret, by name; complete. */
  inputs: Readonly<Record<string, string>>;
  /** The secrets that the chosen steps declare. They are asked for when the plan is run, never written down. */
  secrets: readonly StepInput[];
}

/** The inputs of the program itself, which a plan that is taken along cannot have: when it runs is unknown. */
const momentary = ['greeting', 'clientTime'];

/** @throws InputError for a value that is refused or missing; secrets may be missing */
export function portablePlan(steps: Steps, ids: readonly string[], given: Inputs): PortablePlan {
  const chosen = steps.list.filter(step => ids.includes(step.id));
  const all = inputsOf(steps.list);
  const secrets = inputsOf(chosen).filter(input => input.secret);
  const secret = new Set(all.filter(input => input.secret).map(input => input.name));
  const open = chosen.map(step => ({
    ...step,
    inputs: step.inputs.map(input => (input.secret ? { ...input, required: false } : input)),
  }));
  const values = completeInputs(
    steps,
    open,
    Object.fromEntries(Object.entries(given).filter(([name]) => !secret.has(name))),
  );
  const inputs = Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => !secret.has(name))
      .map(([name, value]) => [name, momentary.includes(name) ? '' : value]),
  );
  return { steps, chosen, inputs, secrets };
}

/** Which of the plan's secrets a step may see. */
export const secretsOf = (plan: PortablePlan, step: Step): StepInput[] =>
  plan.secrets.filter(secret => step.inputs.some(input => input.name === secret.name));
