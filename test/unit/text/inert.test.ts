import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inert, inertLabel, inertLines } from '../../../src/text/inert';
import { lastWords, quotable, visible } from '../../../src/text/visible';

/** What VS Code takes for a link in a notification or a prompt (its `linkedText.ts`, as of 1.110). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

const hostile = [
  '[click](command:workbench.action.files.newUntitledFile)',
  '550 [your account](https://evil.test/) is suspended',
  '[a](file:///etc/passwd "title")',
  '[[a](command:x)](command:y)',
  '[a]\u200b(command:x)',
  '[a]\u0000(command:x)',
  '[a]\n(command:x)',
];

describe('text that others wrote', () => {
  it('makes no link, whatever it holds', () => {
    for (const text of hostile) {
      for (const made of [inert(text), inertLines(text), inertLabel(text), inert(`${text}${text}`)])
        assert.doesNotMatch(made, link, text);
    }
    assert.match(hostile[0]!, link);
    assert.equal(inert(hostile[0]!), '[click] (command:workbench.action.files.newUntitledFile)');
  });

  it('makes no icon, but for one of ours at the beginning of a label', () => {
    assert.equal(inert('$(check) all is well'), '$ (check) all is well');
    assert.equal(inertLabel('$(server) On $(check)'), '$(server) On $ (check)');
    assert.equal(inertLabel('$(sync~spin) x'), '$(sync~spin) x');
  });

  it('turns no direction round, breaks no line, and rings no bell', () => {
    assert.equal(inert('a\r\nb\u202ec\u0007'), 'a b\\u{202e}c\\u{7}');
    assert.equal(inertLines('a\r\nb\u001b[31m'), 'a\nb\\u{1b}[31m');
  });

  it('is never long, and costs nothing that grows with what was sent', () => {
    const much = '\u202e](command:x) \n'.repeat(1_000_000);
    for (const text of [inert(much), inertLabel(much), quotable(much)])
      assert.ok(text.length < 12_000, `${text.length}`);
    assert.ok(inertLines('x\n'.repeat(1_000_000)).length <= 8000);
    assert.equal(visible('abcdef', 3), 'abc…');
  });

  it('is quoted in a sentence as one line', () => {
    assert.equal(quotable('  SSH?\r\n\r\n  no\tway \n'), 'SSH? no way');
    assert.equal(quotable('x'.repeat(1000), 5), 'xxxxx…');
    assert.ok(quotable('\u202e'.repeat(1000), 300).length <= 301);
    assert.equal(quotable('a\ud800b'), 'a\\u{d800}b');
    assert.equal(quotable(`${'x'.repeat(4)}😀`, 5), 'xxxx…');
    assert.equal(lastWords('Reading…\n\nE: \u001b[31mno\tspace \n\n'), 'E: \\u{1b}[31mno space');
    assert.equal(lastWords(' \n'), '');
  });

  it('stays as it is when it is harmless', () => {
    for (const text of ['The server (mail) refused root@[fd00::1].', 'a [b] (c) – “d”', 'გამარჯობა 🙂'])
      assert.equal(inert(text), text);
  });
});
