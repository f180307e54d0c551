import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAliasLine } from '../../../src/chasquid/aliases/line';
import { domainRefusal, normalizeDomain, normalizeUser } from '../../../src/chasquid/normalize';
import { decodeText } from '../../../src/chasquid/text';
import { versionOf } from '../../../src/chasquid/versions';

const disallowed = 'precis: disallowed rune encountered';
const bidi = 'bidirule: failed Bidi Rule';
const hebrew = [0xd7, 0x90];

/** What golang.org/x/text 0.7 answers; its tables look at the shape of a byte sequence only, so they know more of them than UTF-8. */
const answers: [what: string, bytes: number[], error: string][] = [
  ['a surrogate in three bytes', [0xed, 0xa0, 0x80], disallowed],
  ['a letter and a surrogate', [0x61, 0xed, 0xbf, 0xbf, 0x62], disallowed],
  ['three bytes for what one holds', [0xe0, 0x80, 0x85], disallowed],
  ['four bytes for what three hold', [0xf0, 0x8f, 0xbf, 0xbf], disallowed],
  ['a code point beyond the last one', [0xf4, 0x90, 0x80, 0x80], disallowed],
  ['the last first byte of four', [0xf7, 0xbf, 0xbf, 0xbf], disallowed],
  ['a surrogate behind a right-to-left letter', [...hebrew, 0xed, 0xa0, 0x80], bidi],
  ['a surrogate before a blank', [0xed, 0xa0, 0x80, 0x20], bidi],
  ['two bytes for what one holds', [0xc0, 0x80], bidi],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80], bidi],
  ['a character that is cut off', [0xe2, 0x80], bidi],
  ['a cut off character behind a surrogate', [0xed, 0xa0, 0x80, 0xe2, 0x80], bidi],
  ['a stray byte', [0x61, 0xff], bidi],
];

describe('a user name that is not UTF-8 is refused in the words of chasquid', () => {
  for (const [what, bytes, error] of answers) {
    test(what, () => assert.deepEqual(normalizeUser(decodeText(Uint8Array.from(bytes))), { error }));
  }
});

test('a mark behind a character of 17 bits composes as golang.org/x/text composes it', () => {
  assert.deepEqual(normalizeDomain('\u{10041}\u0301'), { value: '\u00e1' });
  assert.deepEqual(normalizeDomain('\u{10041}\u0323\u0302'), { value: '\u1ead' });
  assert.deepEqual(normalizeDomain('\u{1212b}\u0301'), { value: '\u{1212b}\u0301' });
});

test('since 1.19 a domain is refused for most ASCII signs, in these words', () => {
  const taken = Array.from({ length: 0x7f }, (_, code) => String.fromCharCode(code + 1)).filter(
    char => domainRefusal(`x${char}y`) === undefined,
  );
  assert.equal(taken.join(''), '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz');
  assert.equal(domainRefusal("é.x'y z"), "invalid domain: invalid character '\\''");
  assert.equal(domainRefusal('x\x01'), "invalid domain: invalid character '\\x01'");
  const errorIn = (version: string) => {
    const context = { domain: 'd', version: versionOf(version), suffixSeparators: '+', dropCharacters: '.' };
    const line = parseAliasLine('a: b@x y', context);
    return line.kind === 'entry' ? line.error?.upstream : 'no entry';
  };
  assert.equal(errorIn('1.18.0'), undefined);
  assert.equal(errorIn('1.19.0'), `right-side: normalizing address "b@x y": invalid domain: invalid character ' '`);
});
