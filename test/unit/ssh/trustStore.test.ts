import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FileTrustStore, MemoryTrustStore } from '../../../src/ssh/trustStore';

const one = { type: 'ssh-ed25519', key: 'AAAAC3NzaC1lZDI1NTE5AAAAIDcmTqEkqhNGT0TjDoqbJSzfHe1cmD3IMGwCKYZQlVeA' };
const two = { type: 'ssh-ed25519', key: 'AAAAC3NzaC1lZDI1NTE5AAAAIEbVZ0y2A2sYpE3c3kzyfnDjOa4mb0pKXXqnpvJ4oZBv' };

let dir: string;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'trust-'));
});
after(() => rm(dir, { recursive: true }));

test('a key is kept with the place where it is written, for its owner only', async () => {
  const store = new FileTrustStore(join(dir, 'deep', 'store'));
  assert.deepEqual(await store.get('a.example.com'), []);
  await store.add('a.example.com', one);
  await store.add('[a.example.com]:2222', two);
  assert.deepEqual(await store.get('a.example.com'), [{ ...one, where: `${store.file}:1` }]);
  assert.deepEqual(await new FileTrustStore(store.file).get('[a.example.com]:2222'), [
    { ...two, where: `${store.file}:2` },
  ]);
  assert.equal((await stat(store.file)).mode & 0o777, 0o600);
});

test('twenty keys added at once are all there', async () => {
  const store = new FileTrustStore(join(dir, 'many'));
  await Promise.all(Array.from({ length: 20 }, (_, i) => store.add(`h${i}.example.com`, one)));
  for (let i = 0; i < 20; i++) assert.equal((await store.get(`h${i}.example.com`)).length, 1);
});

test('removing forgets one host and nothing else', async () => {
  const store = new FileTrustStore(join(dir, 'removed'));
  await writeFile(store.file, '# mine\n');
  await store.add('a.example.com', one);
  await store.add('b.example.com', one);
  await store.add('a.example.com', two);
  assert.equal(await store.remove('a.example.com'), 2);
  assert.equal(await store.remove('a.example.com'), 0);
  assert.equal(await readFile(store.file, 'utf8'), `# mine\nb.example.com ${one.type} ${one.key}\n`);
});

test('a file whose last line is not ended is not spoilt', async () => {
  const store = new FileTrustStore(join(dir, 'unended'));
  await writeFile(store.file, `a.example.com ${one.type} ${one.key}`);
  await store.add('b.example.com', two);
  assert.equal((await store.get('a.example.com')).length, 1);
  assert.equal((await store.get('b.example.com')).length, 1);
});

test('the store in memory keeps keys apart by name', async () => {
  const store = new MemoryTrustStore();
  await store.add('a.example.com', one);
  assert.equal((await store.get('a.example.com'))[0]?.key, one.key);
  assert.deepEqual(await store.get('b.example.com'), []);
});
