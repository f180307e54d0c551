import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signatureProblem } from '../../../src/mail/signatureProblem';

const signature = (selector: string, result: 'pass' | 'fail', domain = 'example.com') => ({
  domain,
  selector,
  result,
  reason: 'Its body was changed.',
});

test('one good signature of the key is enough, in any case of letters', () => {
  const signatures = [signature('new', 'fail'), signature('NEW', 'pass', 'Example.com')];
  assert.equal(signatureProblem(signatures, 'example.com', 'new'), undefined);
});

test('a signature that is not valid says why', () => {
  assert.match(
    signatureProblem([signature('new', 'fail')], 'example.com', 'new') ?? '',
    /^The signature by new is not valid: Its body was changed\. The old key stays/,
  );
});

test('good signatures of other keys or domains prove nothing', () => {
  const others = [signature('old', 'pass'), signature('new', 'pass', 'sub.example.com')];
  assert.match(signatureProblem(others, 'example.com', 'new') ?? '', /no signature by new for example\.com/);
  assert.match(signatureProblem([], 'example.com', 'new') ?? '', /no signature by new/);
});
