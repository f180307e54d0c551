import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AfterMark, noiseLimit } from '../../../../src/host/protocol/channel';

/** Feeds `text` in pieces of `step` bytes. */
function feed(text: string, step: number): { after: string; reader: AfterMark } {
  let after = '';
  const reader = new AfterMark('mark-1', bytes => (after += bytes.toString()));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
  return { after, reader };
}

test('what comes before the mark, beside it and after it is told apart however it is cut', () => {
  const text = 'Welcome é\nmark-mark-1 4711 \nfirst\nmark-1 second';
  for (let step = 1; step <= text.length; step++) {
    const { after, reader } = feed(text, step);
    assert.deepEqual(
      [reader.unmarked, reader.marked, after],
      ['Welcome é\nmark-', '4711', 'first\nmark-1 second'],
      String(step),
    );
  }
});

test('without a mark all of it is noise', () => {
  assert.deepEqual(feed('no shell for you\n', 3).reader.unmarked, 'no shell for you\n');
  assert.equal(feed('mark-1 47', 2).reader.marked, undefined);
});

test('noise without end is refused, at once and in words', () => {
  for (const text of ['Greetings! ', 'mark-1 ']) {
    const started = performance.now();
    assert.throws(() => feed(text + 'x'.repeat(2 * noiseLimit), 1), {
      code: 'shell-not-started',
      message: /^The server printed more than 256 KiB before it started a shell, beginning with “.+”\. .+ Check it in /,
    });
    assert.ok(performance.now() - started < 2000);
  }
});
