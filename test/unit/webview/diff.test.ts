import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compare } from '../../../webview/diff';

/** `[…]` marks what only one side has. */
const marked = (expected: string, found: string) => {
  const show = (stretches: { text: string; same: boolean }[]) =>
    stretches.map(part => (part.same ? part.text : `[${part.text}]`)).join('');
  const result = compare(expected, found);
  return [show(result.expected), show(result.found)];
};

describe('the difference between what should be there and what is', () => {
  it('marks whole words', () => {
    assert.deepEqual(marked('10 mail.example.test', '10 mx.example.test'), [
      '10 [mail.example.test]',
      '10 [mx.example.test]',
    ]);
    assert.deepEqual(marked('v=spf1 a:mail.test include:x ~all', 'v=spf1 include:x ~all'), [
      'v=spf1 [a:mail.test ]include:x ~all',
      'v=spf1 include:x ~all',
    ]);
    assert.deepEqual(marked('v=DMARC1; p=none', 'v=DMARC1; p=none; pct=50'), [
      'v=DMARC1; p=none',
      'v=DMARC1; p=none[; pct=50]',
    ]);
  });

  it('leaves the common start and end of long keys unmarked', () => {
    const key = (middle: string) => `v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A${middle}IDAQAB`;
    assert.deepEqual(marked(key('aaaa'), key('bbbb')), [key('[aaaa]'), key('[bbbb]')]);
  });

  it('says nothing where both are the same, and copes with nothing on a side', () => {
    assert.deepEqual(marked('same text', 'same text'), ['same text', 'same text']);
    assert.deepEqual(marked('text', ''), ['[text]', '']);
    assert.deepEqual(marked('', ''), ['', '']);
  });

  it('stays quick for texts made to be slow', () => {
    const started = Date.now();
    compare('a '.repeat(20_000), 'b '.repeat(20_000));
    assert.ok(Date.now() - started < 500);
  });

  it('puts each side together again from its stretches, whatever the texts', () => {
    const word = () =>
      ['v=spf1', ' ', ';', 'a:x', 'ip4:192.0.2.1', '~all', '🙂', 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A'][
        Math.floor(Math.random() * 8)
      ]!;
    const text = () => Array.from({ length: Math.floor(Math.random() * 12) }, word).join('');
    for (let round = 0; round < 500; round++) {
      const [left, right] = [text(), text()];
      const { expected, found } = compare(left, right);
      assert.deepEqual(
        [expected, found].map(side => side.map(part => part.text).join('')),
        [left, right],
      );
      const common = (side: typeof expected) =>
        side
          .filter(part => part.same)
          .map(part => part.text)
          .join('');
      assert.equal(common(expected), common(found));
    }
  });
});
