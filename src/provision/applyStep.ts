import type { RootShell } from '../host/protocol/privilege';
import { causeOf, type Problem } from '../text/problem';
import { stepScript } from './check';
import { failureOf } from './failures';
import { type Inputs, visibleInputs } from './inputs';
import { type Job, type JobOptions, type JobResult, resumeJob, runJob } from './job';
import type { Step, Steps } from './step';
import { isObject, readProblem } from './stepAnswer';

/** What undoing a step did with the files that it had changed: paths on the server. */
export interface Undone {
  /** As they were before the step. */
  restored: string[];
  /** Edited since: only what the step had changed is undone. */
  merged: string[];
  /** Made by the step, and gone. */
  removed: string[];
  /** The folder with the replaced versions; empty when none had to be replaced. */
  kept: string;
}

/** What became of a change. */
export interface Applied {
  failure?: Problem;
  /** Of an undo that went well. */
  undone?: Undone;
  backup?: string;
  log?: string;
  /** Another change was running and has been waited for; this one has not been made. */
  waitedFor?: string;
}

/** What is to be run of a step. */
export interface StepChange {
  steps: Steps;
  step: Step;
  /** The script: the step's `apply`, `undo` or `renew`. */
  text: string;
  inputs: Inputs;
}

/** Runs a step's change, or what undoes it, as a job that outlives the connection. */
export async function applyStep(
  shell: RootShell,
  { steps, step, text, inputs }: StepChange,
  job: Job,
  options: Pick<JobOptions, 'signal' | 'onOutput'>,
): Promise<Applied> {
  const visible = visibleInputs(steps, step, inputs);
  return outcomeOf(await runJob(shell, job, stepScript(steps, step, text), { ...options, inputs: visible }));
}

/** Follows such a change again, after the connection was lost. Undefined when the server knows nothing of it. */
export async function resumeStep(
  shell: RootShell,
  job: Job,
  options: Pick<JobOptions, 'signal' | 'onOutput'>,
): Promise<Applied | undefined> {
  const ended = await resumeJob(shell, job, options);
  return ended && outcomeOf(ended);
}

function outcomeOf(ended: JobResult): Applied {
  const lines = ended.result.filter(isObject);
  const told = readProblem(lines.find(line => 'failure' in line)?.failure);
  const backup = lines.find(line => 'backup' in line)?.backup;
  const undone = lines.find(line => 'undone' in line)?.undone as Undone | undefined;
  const failed = ended.code !== 0 && ended.waitedFor === undefined;
  return {
    ...(ended.log === undefined ? {} : { log: ended.log }),
    ...(typeof backup === 'string' ? { backup } : {}),
    ...(undone ? { undone } : {}),
    ...(ended.waitedFor === undefined ? {} : { waitedFor: ended.waitedFor }),
    ...(failed ? { failure: explain(ended, told) } : {}),
  };
}

/** What the step itself says is the frame; what its commands said is often the reason. */
function explain(ended: JobResult, told: Problem | undefined): Problem {
  if (ended.code === 73 || ended.code === 74) {
    return {
      code: 'no-log',
      what: 'The server could not write the log of the step, in /var/log/chasquid-setup or /run.',
      fix: 'Check whether its disk is full or can only be read (df -h; mount), then try again.',
    };
  }
  const heard = failureOf(ended.output);
  if (!told) return heard;
  return heard.code === 'not-known' ? told : { ...heard, what: causeOf(told), why: causeOf(heard) };
}
