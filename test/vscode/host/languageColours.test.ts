import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConfigFixture, until } from './languageFixture';

const aliases = 'domains/example.com/aliases';
const files = {
  [aliases]: 'team: alice, ops, x@remote.test, nobody\nops: old\nold: team2@remote.test\nold: ops2\nops2: alice\n',
  'domains/example.com/users': 'users: { key: "alice" value: { denied: {} } }\n',
};

describe('semantic colours', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  it('tells users, aliases and other servers apart, and fades a line without effect', async () => {
    fixture = await ConfigFixture.create(files);
    const document = await fixture.open(aliases);
    const range = new vscode.Range(0, 0, document.lineCount, 0);
    const read = async () => {
      const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend | undefined>(
        'vscode.provideDocumentRangeSemanticTokensLegend',
        document.uri,
        range,
      );
      const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens | undefined>(
        'vscode.provideDocumentRangeSemanticTokens',
        document.uri,
        range,
      );
      return tokens && legend ? decode(document, tokens, legend) : [];
    };
    // The line without effect is known when the file has been put together.
    const found = await until('the tokens', read, all => all.some(each => each.includes('deprecated')));
    assert.deepEqual(found, [
      'team variable declaration',
      'alice class',
      'ops function',
      'x@remote.test string',
      'nobody class',
      'ops variable declaration',
      'old function',
      'old variable declaration deprecated',
      'team2@remote.test string',
      'old variable declaration',
      'ops2 function',
      'ops2 variable declaration',
      'alice class',
    ]);
  });
});

describe('inlay hints', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  it('name the final recipients behind an alias that leads to aliases, and nowhere else', async () => {
    fixture = await ConfigFixture.create(files);
    const document = await fixture.open(aliases);
    const read = () =>
      vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
    const hints = await until('the hints', read, found => found.length > 0);
    assert.deepEqual(
      hints.map(({ position, label }) => [position.line + 1, position.character + 1, label]),
      [
        [1, 40, '→ alice@example.com, x@remote.test, nobody@example.com'],
        [2, 9, '→ alice@example.com'],
        [4, 10, '→ alice@example.com'],
      ],
    );
  });
});

function decode(
  document: vscode.TextDocument,
  { data }: vscode.SemanticTokens,
  { tokenTypes, tokenModifiers }: vscode.SemanticTokensLegend,
): string[] {
  const found: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [lines, characters, length, type, modifiers] = data.slice(at, at + 5) as unknown as number[];
    character = lines! > 0 ? characters! : character + characters!;
    line += lines!;
    const text = document.getText(new vscode.Range(line, character, line, character + length!));
    const named = tokenModifiers.filter((_, bit) => modifiers! & (1 << bit));
    found.push([text, tokenTypes[type!]!, ...named].join(' '));
  }
  return found;
}
