import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chasquidCheck, withFiles } from '../../support/cli';

test('the usage is printed where it is asked for, with status 0', () =>
  withFiles({}, async folder => {
    for (const args of [['--help'], ['-h'], ['help'], ['lint', '--help'], ['dns', '-h']]) {
      const { status, stdout, stderr } = await chasquidCheck(folder, ...args);
      assert.deepEqual([status, stderr], [0, ''], args.join(' '));
      for (const command of ['lint', 'resolve', 'dns', 'message'])
        assert.match(stdout, new RegExp(`^  chasquid-check ${command} `, 'm'));
    }
  }));

test('after -- it is a name', () =>
  withFiles({}, async folder => {
    const { status, stdout, stderr } = await chasquidCheck(folder, 'lint', '--', '--help');
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /--help/);
  }));
