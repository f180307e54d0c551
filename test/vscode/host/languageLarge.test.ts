import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codesOf, ConfigFixture, until } from './languageFixture';

const aliases = 'domains/example.com/aliases';
const lines = (count: number, make: (index: number) => string) => Array.from({ length: count }, (_, at) => make(at));

describe('a large aliases file', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  it('has its gravest findings listed and says how many are not, and fix all reaches every one', async () => {
    const bad = lines(2500, index => `; note ${index}`);
    const repeated = lines(300, index => `p${index}: x@x.test, x@x.test`);
    fixture = await ConfigFixture.create({ [aliases]: `${[...repeated, ...bad].join('\n')}\n` });
    const document = await fixture.open(aliases);
    await until(
      'the findings',
      () => codesOf(document.uri).length,
      count => count === 1000,
    );
    const found = vscode.languages.getDiagnostics(document.uri);
    const errors = found.slice(0, -1);
    assert.match(found.at(-1)!.message, /^1,801 more findings are not listed\. /);
    assert.ok(errors.every(each => each.severity === vscode.DiagnosticSeverity.Error));
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const [all] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      whole,
      'source.fixAll.chasquid',
    );
    assert.equal(all!.title, 'Fix all 2800 problems that can be fixed safely');
    assert.ok(await vscode.workspace.applyEdit(all!.edit!));
    assert.equal(document.lineAt(299).text, 'p299: x@x.test');
    assert.equal(document.lineAt(2799).text, '# note 2499');
    await until(
      'no finding',
      () => codesOf(document.uri),
      codes => codes.length === 0,
    );
  });

  it('has stretches of aliases as symbols, which together are the whole file', async () => {
    fixture = await ConfigFixture.create({
      [aliases]: `# all\n${lines(2500, index => `p${index}: x@x.test`).join('\n')}\n`,
    });
    const document = await fixture.open(aliases);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.equal(symbols.length, 500);
    assert.deepEqual([symbols[0]!.name, symbols[0]!.detail], ['p0 … p4', '5 aliases']);
    assert.deepEqual([symbols.at(-1)!.name, symbols.at(-1)!.range.start.line], ['p2495 … p2499', 2496]);
    for (const [index, symbol] of symbols.slice(1).entries())
      assert.equal(symbol.range.start.line, symbols[index]!.range.end.line + 1);
  });
});
