import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import { shellScripts } from '../../../esbuild.shell.mjs';
import type { TestDns } from '../../support/dns';
import { startDns } from '../../support/dns';
import { changedZone, pem, rightZone } from '../../support/records';

interface Verdict {
  name: string;
  type: string;
  purpose: string;
  requirement: string;
  expected: string;
  observed: string[];
  status: string;
  findings: { code: string; severity: string; message: string }[];
}

describe('chasquid-check dns', () => {
  let dns: TestDns;
  let folder: string;
  let keyFile: string;
  before(async () => {
    dns = await startDns(rightZone());
    folder = await mkdtemp(join(tmpdir(), 'chasquid-cli-'));
    keyFile = join(folder, 'dkim.pem');
    await writeFile(keyFile, pem);
    await build({
      entryPoints: ['src/cli.ts'],
      outfile: join(folder, 'cli.js'),
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
      loader: { '.sh': 'text', '.yaml': 'text' },
      plugins: [shellScripts],
    });
  });
  after(async () => {
    await dns.close();
    await rm(folder, { recursive: true });
  });

  const run = (...args: string[]) =>
    new Promise<{ status: number; stdout: string; stderr: string }>(resolve => {
      execFile(process.execPath, [join(folder, 'cli.js'), 'dns', ...args], (error, stdout, stderr) =>
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  const server = () => [
    '--resolver',
    dns.address,
    '--host',
    'mail.example.test',
    '--ipv4',
    '192.0.2.1',
    '--ipv6',
    '2001:db8:0::1',
    '--dkim',
    `s1=${keyFile}`,
  ];

  it('gives each record with its verdict as JSON, and status 0 when nothing is wrong', async () => {
    const { status, stdout, stderr } = await run('--format', 'json', ...server(), 'example.test');
    assert.deepEqual([status, stderr], [0, '']);
    const records = JSON.parse(stdout) as Verdict[];
    assert.deepEqual([...new Set(records.map(record => record.status))], ['ok']);
    const mx = records.find(record => record.purpose === 'mx')!;
    assert.deepEqual(
      { ...mx, findings: [] },
      {
        ...mx,
        name: 'example.test',
        type: 'MX',
        purpose: 'mx',
        requirement: 'required',
        expected: '10 mail.example.test',
        observed: ['10 mail.example.test'],
        status: 'ok',
        findings: [],
      },
    );
    assert.deepEqual(
      records.map(record => record.purpose),
      ['a', 'aaaa', 'ptr', 'ptr', 'mx', 'spf', 'spf', 'dkim', 'dmarc', 'mta-sts', 'tls-rpt'],
    );
  });

  it('ends with 1 when there is an error, and says in text what to publish', async () => {
    dns.load(
      changedZone(
        ['example.test TXT'],
        ['example.test TXT v=spf1 include:_spf.other.test ~all', '_spf.other.test TXT v=spf1 -all'],
      ),
    );
    const { status, stdout } = await run(...server(), 'example.test');
    assert.equal(status, 1);
    assert.match(stdout, /✗ SPF +TXT +example\.test \(required\): wrong/);
    assert.match(
      stdout,
      /→ Publish this value, and no other SPF record: v=spf1 a:mail\.example\.test include:_spf\.other\.test ~all/,
    );
    assert.match(stdout, /1 record stops your mail from being trusted\.\n$/);
    dns.load(rightZone());
  });

  it('shows control characters from the DNS as escapes', async () => {
    dns.load(
      changedZone(
        ['_dmarc.example.test TXT'],
        ['_dmarc.example.test TXT "v=DMARC1; p=none; x=\u001b]0;evil\u0007\u202e"'],
      ),
    );
    const { stdout } = await run(...server(), 'example.test');
    assert.ok(!/[\u001b\u0007\u202e]/.test(stdout));
    assert.match(stdout, /\\u\{1b\}\]0;evil|\\u\{1b\}\]0/);
    dns.load(rightZone());
  });

  it('takes the addresses of the server’s name when none are given', async () => {
    const { stdout } = await run(
      '--format',
      'json',
      '--resolver',
      dns.address,
      '--host',
      'mail.example.test',
      'example.test',
    );
    const records = JSON.parse(stdout) as Verdict[];
    assert.deepEqual(
      records.filter(record => /^a/.test(record.purpose)).map(record => record.expected),
      ['192.0.2.1', '2001:db8::1'],
    );
  });

  it('asks only the given resolvers', async () => {
    const quiet = await startDns('');
    dns.questions.length = 0;
    await run(
      '--format',
      'json',
      '--resolver',
      quiet.address,
      '--host',
      'mail.example.test',
      '--ipv4',
      '192.0.2.1',
      'example.test',
    );
    assert.equal(dns.questions.length, 0);
    assert.ok(quiet.questions.length > 10);
    await quiet.close();
  });

  it('says which of several resolvers answers otherwise', async () => {
    const old = await startDns(changedZone(['example.test MX'], ['example.test MX 10 old.example.test']));
    const { stdout } = await run('--format', 'json', ...server(), '--resolver', old.address, 'example.test');
    const mx = (JSON.parse(stdout) as Verdict[]).find(record => record.purpose === 'mx')!;
    assert.deepEqual([mx.status, mx.findings.map(finding => finding.code)], ['warning', ['dns-servers-disagree']]);
    assert.match(
      mx.findings[0]!.message,
      new RegExp(`${old.address}: 10 old\\.example\\.test \\(for up to 60 seconds\\)`),
    );
    await old.close();
  });

  it('names a resolver that does not answer, when others do', async () => {
    const { status, stdout } = await run('--format', 'json', ...server(), '--resolver', '127.0.0.1:1', 'example.test');
    const records = JSON.parse(stdout) as Verdict[];
    const found = records.flatMap(record => record.findings.filter(each => each.code === 'dns-server-silent'));
    assert.deepEqual([status, [...new Set(records.map(record => record.status))]], [0, ['ok']]);
    assert.deepEqual(
      found.map(each => each.message),
      ['127.0.0.1:1 cannot be reached; the others answer.'],
    );
  });

  it('takes any MX where the mailbox stays elsewhere, and says so', async () => {
    dns.load(changedZone(['example.test MX'], ['example.test MX 1 mx.other.test', 'mx.other.test A 198.51.100.1']));
    const { status, stdout } = await run('--format', 'json', ...server(), '--keep-mx', 'example.test');
    const records = JSON.parse(stdout) as Verdict[];
    const mx = records.find(record => record.purpose === 'mx')!;
    assert.deepEqual([status, mx.status, mx.findings.map(each => each.code)], [0, 'ok', ['mx-elsewhere']]);
    assert.ok(!records.some(record => record.purpose === 'mta-sts' || record.purpose === 'tls-rpt'));
    dns.load(rightZone());
  });

  it('looks at names that never send', async () => {
    const { stdout } = await run('--format', 'json', ...server(), '--never-sends', 'WWW.Example.Test', 'example.test');
    const records = (JSON.parse(stdout) as Verdict[]).filter(record => record.name === 'www.example.test');
    assert.deepEqual(
      records.map(({ type, expected, status }) => [type, expected, status]),
      [
        ['MX', '0 .', 'missing'],
        ['TXT', 'v=spf1 -all', 'missing'],
      ],
    );
  });

  it('holds TLSA and CAA against a certificate', async () => {
    const file = join(folder, 'chain.pem');
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
        ...['-subj', "/O=Let's Encrypt/CN=R3", '-keyout', '/dev/null', '-out', file],
      ],
      { stdio: 'ignore' },
    );
    const { stdout } = await run('--format', 'json', ...server(), '--certificate', file, 'example.test');
    const records = JSON.parse(stdout) as Verdict[];
    assert.match(records.find(record => record.purpose === 'tlsa')!.expected, /^3 1 1 [0-9a-f]{64}$/);
    assert.equal(records.find(record => record.purpose === 'caa')!.expected, '0 issue "letsencrypt.org"');
  });

  it('wants the server’s full name, which an address or a single word is not', async () => {
    for (const host of ['192.0.2.1', '2001:db8::1', 'mail']) {
      const { status, stderr } = await run('--resolver', dns.address, '--host', host, 'example.test');
      assert.equal(status, 2);
      assert.match(stderr, /“.*” is not the full name of a server\. Write it like mail\.example\.com\./);
    }
  });

  it('says that DKIM was not checked where no key is given, and shows each address once', async () => {
    const { stdout } = await run(...server(), '--ipv4', '192.0.2.1', 'example.test');
    assert.equal(stdout.match(/^✓ A /gm)?.length, 1);
    assert.doesNotMatch(stdout, /DKIM was not checked/);
    const without = await run('--resolver', dns.address, '--host', 'mail.example.test', 'example.test');
    assert.match(without.stdout, /\nDKIM was not checked\. Give the server’s keys with --dkim SELECTOR=FILE\.\n.*\n$/);
  });

  it('ends with 2 for wrong usage and unreadable files, with the reason', async () => {
    await writeFile(join(folder, 'not-a-key'), 'hello');
    for (const [args, reason] of [
      [['example.test'], /Name the mail server with --host/],
      [[...server()], /Name one mail domain/],
      [[...server(), 'a b'], /is not a domain name/],
      [[...server(), '--resolver', 'x:y:z', 'example.test'], /does not name a DNS server/],
      [[...server(), '--ipv4', '::1', 'example.test'], /is not an IPv4 address/],
      [[...server(), '--dkim', 's2', 'example.test'], /SELECTOR=FILE/],
      [[...server(), '192.0.2.1'], /is an address, not a domain name/],
      [
        [...server(), '--resolver', 'no.such.name.invalid:53', 'example.test'],
        /no\.such\.name\.invalid cannot be found/,
      ],
      [[...server(), '--dkim', `s1=${keyFile}`, 'example.test'], /“s1” is given twice/],
      [[...server(), '--dkim', `s.=${keyFile}`, 'example.test'], /SELECTOR=FILE/],
      [
        [...server(), '--dkim', `s2=${folder}`, 'example.test'],
        /chasquid-cli-.*: there is a folder where a file belongs/,
      ],
      [[...server(), '--dkim', 's2=/nowhere', 'example.test'], /no such file/],
      [[...server(), '--dkim', `s2=${folder}/not-a-key`, 'example.test'], /contains no key that can be read/],
      [[...server(), '--certificate', `${folder}/not-a-key`, 'example.test'], /holds no certificate/],
      [[...server(), '--format', 'xml', 'example.test'], /There is no format/],
    ] as const) {
      const { status, stdout, stderr } = await run(...args);
      assert.deepEqual([status, stdout], [2, ''], String(args));
      assert.match(stderr, reason);
    }
  });

  it('speaks of a server that gives no answer, never of a missing record', async () => {
    const records = JSON.parse(
      (
        await run(
          '--format',
          'json',
          '--resolver',
          '127.0.0.1:1',
          '--host',
          'mail.example.test',
          '--ipv4',
          '192.0.2.1',
          'example.test',
        )
      ).stdout,
    ) as Verdict[];
    assert.deepEqual([...new Set(records.map(record => record.status))], ['unknown']);
  });
});
