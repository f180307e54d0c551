import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { tarFiles, unpackedLimit } from '../../../../src/host/files/tarFiles';
import { longestTurn } from '../../../support/eventLoop';
import { gzippedTar } from '../../../support/tar';

const mebi = 1024 * 1024;

test('files come back by name, byte for byte', async () => {
  const long = `domains/${'a'.repeat(200)}/aliases`;
  const files = { 'chasquid.conf': 'hostname: "m"\n', [long]: Buffer.from([0, 255, 10]), empty: '' };
  const read = await tarFiles(await gzippedTar(files));
  assert.deepEqual(
    [...read].map(([name, bytes]) => [name, bytes.toString('latin1')]),
    [
      ['chasquid.conf', 'hostname: "m"\n'],
      [long, '\0ÿ\n'],
      ['empty', ''],
    ],
  );
  assert.equal((await tarFiles(Buffer.alloc(0))).size, 0);
});

test('an archive that unpacks to hundreds of times its size is refused, without a pause and without its memory', async () => {
  const bomb = await gzippedTar({ 'chasquid.conf': Buffer.alloc(200 * mebi) });
  assert.ok(bomb.length < mebi);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const { result, ms } = await longestTurn(() =>
    assert.rejects(tarFiles(bomb), {
      code: 'answer-too-large',
      message: /^The server's configuration files are larger than 64 MiB together\. So much is not read\. Look in /,
    }),
  );
  assert.equal(result, undefined);
  assert.ok(ms < 100, `blocked for ${ms} ms`);
  assert.ok(process.memoryUsage().rss - before < 3 * unpackedLimit);
});

test('nothing waits while the largest archive that is accepted is unpacked, be it one file or very many', async () => {
  const archives = [
    { 'chasquid.conf': Buffer.alloc(unpackedLimit - 4096) },
    Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`domains/${at}/aliases`, 'a: b'])),
  ];
  for (const files of archives) {
    const gzipped = await gzippedTar(files);
    const { result, ms } = await longestTurn(() => tarFiles(gzipped));
    assert.equal(result.size, Object.keys(files).length);
    assert.ok(ms < 100, `blocked for ${ms} ms`);
  }
});

test('a damaged archive is an error that says so', async () => {
  const whole = await gzippedTar({ 'chasquid.conf': 'hostname: "m"\n'.repeat(1000), other: 'x' });
  const damaged = [
    Buffer.from('no gzip'),
    whole.subarray(0, whole.length - 20),
    gzipSync(Buffer.alloc(512, 'x')),
    gzipSync(Buffer.alloc(300)),
  ];
  for (const bytes of damaged) {
    await assert.rejects(tarFiles(bytes), { code: 'answer-damaged', message: /^The server's .* Try again\.$/ });
  }
});
