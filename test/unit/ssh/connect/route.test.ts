import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SshConfigError } from '../../../../src/ssh/errors';
import { parseJump } from '../../../../src/ssh/connect/route';

const target = { host: 'mail' };

test('jump hosts are read in every form of ssh_config(5)', () => {
  assert.deepEqual(parseJump('gate', target), { host: 'gate' });
  assert.deepEqual(parseJump('me@gate:2222', target), { host: 'gate', user: 'me', port: 2222 });
  assert.deepEqual(parseJump('[2001:db8::1]:22', target), { host: '2001:db8::1', port: 22 });
  assert.deepEqual(parseJump('2001:db8::1', target), { host: '2001:db8::1' });
  assert.deepEqual(parseJump('ssh://me@gate:2222', target), { host: 'gate', user: 'me', port: 2222 });
});

test('a hop is looked up in the same files as the target', () => {
  const files = { configFile: '/c', knownHostsFiles: ['/k'], agent: 'none' };
  assert.deepEqual(parseJump('gate', { ...target, ...files, identityFile: '/i', user: 'u', port: 1 }), {
    host: 'gate',
    ...files,
  });
});

test('what is no jump host is refused with the reason', () => {
  for (const text of ['', 'a@', 'gate:0', 'gate:70000', 'gate:ssh', '[::1']) {
    assert.throws(() => parseJump(text, target), SshConfigError, JSON.stringify(text));
  }
});
