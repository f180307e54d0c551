import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PlanOutcome, StepResult } from '../../../../src/provision/plan';
import { dryRunSummary, summary, unfinishedSummary } from '../../../../src/views/setup/summary';

function outcome(states: StepResult['state'][], stopped = false): PlanOutcome {
  const results = states.map((state, index) => ({ id: `s${index}`, state, detail: '', durationMs: 0 }));
  return { results, changed: states.filter(state => state === 'applied').length, stopped };
}

describe('the summary of a set-up', () => {
  it('counts what changed', () => {
    assert.equal(
      summary(outcome(['done', 'applied', 'done'])),
      '\nReady: 1 of 3 steps changed something, nothing to do in the others.',
    );
    assert.equal(summary(outcome(['applied'])), '\nReady: 1 of 1 step changed something.');
    assert.equal(summary(outcome(['done', 'done'])), '\nReady: 0 of 2 steps changed something, nothing to do.');
  });

  it('counts what is not right', () => {
    assert.match(
      unfinishedSummary(outcome(['done', 'failed', 'skipped'])),
      /^\nNot finished: 2 of 3 steps are not done/,
    );
    assert.match(unfinishedSummary(outcome(['impossible'], true)), /^\nNot finished: 1 of 1 step is not done yet\./);
    assert.match(unfinishedSummary(outcome(['done'], true)), /^\nNot finished: stopped before the end\./);
  });

  it('tells what a dry run would change', () => {
    assert.match(
      dryRunSummary(outcome(['needed', 'done'])),
      /1 of 2 steps would change something\. Nothing was.*without/,
    );
    assert.equal(
      dryRunSummary(outcome(['done'])),
      '\nDry run: 0 of 1 step would change something. Nothing was changed.',
    );
  });
});
