import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConfigFixture, shown, until } from './languageFixture';

describe('hover', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  async function hover(path: string): Promise<{ text: string; range: string } | undefined> {
    const found = await fixture.atCursor<vscode.Hover[]>('vscode.executeHoverProvider', path);
    const [first] = found;
    if (!first) return undefined;
    const text = first.contents.map(each => (each as vscode.MarkdownString).value).join('\n');
    return { text, range: shown(first.range!) };
  }

  it('tells what a field is for, its type, default and version, and the value in effect', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': '# c\nmax_data_‸size_mb: 010\n' });
    const found = await hover('chasquid.conf');
    assert.equal(found!.range, '2:1-17');
    assert.match(found!.text, /\*\*max_data_size_mb\*\*/);
    assert.match(found!.text, /\*int64\* · default `50`/);
    assert.match(found!.text, /In effect: `8`/);
  });

  it('shows the whole way of an alias over all domains', async () => {
    fixture = await ConfigFixture.create({
      'domains/example.com/aliases': 'te‸am: alice, info@other.example, log, nobody\nlog: | /bin/log\n',
      'domains/example.com/users': 'users: { key: "alice" value: { denied: {} } }',
      'domains/other.example/aliases': 'info: x@remote.test via m1/m2\n',
    });
    const found = await hover('domains/example.com/aliases');
    assert.equal(found!.range, '1:1-5');
    assert.equal(
      found!.text,
      [
        '```text',
        'team@example.com',
        '  → alice@example.com – user here',
        '  → info@other.example',
        '    → x@remote.test – forwarded via m1, m2',
        '  → log@example.com',
        '    → | /bin/log',
        '  → nobody@example.com – neither a user nor an alias',
        '```',
      ]
        .join('\n')
        .replace('| /bin/log', '| /bin/log – given to this command'),
    );
  });

  it('shows where the mail of a recipient ends up', async () => {
    fixture = await ConfigFixture.create({
      'domains/example.com/aliases': 'team: a, o‸ps\nops: carl@remote.test\n',
    });
    const found = await hover('domains/example.com/aliases');
    assert.equal(found!.range, '1:10-13');
    assert.match(found!.text, /^```text\nops@example\.com\n {2}→ carl@remote\.test – on another server\n```$/);
  });

  it('says that a hook may change it, and that a circle is given up', async () => {
    fixture = await ConfigFixture.create({
      'domains/example.com/aliases': 'a: b\nb: ‸a\n',
      'hooks/alias-resolve': '#!/bin/sh\n',
    });
    const found = await hover('domains/example.com/aliases');
    assert.match(found!.text, /too many steps: chasquid gives up/);
    assert.match(found!.text, /The hook `alias-resolve` may change this\./);
  });

  it('follows what stands in the editor, not what was saved', async () => {
    fixture = await ConfigFixture.create({ 'domains/example.com/aliases': '‸a: b@remote.test\n' });
    const path = 'domains/example.com/aliases';
    await hover(path);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(fixture.uri(path), new vscode.Range(0, 3, 0, 4), 'new');
    await vscode.workspace.applyEdit(edit);
    await until(
      'the new way',
      async () => (await hover(path))!.text,
      text => text.includes('new@remote.test'),
    );
  });

  it('explains commands and servers, and keeps quiet in comments', async () => {
    fixture = await ConfigFixture.create({ 'domains/example.com/aliases': 'a: | /bin/l‸og\n' });
    assert.match((await hover('domains/example.com/aliases'))!.text, /without a shell/);
    fixture = await ConfigFixture.create({ 'domains/example.com/aliases': 'a: b@c via m‸1\n' });
    assert.match((await hover('domains/example.com/aliases'))!.text, /these servers only/);
    fixture = await ConfigFixture.create({ 'domains/example.com/aliases': '# a‸: b\n' });
    assert.equal(await hover('domains/example.com/aliases'), undefined);
  });
});
