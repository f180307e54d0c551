import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

/** Where the cursor is in a fixture's text. (`|` begins a pipe in an aliases file.) */
const marker = '‸';

/** A configuration folder on disk whose files may hold one cursor each, and what VS Code makes of it. */
export class ConfigFixture {
  private readonly cursors = new Map<string, vscode.Position>();

  private constructor(readonly folder: string) {}

  /** Writes the files into a new folder in `parent`; `‸` marks the cursor and is taken out. */
  static async create(files: Record<string, string>, parent = tmpdir()): Promise<ConfigFixture> {
    const fixture = new ConfigFixture(await mkdtemp(join(parent, 'chasquid-language-')));
    for (const [path, marked] of Object.entries(files)) {
      const [before, after, ...more] = marked.split(marker);
      assert.equal(more.length, 0, 'one cursor in a file');
      if (after !== undefined) fixture.cursors.set(path, positionBehind(before!));
      await mkdir(dirname(join(fixture.folder, path)), { recursive: true });
      await writeFile(join(fixture.folder, path), marked.replace(marker, ''));
    }
    return fixture;
  }

  uri(path: string): vscode.Uri {
    return vscode.Uri.file(join(this.folder, path));
  }

  cursor(path: string): vscode.Position {
    const cursor = this.cursors.get(path);
    assert.ok(cursor, `no cursor in ${path}`);
    return cursor;
  }

  open(path: string): Thenable<vscode.TextDocument> {
    return vscode.workspace.openTextDocument(this.uri(path));
  }

  /** Opens the file and asks VS Code for what a provider answers at its cursor. */
  async atCursor<Answer>(command: string, path: string, ...more: unknown[]): Promise<Answer> {
    await this.open(path);
    return vscode.commands.executeCommand<Answer>(command, this.uri(path), this.cursor(path), ...more);
  }

  /** The path of a file of this folder. */
  pathOf(uri: vscode.Uri): string {
    return uri.fsPath.slice(this.folder.length + 1);
  }

  /** Locations as `path:line:from-to`, counted from 1, sorted. */
  places(locations: readonly (vscode.Location | vscode.LocationLink)[]): string[] {
    return locations
      .map(each => ('targetUri' in each ? { uri: each.targetUri, range: each.targetRange } : each))
      .map(({ uri, range }) => `${this.pathOf(uri)}:${shown(range)}`)
      .sort();
  }

  async remove(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A range on one line as `line:from-to`, counted from 1. */
export function shown(range: vscode.Range): string {
  return `${range.start.line + 1}:${range.start.character + 1}-${range.end.character + 1}`;
}

function positionBehind(text: string): vscode.Position {
  const lines = text.split('\n');
  return new vscode.Position(lines.length - 1, lines.at(-1)!.length);
}

/** Waits until `read` gives something that `enough` takes. */
export async function until<Value>(
  what: string,
  read: () => Value | PromiseLike<Value>,
  enough: (value: Value) => boolean,
  ms = 15_000,
): Promise<Value> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await read();
    if (enough(value)) return value;
    if (Date.now() > end) throw new Error(`${what} did not come. Last seen: ${JSON.stringify(value)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** The codes of the findings that the Problems panel has for a file, in the order of their places. */
export function codesOf(uri: vscode.Uri): string[] {
  return vscode.languages
    .getDiagnostics(uri)
    .sort((a, b) => a.range.start.compareTo(b.range.start))
    .map(each => (typeof each.code === 'object' ? String(each.code.value) : String(each.code)));
}

/** The text as the edits leave it. */
export async function apply(document: vscode.TextDocument, edits: readonly vscode.TextEdit[]): Promise<string> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, [...edits]);
  if (edits.length > 0) assert.ok(await vscode.workspace.applyEdit(edit));
  return document.getText();
}
