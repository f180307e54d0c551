import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConfigFixture, shown, until } from './languageFixture';

const first = 'domains/example.com/aliases';
const second = 'domains/other.example/aliases';
const users = 'domains/example.com/users';

const files = {
  [first]: 'team: alice, te.am+x, help@other.example\nhelp: team\n*: team@example.com\n',
  [users]: 'users: { key: "alice" value: { denied: {} } }\n',
  [second]: 'help: team@example.com, alice@example.com\n',
};

describe('definition, references, highlights and symbols', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());
  const at = async (path: string, text: string) => {
    fixture = await ConfigFixture.create({ ...files, [path]: text });
  };

  it('goes from a recipient to its alias in another domain', async () => {
    await at(first, 'team: alice, he‸lp@other.example\nhelp: team\n');
    const found = await fixture.atCursor<vscode.Location[]>('vscode.executeDefinitionProvider', first);
    assert.deepEqual(fixture.places(found), [`${second}:1:1-5`]);
  });

  it('goes to the user, and to the alias too when both exist', async () => {
    await at(first, 'team: ali‸ce\nalice: bob\n');
    const found = await fixture.atCursor<vscode.Location[]>('vscode.executeDefinitionProvider', first);
    assert.deepEqual(fixture.places(found), [`${first}:2:1-6`, `${users}:1:15-22`]);
  });

  it('finds all references over all domains, in every spelling', async () => {
    await at(first, 'te‸am: alice, te.am+x, help@other.example\nhelp: Team\n*: team@example.com\n');
    const found = await fixture.atCursor<vscode.Location[]>('vscode.executeReferenceProvider', first);
    assert.deepEqual(fixture.places(found), [
      `${first}:1:1-5`,
      `${first}:1:14-19`,
      `${first}:2:7-11`,
      `${first}:3:4-8`,
      `${second}:1:7-11`,
    ]);
  });

  it('finds the references of a user from the users file', async () => {
    await at(users, 'users: { key: "al‸ice" value: { denied: {} } }\n');
    const found = await fixture.atCursor<vscode.Location[]>('vscode.executeReferenceProvider', users);
    assert.deepEqual(fixture.places(found), [`${first}:1:7-12`, `${users}:1:15-22`, `${second}:1:25-30`]);
  });

  it('highlights the places of one file', async () => {
    await at(first, 'team: alice\nhelp: te‸am\n');
    const found = await fixture.atCursor<vscode.DocumentHighlight[]>('vscode.executeDocumentHighlights', first);
    assert.deepEqual(
      found.map(({ range, kind }) => [shown(range), kind === vscode.DocumentHighlightKind.Write]),
      [
        ['1:1-5', true],
        ['2:7-11', false],
      ],
    );
  });

  /** Other tests' folders may still be open. */
  const symbols = async (): Promise<string[][]> => {
    const found = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'help',
    );
    return found
      .filter(({ location }) => location.uri.fsPath.startsWith(fixture.folder))
      .map(({ name, containerName, location }) => [name, containerName, fixture.pathOf(location.uri)])
      .sort();
  };
  const expected = [
    ['help@example.com', 'example.com', first],
    ['help@other.example', 'other.example', second],
  ];

  it('finds aliases by name around what is open', async () => {
    fixture = await ConfigFixture.create(files);
    await fixture.open(first);
    const found = await until('the symbols', symbols, all => all.length > 0);
    assert.deepEqual(found, expected);
  });

  it('finds aliases by name in the folders of the workspace, whether or not they are open', async () => {
    const [folder] = vscode.workspace.workspaceFolders!;
    fixture = await ConfigFixture.create(files, folder!.uri.fsPath);
    const found = await until('the symbols', symbols, all => all.length > 0);
    assert.deepEqual(found, expected);
  });
});

describe('rename', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  /** Renames at the cursor, and gives the texts of the files that changed. */
  async function rename(path: string, text: string, name: string): Promise<Record<string, string>> {
    fixture = await ConfigFixture.create({ ...files, [path]: text });
    const edit = await fixture.atCursor<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', path, name);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const changed = edit.entries().map(async ([uri]) => {
      const document = await vscode.workspace.openTextDocument(uri);
      return [fixture.pathOf(uri), document.getText()] as const;
    });
    return Object.fromEntries(await Promise.all(changed));
  }

  it('renames an alias wherever it is named, suffixes and domains stay', async () => {
    const text = 'te‸am: alice, te.am+x, help@other.example\nhelp: team\n*: team@example.com\n';
    assert.deepEqual(await rename(first, text, 'crew'), {
      [first]: 'crew: alice, crew+x, help@other.example\nhelp: crew\n*: crew@example.com\n',
      [second]: 'help: crew@example.com, alice@example.com\n',
    });
  });

  it('renames a user in the users file and in every list', async () => {
    assert.deepEqual(await rename(users, "users: { key: 'al‸ice' value: { denied: {} } }\n", 'alicia'), {
      [first]: 'team: alicia, te.am+x, help@other.example\nhelp: team\n*: team@example.com\n',
      [users]: 'users: { key: "alicia" value: { denied: {} } }\n',
      [second]: 'help: team@example.com, alicia@example.com\n',
    });
  });

  it('refuses names that chasquid would not find, and names that are taken', async () => {
    for (const [name, why] of [
      ['a b', /spaces/],
      ['a@b', /must not hold/],
      ['a+b', /begins a suffix/],
      ['help', /taken/],
      ['He.lp', /taken/],
      ['al.ice', /taken/],
    ] as const)
      await assert.rejects(rename(first, 'te‸am: bob\nhelp: team\n', name), error => why.test(String(error)), name);
  });

  it('has nothing to rename in comments and for the catch-all', async () => {
    for (const [text, why] of [
      ['# te‸am\n', /no alias or user here/],
      ['‸*: team\n', /has no name/],
    ] as const) {
      fixture = await ConfigFixture.create({ ...files, [first]: text });
      const prepared = fixture.atCursor('vscode.prepareRename', first);
      await assert.rejects(prepared, error => why.test(String(error)), text);
    }
  });
});
