import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timePassed, timeLeft } from '../../../src/text/duration';

const second = 1000;
const hour = 3600 * second;

test('what remains is rounded up, so that it is over by then', () => {
  for (const [milliseconds, text] of [
    [1, '1 second'],
    [89 * second, '89 seconds'],
    [90 * second, '2 minutes'],
    [hour + 1, '61 minutes'],
    [2 * hour, '2 hours'],
    [19.2 * hour, '20 hours'],
  ] as const)
    assert.equal(timeLeft(milliseconds), text);
});

test('what has passed is rounded down, and never less than nothing', () => {
  for (const [milliseconds, text] of [
    [-5, '0 s'],
    [5999, '5 s'],
    [90 * second, '1 min'],
    [hour, '1 hour'],
    [26 * hour, '1 day'],
    [12 * 24 * hour, '12 days'],
  ] as const)
    assert.equal(timePassed(milliseconds), text);
});
