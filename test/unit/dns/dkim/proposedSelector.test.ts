import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proposedSelector } from '../../../../src/dns/dkim/proposedSelector';
import { reasonOf, selectorRule } from '../../../../src/chasquid/rules';

const evening = new Date('2026-11-24T23:30:00Z');

test('the proposed selector is the day, with a letter or number behind it until nobody uses it', () => {
  assert.equal(proposedSelector([], evening), '20261124');
  assert.equal(proposedSelector(['20261124'], evening), '20261124b');
  const taken: string[] = [];
  for (let round = 0; round < 30; round++) taken.push(proposedSelector(taken, evening));
  assert.equal(new Set(taken).size, 30);
  assert.deepEqual(taken.slice(24, 28), ['20261124y', '20261124z', '2026112426', '2026112427']);
  for (const selector of taken) assert.equal(reasonOf(selectorRule(selector)), undefined, selector);
});
