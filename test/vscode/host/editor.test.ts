import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import manifest from '../../../package.json';

describe('the editor that tests run in', () => {
  it('is at least the VS Code that the extension asks for', () => {
    const wanted = manifest.engines.vscode.replace('^', '').split('.').map(Number);
    const running = vscode.version.split('.').map(Number);
    assert.equal(running[0], wanted[0]);
    assert.ok(running[1]! >= wanted[1]!, `${vscode.version} is older than ${manifest.engines.vscode}`);
  });

  it('has the extension under development', async () => {
    const extension = vscode.extensions.getExtension(`${manifest.publisher}.${manifest.name}`);
    assert.ok(extension, 'the extension is not among those of the window');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('has the folder that was asked for', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
  });
});
