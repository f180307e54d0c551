import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { shellQuote } from '../../../src/ssh/quote';

const alphabet = [
  ...'abc019 \t\n\r\\\'"`$(){}[]<>|&;*?!#~=%@:,./-+_^',
  'ß',
  '🐦',
  '\u0001',
  '\u007f',
  '$(id)',
  '${IFS}',
  '\\\n',
];

test('a real sh gets back 2,000 random words unchanged', () => {
  const words = Array.from({ length: 2000 }, () =>
    Array.from({ length: randomInt(0, 12) }, () => alphabet[randomInt(alphabet.length)]).join(''),
  );
  const script = `printf '%s\\0' ${words.map(shellQuote).join(' ')}`;
  const printed = execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' });
  assert.deepEqual(printed.split('\0').slice(0, -1), words);
});

test('a plain word stays readable', () => {
  assert.equal(shellQuote('/etc/chasquid/chasquid.conf'), '/etc/chasquid/chasquid.conf');
  assert.equal(shellQuote(''), "''");
  assert.equal(shellQuote("it's"), `'it'\\''s'`);
});

test('NUL cannot be in a shell word', () => {
  assert.throws(() => shellQuote('a\0b'), RangeError);
});
