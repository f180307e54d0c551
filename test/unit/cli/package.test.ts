import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'chasquid-pack-'));
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

before(() => {
  for (const name of ['package.json', '.npmignore', 'README.md', 'LICENSE'])
    cpSync(join(root, name), join(folder, name));
  execFileSync(process.execPath, ['esbuild.mjs', '--production', `--outdir=${join(folder, 'dist')}`], {
    cwd: root,
    stdio: 'ignore',
  });
  mkdirSync(join(folder, 'conf/domains/example.com'), { recursive: true });
});
after(() => rmSync(folder, { recursive: true }));

test('dist/cli.js runs where it was built', () => {
  assert.equal(run(process.execPath, 'dist/cli.js', 'lint', '--format=json', 'conf'), '[]\n');
});

test('a reader that has had enough is no error', () => {
  mkdirSync(join(folder, 'bad/domains/example.com'), { recursive: true });
  writeFileSync(join(folder, 'bad/domains/example.com/aliases'), 'bad\n'.repeat(3000));
  const node = `'${process.execPath}'`;
  const { stdout, stderr } = spawnSync('sh', ['-c', `${node} dist/cli.js lint --format=json bad | head -n 1`], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.deepEqual([stdout, stderr], ['[\n', '']);
});

test('what npm packs has the command with all it loads, and nothing else', () => {
  const [{ filename }] = JSON.parse(run('npm', 'pack', '--json', '--ignore-scripts')) as [{ filename: string }];
  run('tar', 'xzf', filename);
  assert.deepEqual(readdirSync(join(folder, 'package')).sort(), ['LICENSE', 'README.md', 'dist', 'package.json']);
  assert.deepEqual(readdirSync(join(folder, 'package/dist')).sort(), ['ThirdPartyNotices.txt', 'cli', 'cli.js']);
  assert.equal(
    run(process.execPath, 'package/dist/cli.js', 'resolve', '--format=json', 'conf', 'a@remote.example'),
    expected,
  );
});

const answer = {
  address: 'a@remote.example',
  exists: false,
  recipients: [{ type: 'email', address: 'a@remote.example' }],
};
const expected = `${JSON.stringify([answer], null, 2)}\n`;
