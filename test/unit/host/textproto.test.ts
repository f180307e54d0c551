import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastValue, parseProto, ProtoSyntaxError, protoString } from '../../../src/host/textproto';

const text = (source: string) => parseProto(Buffer.from(source, 'latin1'));

test('reads fields of every shape with their places', () => {
  const source = '# head\na: "x" b { c: 1 }\nb: < c: -2 > ; d: [1, 2], e: TRUE';
  const fields = text(source);
  assert.deepEqual(
    fields.map(f => [f.name, f.value.kind, source.slice(f.start, f.end)]),
    [
      ['a', 'string', 'a: "x"'],
      ['b', 'message', 'b { c: 1 }'],
      ['b', 'message', 'b: < c: -2 > ;'],
      ['d', 'scalar', '1'],
      ['d', 'scalar', '2'],
      ['e', 'scalar', 'e: TRUE'],
    ],
  );
});

test('joins adjacent strings and resolves every escape to bytes', () => {
  const value = lastValue(text(`s: "a\\"" 'b\\'' # note\n "\\x41\\101\\n\\u00e9\\U0001F600\\\\" '\xff'`), 's');
  assert.equal(value?.kind, 'string');
  assert.deepEqual(
    value?.kind === 'string' && value.bytes,
    Buffer.concat([Buffer.from(`a"b'AA\né😀\\`), Buffer.from([0xff])]),
  );
});

test('a syntax error names its line', () => {
  assert.throws(
    () => text('a: 1\nb: {\n c 2\n}'),
    (error: ProtoSyntaxError) => error.line === 3 && error.message === 'line 3: expected a colon',
  );
  for (const broken of ['a:', 'a: "x', 'a: [1', 'a: [1 2]', '{', 'a: {', ': 1', 'a: "\n"']) {
    assert.throws(() => text(broken), ProtoSyntaxError, broken);
  }
});

test('writes any bytes as a literal that reads back the same', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  const value = lastValue(text(`s: ${protoString(bytes)}`), 's');
  assert.deepEqual(value?.kind === 'string' && value.bytes, bytes);
  // Digits after an octal escape stay apart from it.
  const tricky = Buffer.from([1, 0x37, 0, 0x38]);
  const again = lastValue(text(`s: ${protoString(tricky)}`), 's');
  assert.deepEqual(again?.kind === 'string' && again.bytes, tricky);
});
