import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { block, code, escape, table } from '../../../src/text/markdown';
import { assertInert, textOf } from '../../support/markdown';

const hostile = [
  '[click](command:evil)',
  '![x](https://evil.test/x.png)',
  '<img src=x onerror=evil()>',
  'https://evil.test/path?a=b',
  'www.evil.test and mailto:x@evil.test and x@evil.test',
  '<https://evil.test>',
  '` ![x](https://evil.test/x.png) `',
  '`` ` ```',
  '```\n[click](command:evil)\n```',
  '# head\n\n[x]: command:evil\n[x]',
  '| a | b |\n|---|---|\n| [c](command:evil) |',
  '&lt;img&gt; &#91;x](command:evil)',
  '\\[click](command:evil)',
  '\\`[click](command:evil)\\`',
];

describe('text of others in Markdown', () => {
  it('becomes no link, image or other HTML, wherever it stands', () => {
    for (const text of hostile) {
      for (const made of [escape(text), code(text)])
        for (const around of [made, `Before ${made} after.`, `**${made}**`, `- ${made}`, `# ${made}`])
          assertInert(around);
      assertInert(block([text]));
      assertInert(`Before\n\n${block(['before', text, 'after'])}\n\nafter`);
      assertInert(table(['a', 'b'], [[code(text), escape(text)]]));
    }
  });

  it('is read as it was written', () => {
    for (const text of [
      'example.com',
      'a*b_c',
      '1. no list',
      'v=spf1 a:mail.example.com ~all',
      '/etc/chasquid',
      'x | y',
      '- z',
    ]) {
      assert.equal(textOf(escape(text)), text);
      assert.equal(textOf(code(text)), text);
      assert.ok(textOf(table(['h'], [[code(text)]])).endsWith(text), text);
    }
    assert.equal(textOf(block(['one', '  two'])), 'one\n  two');
  });

  it('turns no direction round and breaks no line', () => {
    assert.equal(escape('a\nb\u202ec'), 'a b\\\\u{202e}c');
    assert.equal(code('a\r\nb\u0007'), '`a  b\\u{7}`');
    assert.equal(block(['a\u202eb\r\nc']), '```text\na\\u{202e}b\nc\n```');
  });
});
