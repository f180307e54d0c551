import type { PlanOutcome } from '../../provision/plan';

/** Steps that are not right after the run. */
export function unfinished({ results }: PlanOutcome): number {
  return results.filter(({ state }) => ['failed', 'impossible', 'skipped'].includes(state)).length;
}

export function summary({ results, changed }: PlanOutcome): string {
  const of = `Ready: ${changed} of ${counted(results.length)} changed something`;
  if (changed === results.length) return `\n${of}.`;
  return `\n${of}, ${changed === 0 ? 'nothing to do' : 'nothing to do in the others'}.`;
}

export function unfinishedSummary(outcome: PlanOutcome): string {
  const wrong = unfinished(outcome);
  const are = wrong === 1 ? 'is' : 'are';
  const what =
    outcome.stopped && wrong === 0
      ? 'stopped before the end'
      : `${wrong} of ${counted(outcome.results.length)} ${are} not done yet`;
  return `\nNot finished: ${what}. Run Set Up Server again to go on: what is done already is left as it is.`;
}

export function dryRunSummary({ results }: PlanOutcome): string {
  const needed = results.filter(({ state }) => state === 'needed').length;
  const next = needed > 0 ? ' Run Set Up Server again, without the dry run, to do it.' : '';
  return `\nDry run: ${needed} of ${counted(results.length)} would change something. Nothing was changed.${next}`;
}

const counted = (steps: number): string => `${steps} ${steps === 1 ? 'step' : 'steps'}`;
