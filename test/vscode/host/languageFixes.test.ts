import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codesOf, ConfigFixture, until } from './languageFixture';

const aliases = 'domains/example.com/aliases';
const fixAllKind = 'source.fixAll.chasquid';

describe('findings', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());
  const settled = (path: string, ...codes: string[]) =>
    until(
      `the findings of ${path}`,
      () => codesOf(fixture.uri(path)),
      found => found.join() === codes.join(),
    );

  it('has the errors of chasquid, and what shows only over all domains', async () => {
    fixture = await ConfigFixture.create({
      [aliases]: 'a: b@other.example\nbad line\nc: nobody\n',
      'domains/example.com/users': 'users: { key: "postmaster" value: { denied: {} } }\n',
      'domains/other.example/aliases': 'b: a@example.com\n',
    });
    await fixture.open(aliases);
    await settled(aliases, 'alias-loop', 'alias-missing-colon', 'alias-unknown-target');
    const [loop] = vscode.languages.getDiagnostics(fixture.uri(aliases));
    assert.equal(loop!.source, 'chasquid');
    assert.match((loop!.code as { target: vscode.Uri }).target.toString(), /diagnostics\.md#alias-/);
  });

  it('follows typing, also over several lines and in several places at once', async () => {
    fixture = await ConfigFixture.create({ [aliases]: 'a: b@x.test\n' });
    const document = await fixture.open(aliases);
    await settled(aliases);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'one\ntwo\n');
    edit.insert(document.uri, new vscode.Position(1, 0), 'three\n');
    await vscode.workspace.applyEdit(edit);
    await settled(aliases, 'alias-missing-colon', 'alias-missing-colon', 'alias-missing-colon');
    const remove = new vscode.WorkspaceEdit();
    remove.delete(document.uri, new vscode.Range(0, 0, 2, 0));
    await vscode.workspace.applyEdit(remove);
    await settled(aliases, 'alias-missing-colon');
  });

  it('follows the version that the settings name', async () => {
    fixture = await ConfigFixture.create({ [aliases]: 'bad line\n' });
    await fixture.open(aliases);
    await settled(aliases, 'alias-missing-colon');
    const severity = () => vscode.languages.getDiagnostics(fixture.uri(aliases))[0]?.severity;
    assert.equal(severity(), vscode.DiagnosticSeverity.Error);
    const settings = vscode.workspace.getConfiguration('chasquid');
    await settings.update('language.version', '1.11', vscode.ConfigurationTarget.Global);
    try {
      await until('a warning', severity, seen => seen === vscode.DiagnosticSeverity.Warning);
    } finally {
      await settings.update('language.version', undefined, vscode.ConfigurationTarget.Global);
    }
    await until('an error again', severity, seen => seen === vscode.DiagnosticSeverity.Error);
  });

  it('judges chasquid.conf and users as they are typed', async () => {
    fixture = await ConfigFixture.create({
      'chasquid.conf': 'hostnam: "x.example"\n',
      'domains/example.com/users': 'alice: x\n',
    });
    const config = await fixture.open('chasquid.conf');
    await settled('chasquid.conf', 'config-unknown-field');
    await fixture.open('domains/example.com/users');
    await settled('domains/example.com/users', 'users-syntax');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(config.uri, new vscode.Position(0, 7), 'e');
    await vscode.workspace.applyEdit(edit);
    await settled('chasquid.conf');
  });
});

describe('fixes', () => {
  let fixture: ConfigFixture;
  afterEach(() => fixture.remove());

  async function actions(path: string, kind?: string): Promise<vscode.CodeAction[]> {
    const document = await fixture.open(path);
    await until(
      'a finding',
      () => codesOf(document.uri).length,
      count => count > 0,
    );
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    return vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, whole, kind);
  }

  async function afterApplying(path: string, action: vscode.CodeAction): Promise<string> {
    assert.ok(await vscode.workspace.applyEdit(action.edit!));
    return (await fixture.open(path)).getText();
  }

  it('offers the fixes of a finding, the safe one as preferred', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'hostnam: "x.example"\n' });
    const offered = (await actions('chasquid.conf', 'quickfix')).filter(each => each.edit);
    assert.deepEqual(
      offered.map(({ title, isPreferred }) => [title, isPreferred ?? false]),
      [
        ['Write “hostname”', true],
        ['Turn the line into a comment', false],
      ],
    );
    assert.equal(await afterApplying('chasquid.conf', offered[0]!), 'hostname: "x.example"\n');
    await until(
      'no finding',
      () => codesOf(fixture.uri('chasquid.conf')),
      codes => codes.length === 0,
    );
  });

  it('fixes all that is beyond doubt at once, and nothing else', async () => {
    fixture = await ConfigFixture.create({
      [aliases]: [
        '; people',
        'team: a@x.test; b@x.test # the team',
        'Sales = c@x.test',
        'old: d@x.test',
        'old: e@x.test',
        'twice: f@x.test, f@x.test',
        'bad line',
        '',
      ].join('\n'),
    });
    await fixture.open(aliases);
    await until(
      'the duplicate',
      () => codesOf(fixture.uri(aliases)),
      codes => codes.includes('alias-duplicate'),
    );
    const [all, ...more] = await actions(aliases, fixAllKind);
    assert.equal(more.length, 0);
    assert.match(all!.title, /^Fix all \d problems that can be fixed safely$/);
    const text = await afterApplying(aliases, all!);
    assert.ok(text.startsWith('# people\n'), text);
    assert.ok(!text.includes('d@x.test') && text.includes('old: e@x.test\n'), text);
    assert.ok(text.includes('twice: f@x.test\n') && text.includes('bad line\n'), text);
  });

  /** Applies “fix all” again and again, each time as soon as the last one is done, until it has nothing more to offer. */
  async function untilNothingIsLeft(document: vscode.TextDocument): Promise<number> {
    for (let round = 0; ; round++) {
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      const [all] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        whole,
        fixAllKind,
      );
      if (!all) return round;
      assert.ok(round < 4, `fix all finds more and more: ${document.getText()}`);
      assert.ok(await vscode.workspace.applyEdit(all.edit!));
    }
  }

  it('comes to an end, however quickly one follows the other: what fix all leaves needs a user', async () => {
    fixture = await ConfigFixture.create({
      [aliases]: 'a: b@x.test # one\n// two\nC = "d@x.test"\ne: "| /bin/f"\ng: a; b\n',
    });
    const document = await fixture.open(aliases);
    await untilNothingIsLeft(document);
    assert.equal(document.getText(), '# one\na: b@x.test\n# two\nc: d@x.test\ne: | /bin/f\ng: a, b\n');
  });

  it('fixes at once what only the first fix all brings to light, in the whole file', async () => {
    fixture = await ConfigFixture.create({ [aliases]: `Old = d@x.test\nold: e@x.test\n${filler}` });
    const document = await fixture.open(aliases);
    assert.ok((await untilNothingIsLeft(document)) > 1);
    assert.equal(document.getText(), `old: e@x.test\n${filler}`);
  });

  it('acts on chasquid.conf as it stands, also right after a change', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'max_data_size_mb: "50"\n' });
    const document = await fixture.open('chasquid.conf');
    await until(
      'a finding',
      () => codesOf(document.uri).length,
      count => count > 0,
    );
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# how large a message may be\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await untilNothingIsLeft(document);
    assert.equal(document.getText(), '# how large a message may be\nmax_data_size_mb: 50\n');
  });
});

/** Enough lines that looking at all of them takes longer than a moment. */
const filler = Array.from({ length: 3000 }, (_, line) => `person${line}: p${line}@x.test\n`).join('');
