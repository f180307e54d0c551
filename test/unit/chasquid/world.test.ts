import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigTree } from '../../../src/chasquid/tree/model';
import { buildWorld, worldOf } from '../../../src/chasquid/tree/world';
import { checkingUsers } from '../../../src/chasquid/users/check';
import { versionOf } from '../../../src/chasquid/versions';

const lines = (domain: string) => Array.from({ length: 100 }, (_, line) => `a${line}: b@${domain}\n`).join('');

function tree(users = ''): ConfigTree {
  const domain = (name: string) => ({ folder: name, path: `domains/${name}`, name, dkim: [] });
  return {
    path: '.',
    domains: [
      {
        ...domain('d'),
        aliases: { path: 'domains/d/aliases', text: lines('e') },
        users: { path: 'users', text: users },
      },
      { ...domain('e'), aliases: { path: 'domains/e/aliases', text: `${lines('x.org')}bad\n` } },
    ],
    strayFiles: [],
    hooks: [],
    problems: [],
  };
}

function steps(work: Generator<void>): number {
  let count = 0;
  while (!work.next().done) count++;
  return count;
}

test('work on a large file can be left off often', () => {
  const users = (count: number) =>
    Array.from({ length: count }, (_, user) => `users: { key: "u${user}" value: { denied: {} } }\n`).join('');
  assert.ok(steps(checkingUsers(users(50), versionOf('1.18.0'))) >= 100);
  assert.ok(steps(worldOf(tree(users(50)))) - steps(worldOf(tree())) >= 50);
});

test('what is put together later is not read before it is asked for, and says the same', () => {
  const later = (path: string) => path === 'domains/d/aliases';
  assert.ok(steps(worldOf(tree(), { later })) < steps(worldOf(tree())));
  const [now, then] = [buildWorld(tree()), buildWorld(tree(), { later })];
  for (const key of ['a0@d', 'a99@d', 'a100@d', 'a0@e'])
    assert.deepEqual(then.aliases.get(key), now.aliases.get(key), key);
});

test('a file that chasquid refuses counts for nothing, unless its lines are to be judged', () => {
  for (const later of [() => false, () => true]) {
    assert.equal(buildWorld(tree(), { later }).aliases.get('a0@e'), undefined);
    assert.equal(buildWorld(tree(), { later, lenient: true }).aliases.get('a0@e')?.length, 1);
  }
});
