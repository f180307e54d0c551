import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeConfig } from '../../../../src/chasquid/assist/config';
import { versionOf } from '../../../../src/chasquid/versions';

/** What the first suggestion would replace, where `|` is the cursor; undefined when nothing is suggested. */
function replaced(text: string): string | undefined {
  const offset = text.indexOf('|');
  const plain = text.replace('|', '');
  const [first] = completeConfig(plain, offset, versionOf('1.15.0'));
  return first && plain.slice(first.range.start, first.range.end);
}

test('what is written of a value is replaced, with its quotes, alone and in a list', () => {
  for (const [text, expected] of [
    ['smtp_address: |', ''],
    ['smtp_address: sys|', 'sys'],
    ['smtp_address: "sys|', '"sys'],
    ['smtp_address: "sys|"', '"sys"'],
    ['smtp_address: [|]', ''],
    ['smtp_address: ["a", "b|"', '"b"'],
    ['smtp_address: ["a", b|', ' b'],
    ['# x\n  hapr|', 'hapr'],
  ] as const)
    assert.equal(replaced(text), expected, text);
});

test('nothing is suggested behind a finished value, in a comment and for a field that is unknown', () => {
  for (const text of ['smtp_address: "a" |', 'smtp_address: a # b|', 'smtp_address: a, |', 'unknown: |', 'a b: |'])
    assert.equal(replaced(text), undefined, text);
});
