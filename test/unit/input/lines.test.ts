import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteBuffer } from '../../../src/input/byteBuffer';
import { LastText } from '../../../src/input/lastText';
import { Lines } from '../../../src/input/lines';
import { sizeText } from '../../../src/input/size';

/** The lines of `text`, fed in pieces of `step` bytes; ‘too long’ where one was passed over. */
function split(text: string, step: number, limit = 10): string[] {
  const seen: string[] = [];
  const lines = new Lines(
    limit,
    line => seen.push(line.toString()),
    () => seen.push('too long'),
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) lines.push(bytes.subarray(at, at + step));
  lines.end();
  return seen;
}

test('lines are the same however the pieces are cut', () => {
  const cases: [string, string[]][] = [
    ['', []],
    ['\n', ['']],
    ['a\n\nbé\nc', ['a', '', 'bé', 'c']],
    ['0123456789\nx\n', ['0123456789', 'x']],
    ['0123456789a\nx\n', ['too long', 'x']],
    ['x\n' + 'y'.repeat(100), ['x', 'too long']],
    ['y'.repeat(100) + '\n' + 'z'.repeat(100) + '\nend', ['too long', 'too long', 'end']],
  ];
  for (const [text, expected] of cases)
    for (let step = 1; step <= text.length + 1; step++)
      assert.deepEqual(split(text, step), expected, `${text}: ${step}`);
});

test('a line without end costs its limit and linear time, also byte by byte', () => {
  let tooLong = 0;
  const lines = new Lines(
    1 << 20,
    () => undefined,
    () => tooLong++,
  );
  const started = performance.now();
  const piece = Buffer.from('x');
  for (let count = 0; count < 4_000_000; count++) lines.push(piece);
  assert.equal(tooLong, 1);
  assert.ok(performance.now() - started < 5_000);
});

test('bytes are kept up to the limit, and dropped from the front', () => {
  const buffer = new ByteBuffer(6);
  assert.deepEqual([buffer.push(Buffer.from('abc')), buffer.push(Buffer.from('defg'))], [true, false]);
  assert.equal(buffer.push(Buffer.from('def')), true);
  buffer.drop(4);
  assert.equal(buffer.bytes.toString(), 'ef');
  assert.equal(buffer.push(Buffer.from('ghij')), true);
  assert.equal(buffer.bytes.toString(), 'efghij');
  buffer.drop(100);
  assert.equal(buffer.length, 0);
});

test('the end of a long text is kept', () => {
  const text = new LastText(5);
  for (const piece of ['ab', 'cde', 'fghijklmnop', 'q']) text.push(piece);
  assert.equal(text.text, 'mnopq');
});

test('sizes read as people write them', () => {
  assert.deepEqual([500, 1024, 1536, 64 << 20].map(sizeText), ['500 bytes', '1 KiB', '1.5 KiB', '64 MiB']);
});
