import type { RootShell } from '../host/protocol/privilege';
import type { StepCheck } from './check';
import type { Problem } from '../text/problem';

/** How a step ended; why it failed is that of a `Problem`. */
export interface StepResult extends Partial<Problem> {
  id: string;
  /** done: was right already; applied: was changed and is right now; needed: would be changed (dry run). */
  state: 'done' | 'applied' | 'needed' | 'failed' | 'skipped' | 'impossible';
  detail: string;
  durationMs: number;
  /** All reasons, where there are several. */
  problems?: Problem[];
  facts?: Record<string, string>;
  diff?: string[];
  /** The folder on the server with the files as they were. */
  backup?: string;
  /** The log on the server. */
  log?: string;
}

export type PlanEvent =
  | { type: 'plan'; mode: PlanMode; steps: { id: string; title: string }[] }
  | { type: 'step'; id: string; title: string; phase: 'checking' | 'applying' | 'verifying' }
  | { type: 'output'; id: string; text: string }
  | { type: 'result'; result: StepResult }
  | { type: 'connection'; state: 'lost' | 'restored' | 'given-up'; reason?: string };

export type PlanMode = 'apply' | 'dryRun';

export interface PlanUi {
  onEvent(event: PlanEvent): void;
  /** A step failed or is impossible. */
  onFailure(result: StepResult): Promise<'retry' | 'skip' | 'stop'>;
}

/** Makes a new root shell after the connection was lost. @throws when the server cannot be reached again. */
export type Reconnect = () => Promise<RootShell>;

export interface PlanOutcome {
  results: StepResult[];
  /** How many steps changed something. */
  changed: number;
  /** Whether it ended before its last step: by the user, or because the connection did not come back. */
  stopped: boolean;
}

/** A result from what a check found. */
export function resultOf(check: StepCheck, state: StepResult['state'], durationMs: number): StepResult {
  const [first] = check.problems;
  return {
    id: check.id,
    state,
    detail: check.detail,
    durationMs,
    ...(first ? { ...first, problems: check.problems } : {}),
    ...(Object.keys(check.facts).length > 0 ? { facts: check.facts } : {}),
    ...(check.diff.length > 0 ? { diff: check.diff } : {}),
  };
}
