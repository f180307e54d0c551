import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, ConfigFixture } from './languageFixture';

const users = 'users: { key: "alice" value: { denied: {} } }\nusers: { key: "bob" value: { denied: {} } }\n';

describe('completion', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  /** What our providers offer at the cursor: VS Code adds words of the document and snippets. */
  async function offered(path: string, kinds: vscode.CompletionItemKind[]): Promise<vscode.CompletionItem[]> {
    const list = await fixture.atCursor<vscode.CompletionList>('vscode.executeCompletionItemProvider', path);
    return list.items.filter(item => item.kind !== undefined && kinds.includes(item.kind));
  }
  const labels = (items: vscode.CompletionItem[]) => items.map(item => item.label).sort();

  /** Takes one of the offers as the editor does. */
  async function take(path: string, item: vscode.CompletionItem): Promise<string> {
    const editor = await vscode.window.showTextDocument(await fixture.open(path));
    const range = item.range instanceof vscode.Range ? item.range : item.range!.replacing;
    const snippet = item.insertText instanceof vscode.SnippetString ? item.insertText : undefined;
    if (!snippet)
      return apply(editor.document, [vscode.TextEdit.replace(range, String(item.insertText ?? item.label))]);
    await editor.insertSnippet(snippet, range);
    return editor.document.getText();
  }

  it('offers the fields that are not given yet, with type, default, version and description', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'hostname: "a.example"\n‸\n' });
    const items = await offered('chasquid.conf', [vscode.CompletionItemKind.Property]);
    assert.ok(!labels(items).includes('hostname'), 'a field that takes one value is not offered twice');
    assert.ok(labels(items).includes('smtp_address'));
    const queue = items.find(item => item.label === 'max_queue_items')!;
    assert.equal(queue.detail, 'uint32');
    const doc = (queue.documentation as vscode.MarkdownString).value;
    assert.match(doc, /default `200`/);
    assert.match(doc, /since chasquid 1\.16/);
    assert.equal(await take('chasquid.conf', queue), 'hostname: "a.example"\nmax_queue_items: 200\n');
  });

  it('offers the values of a field, and replaces what is there', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'mail_log_path: "‸<sys"\n' });
    const items = await offered('chasquid.conf', [vscode.CompletionItemKind.Value]);
    assert.ok(labels(items).includes('"<stderr>"'));
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'dovecot_auth: ‸\n' });
    assert.deepEqual(labels(await offered('chasquid.conf', [vscode.CompletionItemKind.Value])), ['false', 'true']);
  });

  it('takes a value inside closed quotes without doubling them', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'mail_log_path: "<‸"\n' });
    const items = await offered('chasquid.conf', [vscode.CompletionItemKind.Value]);
    const stdout = items.find(item => item.label === '"<stdout>"')!;
    assert.equal(await take('chasquid.conf', stdout), 'mail_log_path: "<stdout>"\n');
  });

  it('offers users and aliases behind the colon, those of other domains with their domain', async () => {
    fixture = await ConfigFixture.create({
      'domains/example.com/aliases': 'team: al‸\nsales: alice\n',
      'domains/example.com/users': users,
      'domains/other.example/aliases': 'info: bob@example.com\n',
    });
    const path = 'domains/example.com/aliases';
    const people = await offered(path, [vscode.CompletionItemKind.User]);
    assert.deepEqual(labels(people), ['alice', 'bob']);
    const aliases = await offered(path, [vscode.CompletionItemKind.Reference]);
    assert.deepEqual(labels(aliases), ['info@other.example', 'sales', 'team']);
    assert.equal(
      await take(
        path,
        people.find(item => item.label === 'alice')!,
      ),
      'team: alice\nsales: alice\n',
    );
  });

  it('offers the domains of the server behind an “@”', async () => {
    fixture = await ConfigFixture.create({
      'domains/example.com/aliases': 'team: alice, bob@‸\n',
      'domains/other.example/aliases': '\n',
    });
    const path = 'domains/example.com/aliases';
    const items = await offered(path, [vscode.CompletionItemKind.Module]);
    assert.deepEqual(labels(items), ['example.com', 'localhost', 'other.example']);
    const other = items.find(item => item.label === 'other.example')!;
    assert.equal(await take(path, other), 'team: alice, bob@other.example\n');
  });

  it('offers whole lines at the start of one, among them the catch-all, Gmail, a pipe and via', async () => {
    fixture = await ConfigFixture.create({ 'domains/example.com/aliases': '‸\n' });
    const items = await offered('domains/example.com/aliases', [vscode.CompletionItemKind.Snippet]);
    const all = labels(items);
    for (const wanted of ['*: catch-all', 'name: forward to Gmail', 'name: | command', 'name: via another server'])
      assert.ok(all.includes(wanted), `${wanted} among ${all.join()}`);
    const pipe = items.find(item => item.label === 'name: | command')!;
    assert.equal(await take('domains/example.com/aliases', pipe), 'name: | /usr/local/bin/handler\n');
  });

  it('offers nothing inside comments, commands and lists of servers', async () => {
    for (const text of ['# te‸\n', 'a: | /bin/al‸\n', 'a: b via m‸\n']) {
      fixture = await ConfigFixture.create({ 'domains/example.com/aliases': text, 'domains/example.com/users': users });
      const items = await offered('domains/example.com/aliases', [
        vscode.CompletionItemKind.User,
        vscode.CompletionItemKind.Reference,
        vscode.CompletionItemKind.Module,
      ]);
      assert.deepEqual(labels(items), [], text);
    }
  });
});
