import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entry, Files } from '../../../../src/chasquid/tree/files';
import { LimitedFiles } from '../../../../src/chasquid/tree/limitedFiles';
import { readTree } from '../../../../src/chasquid/tree/read';

class CountedFiles implements Files {
  now = 0;
  most = 0;

  constructor(private readonly domains: number) {}

  list(folder: string): Promise<Entry[] | undefined> {
    if (!folder.endsWith('domains')) return Promise.resolve(undefined);
    return Promise.resolve(
      Array.from({ length: this.domains }, (_, at): Entry => ({ name: `d${at}.test`, kind: 'folder', link: false })),
    );
  }

  async read(): Promise<Uint8Array> {
    this.most = Math.max(this.most, ++this.now);
    await new Promise(resolve => setImmediate(resolve));
    this.now--;
    return Buffer.from('a: b@c.test\n');
  }
}

test('a configuration with thousands of domains has few files open at a time', async () => {
  const files = new CountedFiles(3000);
  const tree = await readTree(files, '/conf');
  assert.equal(tree.domains?.length, 3000);
  assert.deepEqual(tree.problems, []);
  assert.ok(files.most <= 8, `${files.most} at a time`);
});

test('a folder with more entries than any configuration has is refused', async () => {
  await assert.rejects(readTree(new CountedFiles(50_001), '/conf'), {
    message: '/conf/domains has more than 50000 entries. Check what creates them.',
  });
});

test('files that are too large together are refused, each by name', async () => {
  const files = new LimitedFiles(new CountedFiles(1), { bytes: 20, entries: 10 });
  assert.equal((await files.read('aliases'))?.length, 12);
  const reason = /^it is not read, as the files of this folder are larger than 20 bytes together\./;
  await assert.rejects(files.read('users'), { message: reason });
  await assert.rejects(files.read('more'), { message: reason });
});
