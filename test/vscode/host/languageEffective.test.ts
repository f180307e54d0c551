import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { effectiveConfig, printConfig } from '../../../src/chasquid/config/effective';
import { parseConfig } from '../../../src/chasquid/config/parse';
import { ConfigFixture, until } from './languageFixture';
import { versionOf } from '../../../src/chasquid/versions';

describe('the effective configuration', () => {
  let fixture: ConfigFixture;
  afterEach(async () => {
    await vscode.workspace
      .getConfiguration('chasquid')
      .update('language.version', undefined, vscode.ConfigurationTarget.Global);
    await fixture.remove();
  });

  const show = async (path: string): Promise<vscode.TextDocument> => {
    const shown = await vscode.commands.executeCommand<vscode.Uri>(
      'chasquid.showEffectiveConfiguration',
      fixture.uri(path),
    );
    return vscode.workspace.openTextDocument(shown);
  };
  const text = 'hostname: "mx.example.com"\nmax_data_size_mb: 20\nsmtp_address: ["systemd", ":2525"]\n';
  const printed = (given: string) => {
    const file = parseConfig(text, versionOf(given));
    return printConfig(effectiveConfig(file), file.schema, '');
  };

  it('has every value that counts, and follows the file and the version', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': text });
    const document = await fixture.open('chasquid.conf');
    const shown = await show('chasquid.conf');
    assert.equal(shown.languageId, 'chasquid-conf');
    const values = () => shown.getText().replace(/^#.*\n/gm, '');
    assert.match(shown.getText(), /^# What chasquid [\d.]+ makes of chasquid\.conf\n/);
    assert.ok(values().includes('smtp_address: "systemd"\nsmtp_address: ":2525"\n'), values());
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(1).range, 'max_data_size_mb: 99');
    await vscode.workspace.applyEdit(edit);
    await until('the new value', values, seen => seen.includes('max_data_size_mb: 99\n'));
    const back = new vscode.WorkspaceEdit();
    back.replace(document.uri, document.lineAt(1).range, 'max_data_size_mb: 20');
    await vscode.workspace.applyEdit(back);
    await vscode.workspace
      .getConfiguration('chasquid')
      .update('language.version', '1.11', vscode.ConfigurationTarget.Global);
    const older = await show('chasquid.conf');
    await until(
      'the values of chasquid 1.11',
      () => older.getText(),
      seen => seen === `# What chasquid 1.11 makes of chasquid.conf\n${printed('1.11')}`,
    );
  });

  it('says in the words of chasquid why it does not start', async () => {
    fixture = await ConfigFixture.create({ 'chasquid.conf': 'hostnam: "x"\n' });
    const shown = await show('chasquid.conf');
    assert.match(shown.getText(), /^# chasquid [\d.]+ does not start with this file:\n# .*unknown field: hostnam\n$/);
  });
});
