import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSliced } from '../../../src/input/slices';

/** Takes that long in all, in steps of half a millisecond. */
function* work(ms: number): Generator<void, string> {
  for (let done = 0; done < ms; done += 0.5) {
    const end = performance.now() + 0.5;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

test('several pieces of work together leave a turn to others as often as one alone', async () => {
  let turns = 0;
  let running = true;
  const count = () => {
    turns++;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  const results = await Promise.all([60, 60, 60].map(ms => runSliced(work(ms), () => false)));
  running = false;
  assert.deepEqual(results, ['done', 'done', 'done']);
  // 180 ms in stretches of 6 ms, with some room for a step too many in each.
  assert.ok(turns >= 20, `only ${turns} turns`);
});

test('work that is no longer wanted is left off', async () => {
  let wanted = true;
  const result = runSliced(work(1000), () => !wanted);
  setTimeout(() => (wanted = false), 20);
  const began = performance.now();
  assert.equal(await result, undefined);
  assert.ok(performance.now() - began < 500);
});
