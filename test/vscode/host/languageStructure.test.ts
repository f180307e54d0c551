import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, ConfigFixture, shown } from './languageFixture';

const aliases = 'domains/example.com/aliases';
const users = 'domains/example.com/users';

describe('document symbols', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  async function symbols(path: string): Promise<[string, string, string, string][]> {
    await fixture.open(path);
    const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      fixture.uri(path),
    );
    return found.map(({ name, detail, kind, selectionRange }) => [
      name,
      detail,
      vscode.SymbolKind[kind],
      shown(selectionRange),
    ]);
  }

  it('lists aliases with their recipients', async () => {
    fixture = await ConfigFixture.create({ [aliases]: '# c\nteam: a, b\nlog: | /bin/log\n*: team\nbad\n' });
    assert.deepEqual(await symbols(aliases), [
      ['team', 'a, b', 'Variable', '2:1-5'],
      ['log', '| /bin/log', 'Function', '3:1-4'],
      ['*', 'team', 'Event', '4:1-2'],
    ]);
  });

  it('lists fields with their values, and users with how they log in', async () => {
    fixture = await ConfigFixture.create({
      'chasquid.conf': 'hostname: "a.example"\nsmtp_address: [":25", ":26"]\n',
      [users]:
        'users: { key: "alice" value: { denied: {} } }\nusers: { key: "é" value: { plain: { password: "x" } } }\n',
    });
    assert.deepEqual(await symbols('chasquid.conf'), [
      ['hostname', '"a.example"', 'Property', '1:1-9'],
      ['smtp_address', '":25"', 'Property', '2:1-13'],
    ]);
    assert.deepEqual(await symbols(users), [
      ['alice', 'denied', 'Key', '1:15-22'],
      ['é', 'plain', 'Key', '2:15-18'],
    ]);
  });
});

describe('folding', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  it('folds runs of comments, and the block that a comment heads', async () => {
    fixture = await ConfigFixture.create({ [aliases]: '# one\n# two\n# three\n\n# people\na: b\nc: d\n\ne: f\n' });
    await fixture.open(aliases);
    const found = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      fixture.uri(aliases),
    );
    assert.deepEqual(
      found.map(({ start, end, kind }) => [start + 1, end + 1, kind]),
      [
        [1, 3, vscode.FoldingRangeKind.Comment],
        [5, 7, vscode.FoldingRangeKind.Region],
      ],
    );
  });
});

describe('formatting', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  async function formatted(path: string): Promise<string> {
    const document = await fixture.open(path);
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 4, insertSpaces: true },
    );
    return apply(document, edits ?? []);
  }

  it('lays aliases out evenly, keeps comments, and leaves alone what chasquid refuses', async () => {
    const text = '  # people\nteam:a,b ,  c\n a :b\n\nlog:|/bin/x  y\nbad  line\n  longer : a@b via  m1/m2\n';
    fixture = await ConfigFixture.create({ [aliases]: text });
    assert.equal(
      await formatted(aliases),
      '# people\nteam: a, b, c\na:    b\n\nlog: | /bin/x  y\nbad  line\nlonger: a@b via  m1/m2\n',
    );
  });

  it('lays chasquid.conf out, keeps comments, and leaves a broken file alone', async () => {
    fixture = await ConfigFixture.create({
      'chasquid.conf': '  hostname :"a.example" ;# name\nsmtp_address: ":25", dovecot_auth:true\n',
    });
    assert.equal(
      await formatted('chasquid.conf'),
      'hostname: "a.example" # name\nsmtp_address: ":25"\ndovecot_auth: true\n',
    );
    await fixture.remove();
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'hostname  =  "x"\n' });
    assert.equal(await formatted('chasquid.conf'), 'hostname  =  "x"\n');
  });

  it('keeps CRLF line endings', async () => {
    fixture = await ConfigFixture.create({ [aliases]: 'team:a\r\nx  : b\r\n' });
    assert.equal(await formatted(aliases), 'team: a\r\nx:    b\r\n');
  });
});
