// The product's own package.json, as VS Code reads it before any of our code runs.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  activationEvents: string[];
  extensionKind: string[];
  main?: string;
  browser?: string;
  contributes: { commands: { command: string }[]; views: Record<string, { id: string }[]> };
};
const sources = globSync('src/**/*.ts', { cwd: root }).map(file => readFileSync(join(root, file), 'utf8'));

/** What VS Code brings back after a reload by the event of its ID, for which it derives none from the manifest. */
const restored = {
  registerWebviewPanelSerializer: 'onWebviewPanel',
  registerFileSystemProvider: 'onFileSystem',
  registerTextDocumentContentProvider: 'onFileSystem',
};

/** The IDs that the sources register by this function; a name in place of the ID is looked up in its file, then in all. */
function registered(by: string): string[] {
  return sources.flatMap(source =>
    [...source.matchAll(new RegExp(`\\.${by}\\(\\s*(?:'([^']+)'|(\\w+))`, 'g'))].map(([, text, name]) => {
      const id = text ?? [source, ...sources].map(each => constant(each, name!)).find(value => value !== undefined);
      assert.ok(id, `${by}(${name}): no constant of that name was found`);
      return id;
    }),
  );
}

function constant(source: string, name: string): string | undefined {
  return new RegExp(`const ${name} = '([^']+)'`).exec(source)?.[1];
}

describe('package.json', () => {
  it('has an activation event for all that VS Code brings back after a reload', () => {
    const wanted = Object.entries(restored).flatMap(([by, event]) => {
      const ids = registered(by);
      assert.ok(ids.length > 0, `${by} is not used any more`);
      return ids.map(id => `${event}:${id}`);
    });
    assert.deepEqual([...manifest.activationEvents].sort(), wanted.sort());
  });

  it('runs on the user’s own computer, where the keys are, and on a remote one where there is no other place', () => {
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
  });

  it('reads files of the workspace by VS Code alone, so that they may be on another computer; starts no program', () => {
    const imports = (folders: string, modules: string): string[] =>
      globSync(folders, { cwd: root }).filter(file =>
        new RegExp(`from '(node:)?(${modules})'`).test(readFileSync(join(root, file), 'utf8')),
      );
    assert.deepEqual(imports('src/{language,views,commands}/**/*.ts', 'fs|fs/promises'), []);
    assert.deepEqual(imports('src/**/*.ts', 'child_process|worker_threads'), []);
  });
});
