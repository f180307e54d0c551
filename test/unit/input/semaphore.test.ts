import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { Semaphore } from '../../../src/input/semaphore';

test('as many get in as there are places, the others in order', async () => {
  const semaphore = new Semaphore(2);
  const order: number[] = [];
  const enter = async (n: number) => {
    const release = await semaphore.acquire();
    order.push(n);
    return release;
  };
  const [first, second] = [await enter(1), await enter(2)];
  const third = enter(3);
  const fourth = enter(4);
  await tick();
  assert.deepEqual(order, [1, 2]);
  first();
  first();
  await third;
  await tick();
  assert.deepEqual(order, [1, 2, 3]);
  second();
  await fourth;
  assert.deepEqual(order, [1, 2, 3, 4]);
});

test('one that gives up does not take a place', async () => {
  const semaphore = new Semaphore(1);
  const release = await semaphore.acquire();
  const abort = new AbortController();
  const gaveUp = assert.rejects(semaphore.acquire(abort.signal), /enough/);
  const next = semaphore.acquire();
  abort.abort(new Error('enough'));
  await gaveUp;
  release();
  (await next)();
  (await semaphore.acquire())();
});
