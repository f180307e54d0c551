import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchPattern, matchPatternList } from '../../../../src/ssh/config/pattern';

test('* and ? match as ssh_config(5) says', () => {
  const cases: [string, string, boolean][] = [
    ['mail.example.com', 'mail.example.com', true],
    ['mail.example.com', '*.example.com', true],
    ['example.com', '*.example.com', false],
    ['192.168.0.7', '192.168.0.?', true],
    ['192.168.0.17', '192.168.0.?', false],
    ['abc', '*', true],
    ['', '*', true],
    ['', '?', false],
    ['abcabd', '*abd', true],
    ['abc', 'a*b*c*', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['[host]:2222', '[host]:2222', true],
  ];
  for (const [text, pattern, expected] of cases)
    assert.equal(matchPattern(text, pattern), expected, `${text} ${pattern}`);
});

test('a negated pattern vetoes, and never matches by itself', () => {
  assert.equal(matchPatternList('a.example.com', ['*.example.com', '!b.example.com']), true);
  assert.equal(matchPatternList('b.example.com', ['*.example.com', '!b.example.com']), false);
  assert.equal(matchPatternList('b.example.com', ['!b.example.com', '*.example.com']), false);
  assert.equal(matchPatternList('c.example.com', ['!b.example.com']), false);
});

test('a hostile pattern does not hang', () => {
  const started = performance.now();
  assert.equal(matchPattern('a'.repeat(2000), '*a'.repeat(100) + 'b'), false);
  assert.ok(performance.now() - started < 2000);
});
