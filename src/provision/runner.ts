import type { RootShell } from '../host/protocol/privilege';
import { ConnectionLostError } from '../ssh/errors';
import { causeOf, messageOf, type Problem } from '../text/problem';
import { type Applied, applyStep, resumeStep } from './applyStep';
import { type StepCheck, checkStep, planState } from './check';
import { type Inputs, completeInputs } from './inputs';
import { newJob } from './job';
import {
  type PlanEvent,
  type PlanMode,
  type PlanOutcome,
  type PlanUi,
  type Reconnect,
  type StepResult,
  resultOf,
} from './plan';
import type { Step, Steps } from './step';

export interface PlanOptions {
  shell: RootShell;
  steps: Steps;
  /** Ids of the steps to run; they run in the order of the plan. */
  chosen: readonly string[];
  inputs: Inputs;
  /** Steps that were found done a moment ago: they are looked at again, and what they would ask for may be missing. */
  alreadyDone?: readonly string[];
  mode: PlanMode;
  ui: PlanUi;
  signal?: AbortSignal;
  reconnect: Reconnect;
}

/** So often is one step resumed after a lost connection before the plan gives up. */
const resumptions = 8;
/** So often another change is waited for before the plan gives up. */
const mostWaits = 20;

/**
 * Runs the plan: each step is checked, applied if it is needed, and checked again. A lost connection is restored and the same
 * step resumed; what was running on the server has gone on meanwhile.
 * @throws InputError before anything runs; the signal's reason when aborted, after the command on the server has been ended.
 */
export async function runPlan(options: PlanOptions): Promise<PlanOutcome> {
  const chosen = options.steps.list.filter(step => options.chosen.includes(step.id));
  const open = chosen.filter(step => !options.alreadyDone?.includes(step.id));
  const inputs = completeInputs(options.steps, open, options.inputs);
  return new PlanRun(options, chosen, inputs).run();
}

class PlanRun {
  private shell: RootShell;
  private readonly results: StepResult[] = [];

  constructor(
    private readonly options: PlanOptions,
    private readonly chosen: Step[],
    private readonly inputs: Inputs,
  ) {
    this.shell = options.shell;
  }

  async run(): Promise<PlanOutcome> {
    const { mode } = this.options;
    this.emit({ type: 'plan', mode, steps: this.chosen.map(({ id, title }) => ({ id, title })) });
    const stopped = mode === 'dryRun' ? await this.dryRun() : await this.applyAll();
    return {
      results: this.results,
      changed: this.results.filter(result => result.state === 'applied').length,
      stopped,
    };
  }

  private async dryRun(): Promise<boolean> {
    const started = Date.now();
    const checks = await this.connected(() =>
      planState(this.shell, this.options.steps, this.chosen, this.inputs, this.abort()),
    );
    const each = Math.round((Date.now() - started) / Math.max(1, checks.length));
    for (const check of checks) this.finish(resultOf(check, check.state, each));
    return false;
  }

  private async applyAll(): Promise<boolean> {
    for (const step of this.chosen) {
      const broken = this.failedDependency(step);
      if (broken) {
        this.finish({
          id: step.id,
          state: 'skipped',
          detail: `Needs “${broken.title}”, which is not done yet`,
          durationMs: 0,
        });
        continue;
      }
      for (;;) {
        const result = await this.oneStep(step);
        const asks = result.state === 'failed' || (result.state === 'impossible' && step.blocking);
        const decision = asks ? await this.options.ui.onFailure(result) : 'skip';
        this.options.signal?.throwIfAborted();
        if (decision === 'retry') continue;
        this.finish(result);
        if (asks && decision === 'stop') return true;
        if (result.code === 'connection-lost') return true;
        break;
      }
    }
    return false;
  }

  /** The first of a step's needs that went wrong in this run. A blocking step over which the user went on is none. */
  private failedDependency(step: Step): Step | undefined {
    const wrong = this.results
      .filter(result => ['failed', 'skipped', 'impossible'].includes(result.state))
      .map(result => result.id);
    return this.chosen.find(other => step.needs.includes(other.id) && wrong.includes(other.id) && !other.blocking);
  }

  private async oneStep(step: Step): Promise<StepResult> {
    const started = Date.now();
    const took = (): number => Date.now() - started;
    try {
      const before = await this.check(step, 'checking');
      if (before.state !== 'needed') return resultOf(before, before.state, took());
      if (step.apply === undefined) return resultOf(before, 'impossible', took());
      const applied = await this.apply(step, step.apply);
      const kept = {
        ...(applied.log ? { log: applied.log } : {}),
        ...(applied.backup ? { backup: applied.backup } : {}),
        diff: before.diff,
      };
      if (applied.failure) return failed(step, applied.failure, took(), kept);
      const after = await this.check(step, 'verifying');
      if (after.state === 'done') return { ...resultOf(after, 'applied', took()), ...kept };
      return failed(step, after.problems[0] ?? notDone(after), took(), kept);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      return failed(step, givenUp(error), took(), {});
    }
  }

  private check(step: Step, phase: 'checking' | 'verifying'): Promise<StepCheck> {
    this.emit({ type: 'step', id: step.id, title: step.title, phase });
    return this.connected(() => checkStep(this.shell, this.options.steps, step, this.inputs, this.abort()));
  }

  /** Applies, waiting for a change of another run first, and following its own again after a lost connection. */
  private async apply(step: Step, text: string): Promise<Applied> {
    const { steps } = this.options;
    const options = {
      ...this.abort(),
      onOutput: (output: string) => this.emit({ type: 'output', id: step.id, text: output }),
    };
    this.emit({ type: 'step', id: step.id, title: step.title, phase: 'applying' });
    for (let waits = 0; waits < mostWaits; waits++) {
      const job = newJob(step.id);
      let begun = false;
      const applied = await this.connected(async () => {
        const again: Applied | undefined = begun ? await resumeStep(this.shell, job, options) : undefined;
        begun = true;
        return again ?? applyStep(this.shell, { steps, step, text, inputs: this.inputs }, job, options);
      });
      if (applied.waitedFor === undefined) return applied;
      // It may have been this very step: then nothing is left to do.
      const check = await this.check(step, 'checking');
      if (check.state !== 'needed') return {};
    }
    return { failure: alwaysBusy };
  }

  /** Does `work`, and does it again on a new connection whenever the old one is lost. */
  private async connected<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let lost = 0; ; lost++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ConnectionLostError)) throw error;
        this.options.signal?.throwIfAborted();
        this.emit({ type: 'connection', state: 'lost', reason: error.message });
        if (lost >= resumptions) throw error;
        await this.restore(error);
      }
    }
  }

  private async restore(lost: ConnectionLostError): Promise<void> {
    try {
      this.shell = await this.options.reconnect();
    } catch (error) {
      this.options.signal?.throwIfAborted();
      this.emit({
        type: 'connection',
        state: 'given-up',
        reason: messageOf(error),
      });
      throw lost;
    }
    this.emit({ type: 'connection', state: 'restored' });
  }

  private abort(): { signal?: AbortSignal } {
    return this.options.signal ? { signal: this.options.signal } : {};
  }

  private finish(result: StepResult): void {
    this.results.push(result);
    this.emit({ type: 'result', result });
  }

  private emit(event: PlanEvent): void {
    this.options.ui.onEvent(event);
  }
}

function failed(step: Step, failure: Problem, durationMs: number, more: Partial<StepResult>): StepResult {
  return { id: step.id, state: 'failed', detail: causeOf(failure), durationMs, ...failure, ...more };
}

const alwaysBusy: Problem = {
  code: 'busy',
  what: `The step was not run: each of ${mostWaits} times another change was under way on this server.`,
  fix: 'Check which windows or programs set this server up at the same time, end them, then try again.',
};

const notDone = (check: StepCheck): Problem => ({
  code: 'not-done-after-apply',
  what: `The change ran without an error, but the step is not done: ${check.detail}.`,
  fix: 'Read its output above, then try again. Another program may be changing the same files.',
});

const givenUp = (lost: ConnectionLostError): Problem => ({
  code: 'connection-lost',
  what: `${lost.message.split('. ')[0]}. What was running on the server goes on there.`,
  fix: 'Connect again and start Set Up Server once more: it goes on where it was.',
});
