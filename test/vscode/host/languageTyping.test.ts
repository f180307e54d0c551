import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ConfigFixture, until } from './languageFixture';

const aliases = 'domains/example.com/aliases';
const users = 'domains/example.com/users';

describe('typing', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  async function edit(path: string): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showTextDocument(await fixture.open(path));
    const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(new vscode.Position(0, 0), end);
    return editor;
  }

  it('turns lines into comments and back', async () => {
    const texts = {
      [aliases]: 'a: b@x.test\nc: | /bin/d',
      'chasquid.conf': 'hostname: "a.example"\ndovecot_auth: true',
      [users]: 'users: { key: "a" value: { denied: {} } }',
    };
    fixture = await ConfigFixture.create(texts);
    for (const [path, text] of Object.entries(texts)) {
      const { document } = await edit(path);
      await vscode.commands.executeCommand('editor.action.commentLine');
      assert.equal(document.getText(), text.replace(/^/gm, '# '));
      await vscode.commands.executeCommand('editor.action.commentLine');
      assert.equal(document.getText(), text);
    }
  });

  it('has snippets by name, from which chasquid starts', async () => {
    fixture = await ConfigFixture.create({ [aliases]: '\n', 'chasquid.conf': '\n' });
    const wanted: [path: string, name: string, text: RegExp][] = [
      [aliases, 'Role addresses', /^postmaster: you\nabuse: you$/],
      [aliases, 'Everything to Gmail', /^#.*\nsender: you@gmail\.com\n\*: you@gmail\.com$/],
      [aliases, 'Forward through a server', /^name: user@example\.com via mail\.example\.com$/],
      [aliases, 'Give to a command', /^name: \| \/usr\/local\/bin\/handler$/],
      ['chasquid.conf', "Send-only server with upstream's unit", /^smtp_address: ":25"\nsubmission_address: ":587"\n/],
      ['chasquid.conf', 'Deliver to dovecot through LMTP', /^mail_delivery_agent_bin: "\/usr\/bin\/mda-lmtp"\n/],
      ['chasquid.conf', 'Ask dovecot about users', /^dovecot_auth: true$/],
      ['chasquid.conf', 'Monitoring on this machine', /^monitoring_address: "127\.0\.0\.1:1099"$/],
    ];
    for (const [path, name, text] of wanted) {
      const { document } = await edit(path);
      const langId = document.languageId;
      await vscode.commands.executeCommand('editor.action.insertSnippet', { langId, name });
      await until(
        name,
        () => document.getText(),
        found => text.test(found),
      );
      await vscode.commands.executeCommand('leaveSnippet');
      // A line below it in which something is wrong: once that is found, all of the text was read.
      const below = new vscode.WorkspaceEdit();
      const line = document.lineCount;
      below.insert(
        document.uri,
        document.lineAt(line - 1).range.end,
        `\n${path === aliases ? 'no colon' : 'nothing: 1'}`,
      );
      assert.ok(await vscode.workspace.applyEdit(below));
      const findings = await until(
        `what is wrong below ${name}`,
        () => vscode.languages.getDiagnostics(document.uri),
        found => found.some(each => each.range.start.line === line),
      );
      assert.deepEqual(
        findings
          .filter(each => each.severity === vscode.DiagnosticSeverity.Error && each.range.start.line < line)
          .map(each => each.message),
        [],
        name,
      );
    }
  });
});
