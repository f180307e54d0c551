import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import layers from '../../layers.json';
import { circlesOf, importGraph } from '../support/importGraph';

const root = join(import.meta.dirname, '../..');
const mayImport: Record<string, string[]> = layers;
const names = Object.keys(mayImport);

test('layers.json has a line for each folder and file of src and for the page', () => {
  assert.deepEqual(names.toSorted(), [...readdirSync(join(root, 'src')), 'webview'].toSorted());
});

test('each layer may import only layers below it, so that no circle of folders can be', () => {
  for (const [at, name] of names.entries())
    for (const other of mayImport[name]!.filter(other => other !== 'vscode'))
      assert.ok(names.indexOf(other) > at, `${other} has to stand below ${name}, which may import it`);
});

test('the core may not import vscode', () => {
  const core = ['cli.ts', 'cli', 'provision', 'host', 'ssh', 'mail', 'dns', 'chasquid', 'input', 'text'];
  assert.deepEqual(
    core.filter(name => mayImport[name]!.includes('vscode')),
    [],
  );
});

test('no file of src or webview imports itself through others', () => {
  const graph = importGraph();
  assert.ok(graph.get('src/extension.ts')!.has('src/commands/index.ts'), 'a static import');
  assert.ok(graph.get('src/language/index.ts')!.has('src/language/start.ts'), 'a dynamic import');
  assert.ok(graph.get('src/extension.ts')!.has('src/commands/composedApp.ts'), 'a type');
  assert.deepEqual(circlesOf(graph), []);
});

test('circles are found, whatever leads to them', () => {
  const graph = { a: ['b'], b: ['c', 'd'], c: ['b'], d: ['e'], e: [], f: ['f', 'a'] };
  assert.deepEqual(circlesOf(new Map(Object.entries(graph).map(([from, to]) => [from, new Set(to)]))), [
    ['b', 'c'],
    ['f'],
  ]);
});

test('ARCHITECTURE.md shows the lines of layers.json', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const shown = [...text.matchAll(/^ *\| `([^`]+)` +\| ([^|]*?) +\|$/gm)].map(
    ([, name, others]) => [name!.replace(/\/$/, ''), others!.split(', ').filter(other => other !== 'nothing')] as const,
  );
  assert.deepEqual(shown, Object.entries(mayImport));
});

test('the linter refuses each kind of import that layers.json does not allow', async () => {
  const eslint = new ESLint({ cwd: root });
  const refused = async (file: string, code: string): Promise<string[]> => {
    assert.ok(existsSync(join(root, file)), file);
    const [result] = await eslint.lintText(code, { filePath: join(root, file) });
    return result!.messages
      .filter(({ ruleId }) => ruleId === 'architecture/layers')
      .map(({ message }) => message.replace(/ \(.*/, ''));
  };
  const rows: [file: string, code: string, ...refused: string[]][] = [
    ['src/dns/name.ts', `import { runScript } from '../ssh/exec';`, 'dns may not import ssh'],
    ['src/dns/name.ts', `import type { Remote } from '../ssh/remote';`, 'dns may not import ssh'],
    ['src/dns/name.ts', `export { Remote } from '../ssh/remote';`, 'dns may not import ssh'],
    ['src/dns/name.ts', `export * from '../ssh/remote';`, 'dns may not import ssh'],
    ['src/dns/name.ts', `export const load = () => import('../ssh/exec');`, 'dns may not import ssh'],
    ['src/dns/name.ts', `export type R = import('../ssh/remote').Remote;`, 'dns may not import ssh'],
    ['src/dns/name.ts', `export const load = () => import('vscode');`, 'dns may not import vscode'],
    ['src/dns/spf/lint.ts', `import { run } from '../../cli/lint';`, 'dns may not import cli'],
    ['src/app/login.ts', `import { run } from '../cli';`, 'app may not import cli.ts'],
    ['src/app/login.ts', `import { Sandbox } from '../../test/sandbox';`, 'app may not import test'],
    ['src/views/logs.ts', `import { commands } from '../commands';`, 'views may not import commands'],
    ['webview/card.ts', `import { showError } from '../src/app/window';`, 'webview may not import app'],
    [
      'src/dns/name.ts',
      `export const load = (name: string) => import(name);`,
      'Import by a literal name, so that it can be checked against layers.json.',
    ],
    ['src/dns/name.ts', `import { visible } from '../text/visible';`],
    ['src/dns/spf/lint.ts', `import { Name } from '../name';`],
    ['src/cli.ts', `import { main } from './cli/main';`],
    ['src/views/logs.ts', `import * as vscode from 'vscode';`],
    ['webview/card.ts', `import type { DkimKey } from '../src/dns/records/record';`],
    ['test/unit/layers.test.ts', `import { activate } from '../../src/extension';`],
  ];
  for (const [file, code, ...expected] of rows)
    assert.deepEqual(await refused(file, code), expected, `${file}: ${code}`);
});
