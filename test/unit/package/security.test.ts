import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import manifest from '../../../package.json';

const root = resolve(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'SECURITY.md'), 'utf8');
/** Of GitHub and VS Code, of the DNS panel, of a password's question and of a step. */
const otherLabels =
  'Security; Report a vulnerability; Open Extension Logs Folder; Chasquid; Remember; Send as update; Preflight'.split(
    '; ',
  );
const settings = manifest.contributes.configuration.properties;

test('every promise names tests, and they exist', () => {
  const section = text.split('\n## ').find(other => other.startsWith('Who might attack'))!;
  const promises = section.split(/^- /m).slice(1);
  assert.ok(promises.length > 20);
  for (const promise of promises) {
    const named = [...promise.matchAll(/`(test\/.+?)`/g)].map(([, file]) => file!);
    assert.ok(named.length > 0, promise);
    for (const file of named) assert.ok(file.endsWith('.test.ts') && existsSync(join(root, file)), file);
  }
});

test('every setting and command that it names exists', () => {
  const named = [...text.matchAll(/`(chasquid\.[\w.]+)`/g)].map(([, name]) => name!);
  const known = [...Object.keys(settings), ...manifest.contributes.commands.map(({ command }) => command)];
  assert.ok(named.length > 3);
  assert.deepEqual(
    named.filter(name => !known.includes(name)),
    [],
  );
  const titles = manifest.contributes.commands.map(({ title }) => title.replace('…', ''));
  const italic = [...text.matchAll(/(?<!\w)_([A-Z][\w ]+)_(?!\w)/g)].map(([, name]) => name!);
  assert.ok(italic.includes('Remove Server'));
  assert.deepEqual(
    italic.filter(name => !titles.includes(name) && !otherLabels.includes(name)),
    [],
  );
});

test('no workspace can say where this computer connects to, as whom, or what it reads for that', () => {
  for (const [name, setting] of Object.entries(settings))
    assert.equal(setting.scope, name === 'chasquid.language.version' ? 'resource' : 'application', name);
});
