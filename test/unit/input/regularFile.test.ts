import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readRegularFile } from '../../../src/input/regularFile';
import { withFiles } from '../../support/cli';

const code = (code: string) => (error: NodeJS.ErrnoException) => error.code === code;

describe(
  'a file of this computer',
  { skip: process.platform === 'win32' && 'Windows has no such devices and pipes.' },
  () => {
    it('is read whole, through links, also when it is empty or grows', () =>
      withFiles({ a: 'some text', empty: '' }, async folder => {
        await symlink('a', join(folder, 'link'));
        assert.equal((await readRegularFile(join(folder, 'link'))).toString(), 'some text');
        assert.equal((await readRegularFile(join(folder, 'empty'))).length, 0);
        assert.equal((await readRegularFile('/proc/self/status')).toString().startsWith('Name:'), true);
        const large = Buffer.alloc(300_000, 'x');
        await writeFile(join(folder, 'a'), large);
        assert.deepEqual(await readRegularFile(join(folder, 'a')), large);
      }));

    it('is not read when it is a device or a pipe, by whatever name', () =>
      withFiles({}, async folder => {
        execFileSync('mkfifo', [join(folder, 'pipe')]);
        await symlink('/dev/zero', join(folder, 'zero'));
        await symlink('pipe', join(folder, 'to-pipe'));
        for (const name of ['pipe', 'zero', 'to-pipe'])
          await assert.rejects(readRegularFile(join(folder, name)), code('ENOTREGULAR'));
        await assert.rejects(readRegularFile(folder), code('EISDIR'));
        await symlink('loop', join(folder, 'loop'));
        await assert.rejects(readRegularFile(join(folder, 'loop')), code('ELOOP'));
        await assert.rejects(readRegularFile(join(folder, 'nothing')), code('ENOENT'));
      }));

    it('is not read when it is larger than the limit, whatever its size claims', () =>
      withFiles({ a: 'x' }, async folder => {
        await truncate(join(folder, 'a'), 70 * 1024 * 1024);
        await assert.rejects(readRegularFile(join(folder, 'a')), /it is larger than 64 MiB/);
        // A size of 0 and more behind it.
        await assert.rejects(readRegularFile('/proc/self/status', 100), code('EFBIG'));
      }));
  },
);
