import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { cachedResolver } from '../../../src/dns/resolver/cache';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { parseServer } from '../../../src/dns/resolver/wire';
import { analyzeMessage } from '../../../src/mail/analyze';
import { startDns, type TestDns } from '../../support/dns';
import { longestTurn } from '../../support/eventLoop';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const key = {
  signingDomain: 'example.com',
  selector: 's1',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};
const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
const zone = `
ty._domainkey.example.com TXT "v=DKIM1; k=rsa; t=y; p=${p.slice(0, 200)}" "${p.slice(200)}"
gone._domainkey.example.com TXT "v=DKIM1; k=rsa; p="
short._domainkey.example.com TXT "v=DKIM1; k=rsa; p=${short.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}"
list.test TXT "v=spf1 ip4:203.0.113.5 -all"
example.com TXT "v=spf1 ip6:2001:db8::25 ip4:192.0.2.25 -all"
s1._domainkey.example.com TXT "v=DKIM1; k=rsa; p=${p.slice(0, 200)}" "${p.slice(200)}"
_dmarc.example.com TXT "v=DMARC1; p=reject; adkim=s; aspf=s"
broken.example TXT "v=spf1 include:nowhere.example.broken -all"
broken.example TXT "v=spf1 -all"
`;
let dns: TestDns;
before(async () => {
  dns = await startDns(zone);
});
after(() => dns.close());

const resolver = () =>
  cachedResolver(serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 1000, tries: 1 }));

async function message(
  options: {
    from?: string;
    body?: string;
    sign?: boolean | { selector?: string; privateKey?: string; maxBodyLength?: number };
    received?: string;
    sender?: string;
  } = {},
) {
  const { from = 'i@example.com', body = 'hello\r\n', sign = true, sender = 'i@example.com' } = options;
  const own = { ...key, ...(typeof sign === 'object' && sign) };
  const raw = `From: ${from}\r\nTo: you@gmail.com\r\nSubject: hi\r\nDate: Tue, 24 Nov 2026 03:28:01 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n${body}`;
  const signed = sign
    ? await dkimSign(raw, {
        ...own,
        canonicalization: 'relaxed/relaxed',
        signatureData: [own],
      })
    : { signatures: '' };
  const received =
    options.received ??
    'from mail.example.com (mail.example.com. [2001:db8::25]) by mx.google.com with ESMTPS id 1 for <you@gmail.com> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Tue, 24 Nov 2026';
  return `Return-Path: <${sender}>\r\nReceived: ${received}\r\n${signed.signatures}${raw}`;
}

test('a good message passes everything, over TLS and IPv6', async () => {
  const result = await analyzeMessage(Buffer.from(await message()), resolver());
  assert.deepEqual(result.findings, []);
  assert.deepEqual(
    [result.tls.result, result.spf.result, result.dkim.map(one => one.result), result.dmarc.result],
    ['pass', 'pass', ['pass'], 'pass'],
  );
  assert.deepEqual(result.ip, { address: '2001:db8::25', family: 'IPv6' });
  assert.deepEqual(
    { ...result.dkim[0], reason: '' },
    { result: 'pass', reason: '', domain: 'example.com', selector: 's1', algorithm: 'rsa-sha256', bits: 2048 },
  );
  assert.equal(result.tls.protocol, 'TLSv1.3');
  assert.deepEqual(result.dmarc.aligned, { spf: true, dkim: true });
  assert.match(result.dmarc.reason, /DKIM and SPF authenticate example\.com/);
});

test('line ends of the other kind change nothing', async () => {
  const raw = (await message()).replaceAll('\r\n', '\n');
  const result = await analyzeMessage(Buffer.from(raw), resolver());
  assert.deepEqual([result.dkim[0]!.result, result.dmarc.result], ['pass', 'pass']);
});

test('a changed body fails DKIM, and DMARC stands on SPF', async () => {
  const raw = (await message()).replace('hello', 'h3llo');
  const result = await analyzeMessage(Buffer.from(raw), resolver());
  assert.equal(result.dkim[0]!.result, 'fail');
  assert.match(result.dkim[0]!.reason, /changed after it was signed/);
  assert.equal(result.dmarc.result, 'pass');
  assert.deepEqual(result.dmarc.aligned, { spf: true, dkim: false });
  assert.equal(result.findings[0]!.code, 'message-dkim-fail');
});

test('a stranger in your name: SPF and DMARC fail, unsigned, in clear text over IPv4', async () => {
  const raw = await message({
    sign: false,
    received: 'from evil.example (evil.example [203.0.113.9]) by mx.google.com with ESMTP id 1; Tue',
  });
  const result = await analyzeMessage(Buffer.from(raw), resolver());
  assert.deepEqual(
    [result.tls.result, result.spf.result, result.dkim[0]!.result, result.dmarc.result, result.ip.family],
    ['fail', 'fail', 'none', 'fail', 'IPv4'],
  );
  assert.match(result.dmarc.reason, /Neither SPF nor DKIM passes\. example\.com asks receivers to refuse it/);
  assert.deepEqual(
    result.findings.map(finding => [finding.code, finding.severity]),
    [
      ['message-dmarc-fail', 'error'],
      ['message-spf-fail', 'error'],
      ['message-dkim-none', 'error'],
      ['message-not-encrypted', 'error'],
      ['message-over-ipv4', 'information'],
    ],
  );
});

test('a pass for another domain is no pass for From:', async () => {
  const result = await analyzeMessage(Buffer.from(await message({ from: 'i@sub.example.com' })), resolver());
  assert.equal(result.dmarc.result, 'fail');
  assert.match(result.dmarc.reason, /SPF and DKIM pass, but for another domain than sub\.example\.com/);
});

test('what is missing or broken in the DNS is named', async () => {
  const broken = await analyzeMessage(
    Buffer.from((await message({ sender: 'x@broken.example' })).replace('s=s1', 's=s2')),
    resolver(),
  );
  assert.equal(broken.spf.result, 'permerror');
  assert.match(broken.spf.reason, /SPF record of broken\.example has an error/);
  assert.match(broken.dkim[0]!.reason, /no key at s2\._domainkey\.example\.com/);
  const none = await analyzeMessage(
    Buffer.from(await message({ from: 'a@none.example', sender: 'a@none.example', sign: false })),
    resolver(),
  );
  assert.deepEqual([none.spf.result, none.dmarc.result], ['none', 'none']);
});

test('a receiver’s own judgement that differs is told', async () => {
  const raw = `Authentication-Results: mx.google.com; dkim=fail header.i=@example.com; spf=pass smtp.mailfrom=i@example.com; dmarc=pass\r\n${await message()}`;
  const result = await analyzeMessage(Buffer.from(raw), resolver());
  assert.deepEqual(
    result.findings.map(finding => finding.message),
    ['When it arrived, mx.google.com judged dkim=fail; by the current DNS records it is pass.'],
  );
});

test('a copy that never crossed says so; what is no message is refused', async () => {
  const copy = await analyzeMessage(Buffer.from('From: a@example.com\r\n\r\nx'), resolver());
  assert.deepEqual([copy.tls.result, copy.spf.result, copy.ip.address], ['none', 'none', null]);
  assert.ok(copy.findings.some(finding => finding.code === 'message-no-hop'));
  await assert.rejects(analyzeMessage(Buffer.from('Hello,\n\nhow are you?'), resolver()), RangeError);
});

test('a DNS that does not answer is an open question, not a failure', async () => {
  const silent = cachedResolver(serverResolver({ servers: [parseServer('127.0.0.1:9')], timeoutMs: 200, tries: 1 }));
  const result = await analyzeMessage(Buffer.from(await message()), silent);
  assert.deepEqual(
    [result.spf.result, result.dkim[0]!.result, result.dmarc.result],
    ['temperror', 'temperror', 'temperror'],
  );
  assert.ok(result.findings.every(finding => finding.severity !== 'error'));
});

const codes = (found: { findings: { code: string; severity: string }[] }) =>
  found.findings.map(finding => [finding.code, finding.severity]);

test('a signature that holds may prove less than it should: l=, t=y, a short key', async () => {
  const judge = async (sign: { selector?: string; privateKey?: string; maxBodyLength?: number }, more = '') =>
    analyzeMessage(Buffer.from((await message({ sign })) + more), resolver());
  const open = await judge({ maxBodyLength: 7 }, 'a footer\r\n');
  assert.deepEqual([open.dkim[0]!.result, open.dkim[0]!.uncovered], ['pass', 10]);
  assert.match(open.dkim[0]!.reason, /unchanged since but for 10 octets at its end/);
  assert.deepEqual(codes(open), [['message-dkim-body-length', 'warning']]);
  assert.match((await judge({ maxBodyLength: 7 })).findings[0]!.message, /lets anybody add to the text \(l=\)/);
  assert.deepEqual(codes(await judge({ selector: 'ty' })), [['message-dkim-test-mode', 'warning']]);
  const privateKey = short.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  assert.deepEqual(codes(await judge({ selector: 'short', privateKey })), [['message-dkim-short-key', 'warning']]);
});

test('a revoked key and a copy without its text are named as what they are', async () => {
  const revoked = await analyzeMessage(Buffer.from(await message({ sign: { selector: 'gone' } })), resolver());
  assert.match(revoked.dkim[0]!.reason, /^The key at gone\._domainkey\.example\.com was revoked/);
  const header = (await message()).split('\r\n\r\n')[0]!;
  const cut = await analyzeMessage(Buffer.from(header), resolver());
  assert.match(cut.dkim[0]!.reason, /^This copy ends with its header/);
});

test('a copy from the sender’s side, unsigned yet, is no failure', async () => {
  const sent = await analyzeMessage(
    Buffer.from('From: i@example.com\r\nTo: you@gmail.com\r\n\r\nhello\r\n'),
    resolver(),
  );
  assert.equal(sent.dmarc.result, 'none');
  assert.match(sent.dmarc.reason, /cannot be checked on a copy that does not show how it arrived\. Take the original/);
  assert.ok(sent.findings.every(finding => finding.severity !== 'error'));
});

test('what came through a forwarder or a mailing list is told from a server that is not allowed', async () => {
  const from = (host: string) => `from ${host} (${host} [203.0.113.5]) by mx.google.com with ESMTPS id 2; Tue`;
  const direct = 'from mail.example.com (mail.example.com. [2001:db8::25]) by mx.forwarder.test with ESMTPS id 1; Tue';
  const forwarded = await message({ received: `${from('mx.forwarder.test')}\r\nReceived: ${direct}` });
  const passed = await analyzeMessage(Buffer.from(forwarded), resolver());
  assert.deepEqual([passed.spf.result, passed.dmarc.result], ['fail', 'pass']);
  assert.deepEqual(codes(passed), [
    ['message-spf-fail', 'information'],
    ['message-over-ipv4', 'information'],
    ['message-forwarded', 'information'],
  ]);
  const told = passed.findings.find(finding => finding.code === 'message-forwarded')!;
  assert.match(`${told.message} ${told.fix}`, /mx\.forwarder\.test, which got it .* relay of yours, add its address/);

  const listed = (await message({ received: from('list.test'), sender: 'talk-bounces@list.test' }))
    .replace('\nSubject: ', '\nList-Id: Talk <talk.list.test>\r\nSubject: ')
    .concat('--\r\na footer\r\n');
  const changed = await analyzeMessage(Buffer.from(listed), resolver());
  assert.deepEqual([changed.spf.result, changed.dkim[0]!.result, changed.dmarc.result], ['pass', 'fail', 'fail']);
  const list = changed.findings.find(finding => finding.code === 'message-forwarded')!;
  assert.match(`${list.message} ${list.fix}`, /the mailing list talk\.list\.test\. Check a copy that came directly\.$/);
});

test('no From: and two of them are told apart', async () => {
  const raw = await message();
  const two = await analyzeMessage(Buffer.from(raw.replace('\nTo: ', '\nFrom: x@other.test\r\nTo: ')), resolver());
  assert.match(two.dmarc.reason, /^The message has 2 From: fields/);
  const none = await analyzeMessage(Buffer.from(raw.replace(/From: .*\r\n/, '')), resolver());
  assert.match(none.dmarc.reason, /^The message has no From:/);
});

test('a header that is made to hold up its reader is refused at once', async () => {
  for (const [field, fill] of [
    ['DKIM-Signature: v=1; d=', ' '],
    ['From: ', '\r\n '],
    ['List-Id: <', '\n\t'],
  ] as const) {
    const begun = performance.now();
    const raw = `${field}${fill.repeat(60_000)}x\r\n${await message()}`;
    await assert.rejects(
      analyzeMessage(Buffer.from(raw), resolver()),
      /more than 500 spaces and line breaks in a row, which no legitimate/,
    );
    // Read, it takes the better part of a minute.
    assert.ok(performance.now() - begun < 4000);
  }
  // In the text they do no harm.
  const body = `${' '.repeat(100_000)}x\r\n`;
  assert.equal((await analyzeMessage(Buffer.from(await message({ body })), resolver())).dmarc.result, 'pass');
});

test('a header of very many lines or of great size is refused, and the longest that is read takes no time', async () => {
  const signed = await message();
  const folded = (lines: number) => Buffer.from(signed.replace('\r\nTo: ', `${'\r\n x'.repeat(lines)}\r\nTo: `));
  for (const [raw, reason] of [
    [folded(60_000), /holds more than 10000 lines, which no legitimate program writes/],
    [
      Buffer.from(`X: ${'x'.repeat(600_000)}\r\n${signed}`),
      /holds more than 512 KiB, which no legitimate program writes/,
    ],
  ] as const)
    await assert.rejects(analyzeMessage(raw, resolver()), reason);
  const { ms } = await longestTurn(() => analyzeMessage(folded(9900), resolver()));
  assert.ok(ms < 2000, `took ${ms} ms`);
});

test('a stranger’s text shows its control signs, and writes none', async () => {
  const raw = await message({ from: 'i@exa\u202emple.com', sign: false });
  const { dmarc, findings } = await analyzeMessage(
    Buffer.from(`Authentication-Results: \u001b[31mevil; spf=fail\r\n${raw}`),
    resolver(),
  );
  const text = [dmarc.reason, ...findings.map(finding => finding.message)].join();
  assert.ok(!/[\u001b\u202e]/.test(text), JSON.stringify(text));
  assert.match(text, /\\u\{202e\}.*\\u\{1b\}/s);
});
