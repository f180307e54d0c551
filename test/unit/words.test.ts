// Texts that users read have the words that every English-speaking engineer would use.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { kept, oddWords } from '../support/plainWords';
import { type Text, textsOf } from '../support/userTexts';

const files = globSync([
  '{src,webview}/**/*.ts',
  'src/**/*.{sh,yaml}',
  'package.json',
  'docs/*.md',
  '{README,CHANGELOG,SECURITY,CONTRIBUTING,ARCHITECTURE}.md',
]);
const texts: Text[] = files.flatMap(file => textsOf(file, readFileSync(file, 'utf8')));

test('texts of every kind are found', () => {
  const kinds = [
    'src/commands/senders.ts',
    'webview/card.ts',
    'src/provision/shell/backups.sh',
    'src/provision/steps/dkim/step.yaml',
  ];
  for (const file of [...kinds, 'package.json', 'README.md', 'docs/diagnostics.md'])
    assert.ok(
      texts.some(text => text.file === file),
      file,
    );
  const [found] = textsOf('one.ts', "// told\nask(`Mend ${name} \\n` + 'blank');");
  assert.deepEqual(found, { file: 'one.ts', line: 2, text: 'Mend … \n' });
});

test('texts for users have no odd words', () => {
  const found = texts
    .filter(({ text }) => !kept.some(each => each.text.test(text)))
    .flatMap(({ file, line, text }) =>
      oddWords.flatMap(({ odd, instead }) => {
        const word = odd.exec(text)?.[0];
        return word === undefined
          ? []
          : [`${file}:${line}: “${word}”, write: ${instead}. In: ${text.trim().slice(0, 200)}`];
      }),
    );
  assert.deepEqual(
    found,
    [],
    `Change these texts (or give a reason in test/support/plainWords.ts):\n${found.join('\n')}\n`,
  );
});

test('every exception is needed and has a reason', () => {
  for (const { text, reason } of kept) {
    assert.ok(reason.length > 10, String(text));
    const uses = texts.filter(each => text.test(each.text));
    assert.ok(
      uses.some(each => oddWords.some(({ odd }) => odd.test(each.text))),
      `${String(text)} is not needed any more`,
    );
  }
});
