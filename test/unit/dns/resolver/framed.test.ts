import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Framed } from '../../../../src/dns/resolver/framed';

test('messages come out whole and in order, however the stream is cut', () => {
  const messages = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(300, 'x'), Buffer.alloc(65_535, 'y')];
  const stream = Buffer.concat(
    messages.flatMap(message => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      return [length, message];
    }),
  );
  for (const step of [1, 2, 3, 299, 301, 70_000]) {
    const framed = new Framed();
    const seen: Buffer[] = [];
    for (let at = 0; at < stream.length; at += step) seen.push(...framed.push(stream.subarray(at, at + step)));
    assert.ok(Buffer.concat(seen).equals(Buffer.concat(messages)));
    assert.deepEqual(
      seen.map(message => message.length),
      messages.map(message => message.length),
    );
  }
});

test('a message is cut out only when it is asked for', () => {
  const framed = new Framed();
  const [first] = framed.push(Buffer.alloc(2000));
  assert.equal(first?.length, 0);
  assert.equal([...framed.push(Buffer.alloc(0))].length, 999);
});
