import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeText, encodeText } from '../../../src/chasquid/text';
import { Generator } from '../../support/generate';

test('every text keeps its bytes, whatever they are', () => {
  const make = new Generator(3);
  const partsOfCharacters = [0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xc0, 0xff];
  for (let round = 0; round < 5000; round++) {
    const bytes = Buffer.from(
      Array.from({ length: make.number(12) }, () => make.pick([...partsOfCharacters, make.number(256)])),
    );
    assert.deepEqual(Buffer.from(encodeText(decodeText(bytes))), bytes);
  }
});

test('valid characters are read as such beside bytes that are not', () => {
  assert.equal(decodeText(Buffer.from('c3a9ffe282acf09f9880c3', 'hex')), 'é\udcff€😀\udcc3');
  assert.deepEqual(Buffer.from(encodeText('\ud800é\udcff')), Buffer.from('efbfbdc3a9ff', 'hex'));
});
