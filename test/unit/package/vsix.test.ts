import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import manifest from '../../../package.json';
import { unzip } from '../../support/zip';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'chasquid-vsix-'));
const project = join(folder, 'project');
let output: string;
let files: Map<string, Buffer>;

/** The scripts that protect whoever installs the package, and the one of them that makes it. */
const prepublish = manifest.scripts['vscode:prepublish'].split(' && ');
const build = prepublish.at(-1)!;

before(() => {
  // All of the project but what is made from it, so that what .vscodeignore keeps out is there.
  const made = /^(node_modules|dist|\.git|test-out|demo-out|.*\.vsix)$/;
  cpSync(root, project, { recursive: true, filter: source => !made.test(basename(source)) });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  // Types and lint of the same files have had their turn when this runs.
  const scripts = { ...manifest.scripts, 'vscode:prepublish': build };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ ...manifest, scripts }));
  const vsix = join(folder, 'chasquid.vsix');
  output = execFileSync('npm', ['run', 'package', '--', '--out', vsix], {
    cwd: project,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  files = unzip(readFileSync(vsix));
});
after(() => rmSync(folder, { recursive: true }));

test('types and lint are checked before each package', () => {
  assert.deepEqual(prepublish, ['npm run types', 'npm run lint', 'npm run build -- --production']);
});

test('vsce warns of nothing', () => {
  assert.doesNotMatch(output, /WARN|ERROR/);
  const [, size] = /Packaged: .* \(\d+ files, ([\d.]+) MB\)/.exec(output) ?? [];
  assert.ok(Number(size) < 3, output);
  console.log(`The VSIX: ${files.size} files, ${size} MB`);
});

test('each file that the manifest names is in the VSIX', () => {
  const named = [...strings(manifest.contributes), manifest.main, manifest.icon, manifest.bin['chasquid-check']]
    .filter(text => /^(\.\/)?[\w-]+(\/[\w.-]+)+\.\w+$/.test(text))
    .map(text => text.replace('./', ''));
  assert.ok(named.length > 10, named.join());
  for (const name of named) assert.ok(files.has(`extension/${name}`), name);
});

test('nothing is in it that no one needs', () => {
  const made = globSync('dist/**/*.*', { cwd: project });
  assert.ok(made.length > 100);
  const sources = globSync(
    ['media/*.{svg,png}', 'media/walkthrough/*.svg', 'syntaxes/*', 'src/provision/steps/**/*.{sh,yaml}'],
    {
      cwd: project,
    },
  );
  const top = ['package.json', 'readme.md', 'changelog.md', 'LICENSE.txt', 'SECURITY.md'];
  const expected = [
    'extension.vsixmanifest',
    '[Content_Types].xml',
    ...[...made, ...sources, ...top].map(name => `extension/${name}`),
  ];
  assert.deepEqual([...files.keys()].sort(), expected.sort());
  assert.deepEqual(
    made.filter(name => name.endsWith('.map') || name.includes('node_modules')),
    [],
  );
});

test('the texts are in it whole', () => {
  const text = (name: string) => files.get(`extension/${name}`)?.toString() ?? '';
  assert.equal(text('LICENSE.txt'), readFileSync(join(root, 'LICENSE'), 'utf8'));
  assert.equal(text('SECURITY.md'), readFileSync(join(root, 'SECURITY.md'), 'utf8'));
  assert.match(text('dist/ThirdPartyNotices.txt'), /^Third-party notices\n[^]*\nssh2 [\d.]+\nLicence: MIT\n/);
  assert.ok(text('changelog.md').includes(`## ${manifest.version}`));
  // The pictures of the README are shown from the repository.
  for (const [, url] of text('readme.md').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g))
    assert.match(url!, /^https:\/\/github\.com\//);
});

test('npm makes its package from a production build too', () => {
  const pack = execFileSync('npm', ['pack', '--json', '--dry-run'], { cwd: project, encoding: 'utf8', stdio: 'pipe' });
  const [{ files: packed }] = JSON.parse(pack.slice(pack.indexOf('[\n'))) as [
    { files: { path: string; size: number }[] },
  ];
  const built = packed.filter(({ path }) => path.startsWith('dist/'));
  const inVsix = [...files].filter(([name]) => /^extension\/dist\/(cli\b|ThirdParty)/.test(name));
  assert.deepEqual(
    built.map(({ path, size }) => [`extension/${path}`, size]).sort(),
    inVsix.map(([name, content]) => [name, content.length]).sort(),
  );
});

/** Every text in a JSON value. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value ? Object.values(value).flatMap(strings) : [];
}
