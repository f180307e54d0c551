import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { HostKeyError } from '../../../../src/ssh/errors';
import { FileTrustStore, MemoryTrustStore } from '../../../../src/ssh/hostKeys/trustStore';

const run = promisify(execFile);
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

const names = (prefix: string) => Array.from({ length: 20 }, (_, i) => `${prefix}${i}.example.com`);
const keptOf = async (store: FileTrustStore, wanted: string[]) =>
  (await Promise.all(wanted.map(async name => ((await store.get(name)).length === 1 ? [name] : [])))).flat();

test('twenty keys added at once through two stores of one file are all there', async () => {
  const file = join(dir, 'many');
  const stores = [new FileTrustStore(file), new FileTrustStore(file)];
  const wanted = names('h');
  await Promise.all(wanted.map((name, i) => stores[i % 2]!.add(name, one)));
  assert.deepEqual(await keptOf(stores[0]!, wanted), wanted);
  assert.deepEqual(await readdir(dir).then(files => files.filter(name => name.startsWith('many'))), ['many']);
});

test('keys added by several windows at once are all there, and nobody ever reads half of one', async () => {
  const store = new FileTrustStore(join(dir, 'windows'));
  const module = JSON.stringify(
    pathToFileURL(join(import.meta.dirname, '../../../../src/ssh/hostKeys/trustStore.ts')).href,
  );
  const windows = ['a', 'b', 'c', 'd'].map(prefix => {
    const script = `
      import { FileTrustStore } from ${module};
      const store = new FileTrustStore(${JSON.stringify(store.file)});
      for (const name of ${JSON.stringify(names(prefix))}) await store.add(name, ${JSON.stringify(one)});`;
    return run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  });
  let isDone = false;
  const all = Promise.all(windows).finally(() => (isDone = true));
  while (!isDone) await store.get('a0.example.com');
  await all;
  const wanted = ['a', 'b', 'c', 'd'].flatMap(names);
  assert.deepEqual(await keptOf(store, wanted), wanted);
});

test('a key that two windows accept at once is one key', async () => {
  const store = new FileTrustStore(join(dir, 'twice'));
  await Promise.all([store.add('a.example.com', one), store.add('a.example.com', one)]);
  assert.deepEqual(await store.get('a.example.com'), [{ ...one, where: `${store.file}:1` }]);
});

test('a damaged list is an error that names the line, as a lost key makes a changed one look new', async () => {
  const line = `a.example.com ${one.type} ${one.key}`;
  const damages = ['a.example.com', line.slice(0, -20), `a.example.com ssh-rsa ${one.key}`, '\0'.repeat(80)];
  for (const damage of damages) {
    const store = new FileTrustStore(join(dir, 'damaged'));
    await writeFile(store.file, `# mine\n\nb.example.com ${two.type} ${two.key}\n${damage}\n`);
    await assert.rejects(store.get('b.example.com'), (error: HostKeyError) => {
      assert.equal(error.code, 'known-hosts-unreadable');
      assert.equal(
        error.message,
        `The list of accepted host keys ${store.file} is damaged. Line 4 is not a host key, and without it a changed key could look like a new one. Delete that line; if it was about a server of yours, compare its fingerprint when you connect again.`,
      );
      return true;
    });
  }
});

test('a list that is far too large is refused instead of read', async () => {
  const store = new FileTrustStore(join(dir, 'huge'));
  await writeFile(store.file, '');
  await truncate(store.file, 10 * 2 ** 30);
  await assert.rejects(store.get('b.example.com'), (error: HostKeyError) => {
    assert.equal(error.code, 'known-hosts-unreadable');
    assert.match(
      error.message,
      /^The list of known host keys \S+huge cannot be read\. It is larger than 32 MiB\. Without it nobody .+ Put /,
    );
    return true;
  });
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
