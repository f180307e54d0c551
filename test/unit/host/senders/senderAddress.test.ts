import assert from 'node:assert/strict';
import { test } from 'node:test';
import { senderAddress, validateSenderAddress } from '../../../../src/host/senders/senderAddress';

test('addresses that chasquid can keep', () => {
  for (const address of [
    'i@wac.tax',
    'A.B-c_d@Example.COM',
    "o'neil+x@example.com",
    'zoë@bücher.example',
    'x@xn--bcher-kva.example',
    'ßü@a.b',
  ])
    assert.equal(validateSenderAddress(address), undefined, address);
});

test('what is wrong is said in words', () => {
  const cases: [string, RegExp][] = [
    ['', /two parts around an @/],
    ['name', /two parts around an @/],
    ['@example.com', /before the @ is missing/],
    ['a@', /after the @ is missing/],
    ['a@b@example.com', /only one @/],
    ['a b@example.com', /cannot contain a blank/],
    ['a\n@example.com', /line break/],
    ['a\u200b@example.com', /invisible/],
    ['"a"@example.com', /cannot contain "/],
    ['a(b)@example.com', /cannot contain \(/],
    ['😀@example.com', /cannot contain 😀/],
    ['.a@example.com', /Dots/],
    ['a..b@example.com', /Dots/],
    [`${'a'.repeat(65)}@example.com`, /too long/],
    ['a@exa mple.com', /blank/],
    ['a@$(reboot).com', /not a domain name/],
    ['a@-x.com', /not a domain name/],
    ['a@10.0.0.1', /not a domain name/],
    ['aא1@example.com', /do not go together/],
  ];
  for (const [address, reason] of cases) assert.match(validateSenderAddress(address) ?? 'accepted', reason, address);
});

test('is kept as chasquid keeps it, with both forms of the domain', () => {
  assert.deepEqual(senderAddress('ZOE\u0308@BÜCHER.example'), {
    user: 'zoë',
    domain: { unicode: 'bücher.example', ascii: 'xn--bcher-kva.example' },
  });
  assert.throws(() => senderAddress('x'), RangeError);
});
