import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync, symlinkSync } from 'node:fs';
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

const links = process.platform !== 'win32';
test('what never ends, or is too large, ends with status 2 at once and takes no memory', { skip: !links }, () => {
  const report = 'data:text/javascript,process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';
  const lint = (...args: string[]) => {
    const started = Date.now();
    const { status, stderr } = spawnSync(process.execPath, ['--import', report, 'dist/cli.js', 'lint', ...args], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 20_000,
    });
    const peakMiB = Number(/^peak (\d+)$/m.exec(stderr)?.[1]) / 1024;
    return { status, stderr, ms: Date.now() - started, peakMiB };
  };
  const place = (name: string, make: (path: string) => void) => {
    mkdirSync(join(folder, name, 'domains/example.com'), { recursive: true });
    make(join(folder, name, 'domains/example.com/aliases'));
  };
  place('device', path => symlinkSync('/dev/zero', path));
  place('pipe', path => execFileSync('mkfifo', [path]));
  place('loop', path => symlinkSync('aliases', path));
  place('large', path => writeFileSync(path, Buffer.alloc(70 * 1024 * 1024, 'a: b\n')));
  const { ms: usualMs } = lint('conf');
  for (const [name, reason] of [
    ['device', /aliases: it is a device, a pipe or a socket, not a regular file\./],
    ['pipe', /aliases: it is a device, a pipe or a socket, not a regular file\./],
    ['loop', /aliases: its symbolic links form a loop\./],
    ['large', /aliases: it is larger than 64 MiB\./],
  ] as const) {
    for (const path of [name, `${name}/domains/example.com/aliases`]) {
      const { status, stderr, ms, peakMiB } = lint(path);
      assert.equal(status, 2, `${path}: ${stderr}`);
      assert.match(stderr, reason);
      assert.ok(peakMiB < 200, `${path}: ${peakMiB} MiB`);
      assert.ok(ms < 2000 + usualMs, `${path}: ${ms} ms`);
    }
  }
});

test('standard input is checked as the file that it is named after', () => {
  const lint = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, ['dist/cli.js', 'lint', '--format=json', ...args], {
      cwd: folder,
      encoding: 'utf8',
      input,
    });
  const { status, stdout } = lint('no colon\n', '--stdin-name', 'domains/example.com/aliases', '-');
  assert.equal(status, 1);
  const [found] = JSON.parse(stdout) as { path: string; code: string }[];
  assert.deepEqual([found!.path, found!.code], ['domains/example.com/aliases', 'alias-missing-colon']);
  assert.equal(lint('hostname: "mail.example.com"\n', '--stdin-name=chasquid.conf', '-').status, 0);
  const unnamed = lint('', '-');
  assert.deepEqual([unnamed.status, /--stdin-name/.test(unnamed.stderr)], [2, true]);
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
