import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Log } from 'sarif';
import { run } from '../../../src/cli/lint';
import type { LintRecord } from '../../../src/cli/output';
import { chasquidCheck, inProcess, withFiles } from '../../support/cli';

const bad = {
  'conf/chasquid.conf': 'hostname: "mail.example.com"\nmonitoring_address: ":1099"\n',
  'conf/domains/example.com/aliases': 'a: b\n\nc: x y, d\u00e9 😀 z\nno colon\n',
  'conf/domains/example.com/users': 'users: { key: "b" value: { plain: { password: "x" } } }',
};
const good = { 'good/chasquid.conf': 'hostname: "mail.example.com"\n' };

const records = (stdout: string) => JSON.parse(stdout) as LintRecord[];
const findings = async (folder: string, ...paths: string[]) =>
  records((await inProcess(run, ['--format=json', ...paths.map(path => join(folder, path))])).stdout);
const codes = (stdout: string) => records(stdout).map(each => each.code);

describe('chasquid-check lint', () => {
  test('JSON: every finding with its place, columns in UTF-16 units from 1; status 1 with an error', () =>
    withFiles(bad, async folder => {
      const { status, stdout, stderr } = await chasquidCheck(folder, 'lint', '--format', 'json', 'conf');
      assert.equal(status, 1);
      assert.equal(stderr, '');
      const all = records(stdout);
      for (const each of all) {
        assert.deepEqual(
          Object.keys(each).filter(key => key !== 'upstream'),
          ['path', 'line', 'column', 'endLine', 'endColumn', 'severity', 'code', 'message'],
        );
      }
      const refused = all.filter(each => each.upstream !== undefined);
      const reason = 'precis: disallowed rune encountered';
      assert.deepEqual(
        refused.map(({ path, line, column, endLine, endColumn, upstream }) => [
          path,
          [line, column, endLine, endColumn],
          upstream,
        ]),
        [
          ['conf/domains/example.com/aliases', [3, 4, 3, 7], `right-side: normalizing address "x y": ${reason}`],
          [
            'conf/domains/example.com/aliases',
            [3, 9, 3, 16],
            'right-side: normalizing address "dé 😀 z": bidirule: failed Bidi Rule',
          ],
          ['conf/domains/example.com/aliases', [4, 1, 4, 9], "missing ':' in line"],
        ],
      );
      assert.ok(codes(stdout).includes('config-monitoring-open') && codes(stdout).includes('users-plain-password'));
    }));

  test('before 1.16 nothing is claimed to be refused, and warnings alone give status 0', () =>
    withFiles(bad, async folder => {
      const { status, stdout } = await chasquidCheck(folder, 'lint', '--format=json', '--chasquid', '1.15.0', 'conf');
      assert.equal(status, 0);
      assert.ok(records(stdout).every(each => each.severity !== 'error' && each.upstream === undefined));
    }));

  test('a folder without findings prints an empty array', () =>
    withFiles(good, async folder => {
      assert.deepEqual(await chasquidCheck(folder, 'lint', '--format', 'json', 'good'), {
        status: 0,
        stdout: '[]\n',
        stderr: '',
      });
      assert.equal((await chasquidCheck(folder, 'lint', 'good')).stdout, '');
    }));

  test('a folder may hold a single file', () =>
    withFiles({ 'one/domains/example.com/aliases': 'a\n' }, async folder => {
      const { status, stdout } = await chasquidCheck(folder, 'lint', '--format', 'json', 'one');
      assert.deepEqual([status, codes(stdout)], [1, ['alias-missing-colon']]);
    }));

  test('a file by its name is judged with the folder around it', () =>
    withFiles({ ...bad, 'conf/domains/example.com/aliases': 'a: nobody\n' }, async folder => {
      const file = 'conf/domains/example.com/aliases';
      assert.ok(
        codes((await chasquidCheck(folder, 'lint', '--format', 'json', file)).stdout).includes('alias-unknown-target'),
      );
      const alone = await withFiles({ 'x/aliases': 'a: nobody\n' }, other =>
        chasquidCheck(other, 'lint', '--format', 'json', 'x/aliases'),
      );
      assert.deepEqual([alone.status, codes(alone.stdout)], [0, []]);
      const config = await chasquidCheck(folder, 'lint', '--format', 'json', 'conf/chasquid.conf');
      assert.deepEqual(codes(config.stdout), ['config-monitoring-open']);
      const users = await chasquidCheck(folder, 'lint', '--format', 'json', 'conf/domains/example.com/users');
      assert.deepEqual(codes(users.stdout), ['users-plain-password']);
    }));

  test('several paths: all are looked at, and one that cannot be read makes it status 2', () =>
    withFiles({ ...bad, ...good }, async folder => {
      const both = await chasquidCheck(folder, 'lint', '--format', 'json', 'good', 'conf');
      assert.equal(both.status, 1);
      const { status, stdout, stderr } = await chasquidCheck(
        folder,
        'lint',
        '--format=json',
        'good',
        'missing',
        'conf',
      );
      assert.equal(status, 2);
      assert.equal(stderr, 'chasquid-check: missing: there is no such file or folder.\n');
      assert.deepEqual(records(stdout), records(both.stdout));
    }));

  test('what cannot be read is named on standard error, and the rest is judged all the same', () =>
    withFiles(bad, async folder => {
      await mkdir(join(folder, 'conf/domains/other.example/aliases'), { recursive: true });
      await symlink('b', join(folder, 'conf/domains/other.example/users'));
      await symlink('users', join(folder, 'conf/domains/other.example/b'));
      const { status, stdout, stderr } = await chasquidCheck(folder, 'lint', '--format', 'json', 'conf');
      assert.equal(status, 2);
      assert.match(
        stderr,
        /^chasquid-check: conf\/domains\/other\.example\/aliases: there is a folder where a file belongs\./m,
      );
      assert.match(stderr, /^chasquid-check: conf\/domains\/other\.example\/users: its symbolic links form a loop\./m);
      assert.ok(codes(stdout).includes('alias-missing-colon'));
    }));

  test('a folder that is no configuration, and a file of another name, are told apart from a clean one', () =>
    withFiles({ 'empty/readme.md': '', 'x/aliases.txt': 'a: b\n' }, async folder => {
      const empty = await chasquidCheck(folder, 'lint', 'empty');
      assert.deepEqual([empty.status, empty.stdout], [2, '']);
      assert.match(empty.stderr, /holds neither chasquid\.conf nor domains/);
      const other = await chasquidCheck(folder, 'lint', 'x/aliases.txt');
      assert.equal(other.status, 2);
      assert.match(other.stderr, /only files named aliases, users or \*\.conf/);
    }));

  test('wrong usage is status 2 with the usage on standard error', () =>
    withFiles(good, async folder => {
      for (const args of [
        [],
        ['--format', 'xml', 'good'],
        ['--chasquid', 'banana', 'good'],
        ['--nope', 'good'],
        ['--format'],
      ]) {
        const { status, stdout, stderr } = await chasquidCheck(folder, 'lint', ...args);
        assert.deepEqual([status, stdout], [2, ''], args.join(' '));
        assert.match(stderr, /^chasquid-check: .+\nUsage:\n/s);
      }
      assert.equal((await chasquidCheck(folder, 'lint', '--chasquid', 'v1.11-2+b2', 'good')).status, 0);
    }));

  test('chasquid’s text keeps the byte order mark it refuses, and loses the spaces at its end', () =>
    withFiles({ 'a.conf': '\ufeffhostname: "x"\n', 'b.conf': 'smtp_address: [1]\n' }, async folder => {
      const texts = (await findings(folder, 'a.conf', 'b.conf')).flatMap(each => each.upstream ?? []);
      assert.deepEqual(texts, ['invalid field name: \ufeff', 'invalid value for string type: 1']);
    }));

  test('a duration is refused only once the file can be read', () =>
    withFiles(
      { 'a.conf': 'give_up_send_after: "2d"\n', 'b.conf': 'give_up_send_after: "2d"\nx: 1\n' },
      async folder => {
        const texts = (await findings(folder, 'a.conf', 'b.conf')).flatMap(each => each.upstream ?? []);
        assert.deepEqual(texts, [
          'invalid give_up_send_after value "2d": time: unknown unit "d" in duration "2d"',
          'unknown field: x',
        ]);
      },
    ));

  test('a file of another name does not keep the others from being judged', () =>
    withFiles({ ...good, 'notes.txt': '' }, async folder => {
      const { status, stdout, stderr } = await inProcess(run, [
        '--format=json',
        '--chasquid=HEAD',
        join(folder, 'notes.txt'),
        join(folder, 'good'),
      ]);
      assert.deepEqual([status, stdout], [2, '[]\n']);
      assert.match(stderr, /notes\.txt: only files named aliases, users or \*\.conf are supported\./);
    }));

  test('text: FILE:LINE:COLUMN with what chasquid says below', () =>
    withFiles(bad, async folder => {
      const { stdout } = await chasquidCheck(folder, 'lint', 'conf');
      assert.match(
        stdout,
        /^conf\/domains\/example\.com\/aliases:4:1: error: .+ \[alias-missing-colon\]\n {4}chasquid reports: missing ':' in line$/m,
      );
    }));

  test('SARIF 2.1.0: what code scanning asks for, and signs of a path escaped', () =>
    withFiles({ 'c#1 %/domains/example.com/aliases': 'a\nb: b\n' }, async folder => {
      const { status, stdout } = await chasquidCheck(folder, 'lint', '--format', 'sarif', './c#1 %');
      assert.equal(status, 1);
      const log = JSON.parse(stdout) as Log;
      assert.equal(log.version, '2.1.0');
      const run = log.runs[0]!;
      const { driver } = run.tool;
      assert.deepEqual([driver.name, run.columnKind, log.runs.length], ['chasquid-check', 'utf16CodeUnits', 1]);
      const rules = driver.rules!;
      assert.equal(new Set(rules.map(rule => rule.id)).size, rules.length);
      for (const rule of rules) assert.ok(URL.canParse(rule.helpUri!));
      const results = run.results!;
      assert.deepEqual(results.map(each => each.ruleId).sort(), ['alias-loop', 'alias-missing-colon']);
      for (const result of results) {
        assert.equal(rules[result.ruleIndex!]!.id, result.ruleId);
        assert.ok(['error', 'warning', 'note', 'none'].includes(result.level!));
        assert.ok(result.message.text!.length > 0);
        const { artifactLocation, region } = result.locations![0]!.physicalLocation!;
        assert.equal(artifactLocation!.uri, 'c%231%20%25/domains/example.com/aliases');
        assert.ok(region!.startLine! >= 1 && region!.startColumn! >= 1);
        assert.ok(region!.endLine! > region!.startLine! || region!.endColumn! >= region!.startColumn!);
      }
      const whole = await chasquidCheck(folder, 'lint', '--format', 'sarif', join(folder, 'c#1 %'));
      const { uri } = (JSON.parse(whole.stdout) as Log).runs[0]!.results![0]!.locations![0]!.physicalLocation!
        .artifactLocation!;
      assert.match(uri!, /^file:\/\/\/.*c%231%20%25\/domains/);
    }));

  test('GitHub: one annotation on each line, with its escapes', () =>
    withFiles({ 'c,1:2%/domains/example.com/aliases': 'a: b%c d\n' }, async folder => {
      const { stdout } = await chasquidCheck(folder, 'lint', '--format', 'github', './c,1:2%');
      const lines = stdout.trimEnd().split('\n');
      const first = lines.find(line => line.includes('alias-address-refused'))!;
      assert.match(
        first,
        /^::error file=c%2C1%3A2%25\/domains\/example\.com\/aliases,line=1,col=4,endLine=1,endColumn=9,title=alias-address-refused::/,
      );
      for (const line of lines) assert.match(line, /^::(error|warning|notice) file=[^:]+::[^\r\n]+$/);
      for (const [, after] of stdout.matchAll(/%(..)/g)) assert.match(after!, /^(25|0D|0A|3A|2C)$/);
    }));
});
