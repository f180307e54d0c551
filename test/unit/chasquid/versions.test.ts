import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstWith, newest, parseVersion, versionOf } from '../../../src/chasquid/versions';

test('a version is read as chasquid, Debian and people write it', () => {
  for (const [text, number] of [
    ['1.15.0', [1, 15, 0]],
    ['v1.13', [1, 13, 0]],
    ['1.11-2+b2', [1, 11, 0]],
    ['1.18.0 (source date: 2026-01-01)', [1, 18, 0]],
    ['0.07', [0, 7, 0]],
  ] as const)
    assert.deepEqual(parseVersion(text)?.number, number, text);
  for (const text of ['', 'auto', 'HEAD', '1', '1.15.x', '1.15.0.1', 'chasquid 1.15.0'])
    assert.equal(parseVersion(text), undefined, text);
});

test('a feature is there from its first version on', () => {
  assert.equal(firstWith('catchAll'), '1.10');
  assert.equal(versionOf('1.9').features.catchAll, false);
  assert.equal(versionOf('1.10').features.catchAll, true);
  assert.equal(versionOf('1.11.1-3').features.catchAll, true);
  assert.equal(versionOf('1.15.1').features.strictAliases, false);
});

test('what a server reports and is no version keeps its words and counts as the newest', () => {
  assert.deepEqual(versionOf('devel'), { ...newest, text: 'devel' });
  assert.equal(versionOf(''), newest);
  assert.equal(versionOf(undefined), newest);
});
