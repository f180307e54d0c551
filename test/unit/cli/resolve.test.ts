import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type ResolveRecord, run } from '../../../src/cli/resolve';
import { chasquidCheck, inProcess, withFiles } from '../../support/cli';

const files = {
  'conf/chasquid.conf': 'suffix_separators: "+-"\ndrop_characters: "._"\n',
  'conf/domains/example.com/aliases':
    'team: ann, bob@other.example, log\nlog: | /bin/log it\nout: x@remote.test via m1/ m2\nloop: loop\n*: *@other.example\n',
  'conf/domains/example.com/users': 'users: { key: "ann" value: { denied: {} } }',
  'conf/domains/other.example/aliases': 'bob: robert\n',
};
const records = (stdout: string) => JSON.parse(stdout) as ResolveRecord[];

describe('chasquid-check resolve', () => {
  test('JSON: recipients of every kind, in the order of the addresses', () =>
    withFiles(files, async folder => {
      const asked = ['te.am+x@example.com', 'out@example.com', 'ann@example.com', 'who@example.com', 'a@far.test'];
      const { status, stdout, stderr } = await chasquidCheck(folder, 'resolve', '--format', 'json', 'conf', ...asked);
      assert.deepEqual([status, stderr], [0, '']);
      assert.deepEqual(records(stdout), [
        {
          address: 'te.am+x@example.com',
          exists: true,
          recipients: [
            { type: 'email', address: 'ann@example.com' },
            { type: 'email', address: 'robert@other.example' },
            { type: 'pipe', address: '/bin/log it' },
          ],
        },
        {
          address: 'out@example.com',
          exists: true,
          recipients: [{ type: 'forward', address: 'x@remote.test', via: ['m1', 'm2'] }],
        },
        { address: 'ann@example.com', exists: true, recipients: [{ type: 'email', address: 'ann@example.com' }] },
        { address: 'who@example.com', exists: true, recipients: [{ type: 'email', address: 'who@other.example' }] },
        { address: 'a@far.test', exists: false, recipients: [{ type: 'email', address: 'a@far.test' }] },
      ]);
    }));

  test('an error is chasquid’s own text, with status 1; text output is for people', () =>
    withFiles(files, async folder => {
      const json = await chasquidCheck(folder, 'resolve', '--format', 'json', 'conf', 'loop@example.com');
      assert.equal(json.status, 1);
      assert.deepEqual(records(json.stdout), [
        { address: 'loop@example.com', exists: true, recipients: [], error: 'recursion limit exceeded' },
      ]);
      const text = await chasquidCheck(folder, 'resolve', 'conf', 'out@example.com', 'loop@example.com', 'x@y.test');
      assert.equal(
        text.stdout,
        'out@example.com\n  (forward)  x@remote.test via m1/m2\nloop@example.com\n  error: recursion limit exceeded\nx@y.test (does not exist here)\n  (email)  x@y.test\n',
      );
    }));

  test('the version decides', () =>
    withFiles(files, async folder => {
      const ask = async (version: string, address: string) =>
        records(
          (await chasquidCheck(folder, 'resolve', '--format=json', `--chasquid=${version}`, 'conf', address)).stdout,
        )[0]!.recipients.map(each => each.address);
      assert.deepEqual(await ask('1.15.0', 'who@example.com'), ['*@other.example']);
      assert.deepEqual(await ask('1.9', 'who@example.com'), ['who@example.com']);
      assert.deepEqual(await ask('1.15.0', 'out@example.com'), ['x@remote.test via m1/ m2']);
    }));

  test('a file that chasquid refuses is named, and counts for nothing', () =>
    withFiles({ ...files, 'conf/domains/other.example/aliases': 'bob: robert\nbad\n' }, async folder => {
      const { status, stdout, stderr } = await chasquidCheck(
        folder,
        'resolve',
        '--format=json',
        'conf',
        'bob@other.example',
      );
      assert.equal(status, 1);
      assert.match(stderr, /^chasquid-check: "domains\/other\.example\/aliases" line 2: missing ':' in line – /);
      assert.deepEqual(records(stdout)[0]!.recipients, [{ type: 'email', address: 'bob@other.example' }]);
    }));

  test('a configuration that chasquid refuses is named in its words', () =>
    withFiles({ ...files, 'conf/chasquid.conf': 'hostname: x\n' }, async folder => {
      const { status, stderr } = await chasquidCheck(folder, 'resolve', 'conf', 'ann@example.com');
      assert.equal(status, 1);
      assert.match(stderr, /chasquid\.conf: proto: \(line 1:11\): invalid value for string type: x/);
    }));

  test('a users file that chasquid refuses is named, and its users do not exist', () =>
    withFiles({ 'conf/domains/example.com/users': 'users: { key: "ann" value: { plain: 1 } }\n' }, async folder => {
      const { status, stdout, stderr } = await inProcess(run, [
        '--format=json',
        join(folder, 'conf'),
        'ann@example.com',
      ]);
      assert.equal(status, 1);
      assert.match(stderr, /users: proto: .*line 1:37.*unexpected token: 1 – chasquid uses no user from this file/);
      assert.equal(records(stdout)[0]!.exists, false);
    }));

  test('a hook is mentioned and never run', () =>
    withFiles({ ...files, 'conf/hooks/alias-resolve': '#!/bin/sh\ntouch ran\n' }, async folder => {
      await chmod(join(folder, 'conf/hooks/alias-resolve'), 0o755);
      const { status, stderr } = await chasquidCheck(folder, 'resolve', 'conf', 'ann@example.com');
      assert.equal(status, 0);
      assert.match(stderr, /alias-resolve may change these answers; it is not run here/);
    }));

  test('wrong usage and folders that are no configuration are status 2', () =>
    withFiles(files, async folder => {
      for (const args of [
        [],
        ['conf'],
        ['--format', 'sarif', 'conf', 'a@b'],
        ['missing', 'a@b'],
        ['conf/domains', 'a@b'],
      ]) {
        const { status, stdout, stderr } = await chasquidCheck(folder, 'resolve', ...args);
        assert.deepEqual([status, stdout], [2, ''], args.join(' '));
        assert.match(stderr, /^chasquid-check: /);
      }
    }));
});
