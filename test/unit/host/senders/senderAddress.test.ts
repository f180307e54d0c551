import assert from 'node:assert/strict';
import { test } from 'node:test';
import { senderAddress } from '../../../../src/host/senders/senderAddress';

test('is kept as chasquid keeps it, with both forms of the domain', () => {
  assert.deepEqual(senderAddress('ZOE\u0308@BÜCHER.example'), {
    user: 'zoë',
    domain: { unicode: 'bücher.example', ascii: 'xn--bcher-kva.example' },
  });
});

test('is also one that exists although no new sender could be named so', () => {
  assert.equal(senderAddress('-x|y@localhost').user, '-x|y');
  assert.equal(senderAddress('a@under_score.example').domain.ascii, 'under_score.example');
});

test('is none without both parts, or with what chasquid cannot keep', () => {
  for (const [address, reason] of [
    ['x', /“x” is not the address of a sender\. An address has two parts/],
    ['@example.com', /before the @ is missing/],
    ['a@', /after the @ is missing/],
    ['a b@example.com', /cannot contain a space/],
    ['aא1@example.com', /do not go together/],
    ['a@../../etc', /not a valid domain name/],
  ] as const)
    assert.throws(
      () => senderAddress(address),
      (error: unknown) => error instanceof RangeError && reason.test(error.message),
      address,
    );
});
