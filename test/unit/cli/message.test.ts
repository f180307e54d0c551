import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { MessageAnalysis } from '../../../src/mail/messageAnalysis';
import { startDns, type TestDns } from '../../support/dns';

let dns: TestDns;
let folder: string;
before(async () => {
  dns = await startDns('example.com TXT "v=spf1 ip4:192.0.2.25 -all"\n_dmarc.example.com TXT "v=DMARC1; p=reject"');
  folder = await mkdtemp(join(tmpdir(), 'chasquid-message-'));
});
after(async () => {
  await dns.close();
  await rm(folder, { recursive: true });
});

/** Runs `chasquid-check` as a process of its own. */
function check(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const cli = join(import.meta.dirname, '../../../src/cli.ts');
  return new Promise(resolve =>
    execFile(process.execPath, ['--import', 'tsx', cli, ...args], (error, stdout, stderr) =>
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

async function message(address: string, subject = 'hi'): Promise<string> {
  const file = join(folder, `${address}.eml`);
  await writeFile(
    file,
    `Return-Path: <i@example.com>\r\nReceived: from mail.example.com (mail.example.com [${address}]) by mx.example.net with ESMTPS id 1; Tue, 24 Nov 2026 03:28:01 +0000\r\nFrom: i@example.com\r\nSubject: ${subject}\r\n\r\nhello\r\n`,
  );
  return file;
}

test('JSON has every verdict; without an error finding the status is 0', async () => {
  const { status, stdout } = await check(
    'message',
    '--format',
    'json',
    '--resolver',
    dns.address,
    await message('192.0.2.25'),
  );
  const analysis = JSON.parse(stdout) as MessageAnalysis;
  assert.deepEqual(Object.keys(analysis).sort(), ['dkim', 'dmarc', 'findings', 'ip', 'spf', 'tls']);
  assert.deepEqual(
    [analysis.tls.result, analysis.spf.result, analysis.dkim[0]!.result, analysis.dmarc.result, analysis.ip],
    ['pass', 'pass', 'none', 'pass', { address: '192.0.2.25', family: 'IPv4' }],
  );
  for (const verdict of [analysis.tls, analysis.spf, analysis.dmarc, ...analysis.dkim])
    assert.match(verdict.reason, /^\S.+\.$/s);
  assert.equal(status, analysis.findings.some(finding => finding.severity === 'error') ? 1 : 0);
});

test('an error finding gives status 1, and the text names it', async () => {
  const { status, stdout } = await check('message', '--resolver', dns.address, await message('203.0.113.9'));
  assert.equal(status, 1);
  assert.match(stdout, /^SPF {4}fail {7}example\.com says that 203\.0\.113\.9 must not send/m);
  assert.match(stdout, /\[message-dmarc-fail\]$/m);
});

test('what cannot be read, and wrong usage, give status 2 with the reason', async () => {
  const text = join(folder, 'text.eml');
  await writeFile(text, 'Hello,\n\nhow are you?');
  const cases: [string[], RegExp][] = [
    [['message', join(folder, 'missing.eml')], /missing\.eml: there is no such file\./],
    [['message', text], /not the original of a message/],
    [['message'], /Name one file.*\nUsage:/s],
    [['message', '--format', 'xml', text], /no format “xml”/],
    [['message', '--resolver', 'not a server', text], /Usage:/],
  ];
  const seen = await Promise.all(cases.map(([args]) => check(...args)));
  seen.forEach(({ status, stderr }, index) => {
    assert.equal(status, 2, stderr);
    assert.match(stderr, cases[index]![1]);
  });
});
