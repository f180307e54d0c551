import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { test } from 'node:test';
import { FrameReader } from '../../../src/ssh/frameReader';

const mark = '0123456789abcdef 1';

function frame(body: Buffer | string, head = '42', tail = '0'): Buffer {
  return Buffer.concat([
    Buffer.from(`\n${mark} begin ${head}\n`),
    Buffer.from(body),
    Buffer.from(`\n${mark} end ${tail}\n`),
  ]);
}

function feed(reader: FrameReader, bytes: Buffer, cut: () => number): void {
  for (let at = 0; at < bytes.length;) {
    const size = Math.max(1, cut());
    reader.push(bytes.subarray(at, at + size));
    at += size;
  }
}

test('any body survives, however the stream is cut', async () => {
  const fakes = [
    '',
    '\n',
    '\n\n',
    `\n${mark} en`,
    `-${mark} end 0`,
    `\n${mark} begin 1\n`,
    '\0\r\n\xff',
    `\n${mark.slice(0, 9)}`,
  ];
  for (let round = 0; round < 500; round++) {
    const body = Buffer.concat(
      Array.from({ length: randomInt(0, 6) }, () =>
        randomInt(2) ? Buffer.from(fakes[randomInt(fakes.length)]!, 'latin1') : randomBytes(randomInt(0, 40)),
      ),
    );
    const reader = new FrameReader();
    const answer = reader.expect(mark);
    feed(reader, Buffer.concat([randomBytes(randomInt(0, 30)), frame(body), Buffer.from('late noise')]), () =>
      randomInt(1, 20),
    );
    const { head, body: read, tail } = await answer;
    assert.deepEqual({ head, tail }, { head: '42', tail: '0' });
    assert.ok(read.equals(body), `round ${round}`);
  }
});

test('one byte at a time', async () => {
  const reader = new FrameReader();
  const answer = reader.expect(mark);
  feed(reader, frame('a\nb'), () => 1);
  assert.equal((await answer).body.toString(), 'a\nb');
});

test('the head is told before the body ends', () => {
  const reader = new FrameReader();
  const heads: string[] = [];
  void reader.expect(mark, head => heads.push(head));
  reader.push(Buffer.from(`\n${mark} begin 77\nstill running`));
  assert.deepEqual(heads, ['77']);
});

test('a frame of an earlier question is dropped', async () => {
  const reader = new FrameReader();
  const second = mark.replace(/1$/, '2');
  const answer = reader.expect(second);
  reader.push(frame('old'));
  reader.push(Buffer.from(frame('new').toString().replaceAll(mark, second)));
  assert.equal((await answer).body.toString(), 'new');
});

test('the cost grows with the bytes, not with their square', async () => {
  const time = async (megabytes: number) => {
    const reader = new FrameReader();
    const answer = reader.expect(mark);
    const started = performance.now();
    feed(reader, frame(Buffer.alloc(megabytes << 20, 10)), () => 32 * 1024);
    assert.equal((await answer).body.length, megabytes << 20);
    return performance.now() - started;
  };
  await time(1);
  const [small, large] = [await time(1), await time(16)];
  assert.ok(large < small * 16 * 8, `1 MB: ${small.toFixed(0)} ms, 16 MB: ${large.toFixed(0)} ms`);
});
