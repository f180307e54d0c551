import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { runQueue } from '../../support/queue';

const folder = mkdtempSync(join(tmpdir(), 'queue-'));
after(() => rmSync(folder, { recursive: true }));
const files = ['a', 'b', 'c'].map(name => resolve(import.meta.dirname, name));
const name = (file: string) => file.at(-1)!;

test('files begin with the longest of the last time; those that are new come before, in their order', async () => {
  const memory = join(folder, 'durations.json');
  const order: string[] = [];
  const run = (file: string) => Promise.resolve(order.push(name(file)));
  const results = await runQueue(files, { run, workers: 1, memory });
  assert.deepEqual([...results.values()], [1, 2, 3]);
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(memory, 'utf8')) as object), [
    'test/unit/support/a',
    'test/unit/support/b',
    'test/unit/support/c',
  ]);
  writeFileSync(memory, JSON.stringify({ 'test/unit/support/a': 10, 'test/unit/support/c': 2000 }));
  order.length = 0;
  await runQueue(files, { run, workers: 1, memory });
  assert.deepEqual(order, ['b', 'c', 'a']);
  writeFileSync(memory, '{ broken');
  order.length = 0;
  await runQueue(files, { run, workers: 1, memory });
  assert.deepEqual(order, ['a', 'b', 'c']);
});

test('as many run at a time as there are workers, and none begins once it is stopped', async () => {
  let running = 0;
  let most = 0;
  const done: string[] = [];
  const run = async (file: string) => {
    most = Math.max(most, ++running);
    await new Promise(resolve => setImmediate(resolve));
    running--;
    done.push(name(file));
  };
  await runQueue(files, { run, workers: 2, memory: join(folder, 'workers.json'), stopped: () => done.length > 0 });
  assert.deepEqual([most, done], [2, ['a', 'b']]);
});
