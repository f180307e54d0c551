import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causeOf, errorOf, messageOf, problemText } from '../../../src/text/problem';

const fix = 'Make room there.';

test('a problem is told as what happened, why, and what to do next', () => {
  const problem = { code: 'disk-full', what: 'The log was not written.', why: 'The disk is full.', fix };
  assert.equal(causeOf(problem), 'The log was not written. The disk is full.');
  assert.equal(problemText(problem), 'The log was not written. The disk is full. Make room there.');
});

test('a reason that is told already is not missed', () => {
  assert.equal(causeOf({ what: 'The disk is full.' }), 'The disk is full.');
  assert.equal(problemText({ what: 'The disk is full.', fix }), 'The disk is full. Make room there.');
});

test('whatever is thrown has a text and can be an error', () => {
  const error = new RangeError('Too much.');
  assert.equal(messageOf(error), 'Too much.');
  assert.equal(messageOf('a text'), 'a text');
  assert.equal(messageOf(undefined), 'undefined');
  assert.equal(errorOf(error), error);
  assert.ok(errorOf('a text') instanceof Error);
  assert.equal(errorOf('a text').message, 'a text');
});
