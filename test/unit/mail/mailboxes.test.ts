// Originals as the large mailboxes keep them, with what forwarders and they themselves add.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { publicKeyOf } from '../../../src/dns/dkim/key';
import { dkimValue } from '../../../src/dns/dkim/value';
import { cachedResolver } from '../../../src/dns/resolver/cache';
import { serverResolver } from '../../../src/dns/resolver/servers';
import { parseServer } from '../../../src/dns/resolver/wire';
import type { MessageAnalysis } from '../../../src/mail/messageAnalysis';
import { analyzeMessage } from '../../../src/mail/analyze';
import { startDns, type TestDns } from '../../support/dns';

const pair = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
  ed25519: generateKeyPairSync('ed25519').privateKey,
};
const pem = (kind: keyof typeof pair) => pair[kind].export({ type: 'pkcs8', format: 'pem' }) as string;
const keys = (['rsa', 'ed25519'] as const).map(kind => ({
  signingDomain: 'example.com',
  selector: kind,
  privateKey: pem(kind),
}));

describe('originals of large mailboxes', () => {
  let dns: TestDns;
  before(async () => {
    dns = await startDns(
      [
        'example.com TXT v=spf1 ip4:192.0.2.25 -all',
        '_dmarc.example.com TXT v=DMARC1; p=reject',
        ...(['rsa', 'ed25519'] as const).map(
          kind => `${kind}._domainkey.example.com TXT ${dkimValue(publicKeyOf(pem(kind)))}`,
        ),
        'forwarder.example.net TXT v=spf1 ip4:198.51.100.9 -all',
      ].join('\n'),
    );
  });
  after(() => dns.close());

  const signed = async (body = 'hello\r\n', by = keys.slice(0, 1)) => {
    const raw = `From: i@example.com\r\nTo: you@mailbox.example\r\nSubject: hi\r\nDate: Tue, 24 Nov 2026 03:28:01 +0000\r\nMessage-ID: <1@example.com>\r\n\r\n${body}`;
    const { signatures } = await dkimSign(raw, { ...by[0]!, canonicalization: 'relaxed/relaxed', signatureData: by });
    return `${signatures}${raw}`;
  };
  const analyze = (header: string[], message: string): Promise<MessageAnalysis> =>
    analyzeMessage(
      Buffer.from([...header, message].join('\r\n')),
      cachedResolver(serverResolver({ servers: [parseServer(dns.address)], timeoutMs: 1000, tries: 1 })),
    );
  const results = ({ tls, spf, dkim, dmarc }: MessageAnalysis) => [
    tls.result,
    spf.result,
    ...dkim.map(one => one.result),
    dmarc.result,
  ];

  const outlook = [
    'Received: from DB9PR02MB1111.eurprd02.prod.outlook.com (2603:10a6:10:1::1) by AM9PR02MB2222.eurprd02.prod.outlook.com with HTTPS; Tue, 24 Nov 2026 03:28:05 +0000',
    'Received: from DUZPR01CA0001.eurprd01.prod.exchangelabs.com (2603:10a6:10:46b::8) by DB9PR02MB1111.eurprd02.prod.outlook.com (2603:10a6:10:1::1) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9;\r\n Tue, 24 Nov 2026 03:28:04 +0000',
    'Received: from DB5PEPF00014B8D.eurprd02.prod.outlook.com (2603:10a6:10:46b:cafe::9e) by DUZPR01CA0001.outlook.office365.com (2603:10a6:10:46b::8) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9; Tue, 24 Nov 2026 03:28:03 +0000',
    'Authentication-Results: spf=pass (sender IP is 192.0.2.25)\r\n smtp.mailfrom=example.com; dkim=fail (body hash did not verify)\r\n header.d=example.com;dmarc=pass action=none\r\n header.from=example.com;compauth=pass reason=100',
    'Received-SPF: Pass (protection.outlook.com: domain of example.com designates 192.0.2.25 as permitted sender) receiver=protection.outlook.com; client-ip=192.0.2.25; helo=mail.example.com; pr=C',
    'Received: from mail.example.com (192.0.2.25) by DB5PEPF00014B8D.mail.protection.outlook.com (10.167.8.201) with Microsoft SMTP Server (version=TLS1_3, cipher=TLS_AES_256_GCM_SHA384) id 15.20.9 via Frontend Transport; Tue, 24 Nov 2026 03:28:02 +0000',
    'Return-Path: i@example.com',
  ];

  it('Outlook: its own many hops are not the way in, its Return-Path has no brackets', async () => {
    const found = await analyze(outlook, await signed());
    assert.deepEqual(found.ip, { address: '192.0.2.25', family: 'IPv4' });
    assert.deepEqual(results(found), ['pass', 'pass', 'pass', 'pass']);
    assert.equal(found.spf.domain, 'example.com');
    assert.match(
      found.findings.find(one => one.code === 'message-judged-otherwise')!.message,
      /^When it arrived, the receiver judged dkim=fail; by the current DNS records it is pass\.$/,
    );
  });

  it('Gmail: what ARC says of itself is not the receiver’s judgement', async () => {
    const found = await analyze(
      [
        'Delivered-To: you@gmail.com',
        'Received: by 2002:a05:7412:1:b0:1:2:3 with SMTP id a1csp1; Tue, 24 Nov 2026 03:28:03 -0800 (PST)',
        'X-Received: by 2002:a05:6000:1::1 with SMTP id 1-2002; Tue, 24 Nov 2026 03:28:02 -0800 (PST)',
        'ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=google.com; s=arc-20240605; b=AA==',
        'ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=google.com; s=arc-20240605; h=from; bh=AA==; b=AA==',
        'ARC-Authentication-Results: i=1; mx.google.com; dkim=fail header.i=@example.com; spf=fail smtp.mailfrom=i@example.com; dmarc=fail',
        'Return-Path: <i@example.com>',
        'Received: from mail.example.com (mail.example.com. [192.0.2.25]) by mx.google.com with ESMTPS id 1 for <you@gmail.com> (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128); Tue, 24 Nov 2026 03:28:02 -0800 (PST)',
        'Authentication-Results: mx.google.com; dkim=pass header.i=@example.com header.s=rsa header.b=x; spf=pass (google.com: domain of i@example.com designates 192.0.2.25 as permitted sender) smtp.mailfrom=i@example.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com',
      ],
      await signed(),
    );
    assert.deepEqual(results(found), ['pass', 'pass', 'pass', 'pass']);
    assert.deepEqual(
      found.findings.map(one => one.code),
      ['message-over-ipv4'],
    );
  });

  const forwarded = [
    'Return-Path: <SRS0=x=y=example.com=i@forwarder.example.net>',
    'Received: from out.forwarder.example.net (out.forwarder.example.net. [198.51.100.9]) by mx.google.com with ESMTPS id 1 (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128); Tue, 24 Nov 2026',
    'ARC-Seal: i=1; a=rsa-sha256; t=1; cv=none; d=forwarder.example.net; s=arc; b=AA==',
    'Received: from mail.example.com (mail.example.com [192.0.2.25]) by in.forwarder.example.net (Postfix) with ESMTPS id 2; Tue, 24 Nov 2026',
  ];

  it('a forwarder that changes nothing: DKIM carries DMARC', async () => {
    const found = await analyze(forwarded, await signed());
    assert.deepEqual(results(found), ['pass', 'pass', 'pass', 'pass']);
    assert.deepEqual([found.spf.domain, found.dmarc.aligned], ['forwarder.example.net', { spf: false, dkim: true }]);
    const told = found.findings.find(one => one.code === 'message-forwarded')!;
    assert.equal(told.severity, 'information');
    assert.match(told.message, /^It came via forwarder\.example\.net, which sealed it \(ARC\)\.$/);
  });

  it('a mailing list that adds a footer: why DMARC fails, and who did it', async () => {
    const found = await analyze(forwarded, `${await signed()}-- \r\na list\r\n`);
    assert.deepEqual(results(found), ['pass', 'pass', 'fail', 'fail']);
    assert.match(found.dkim[0]!.reason, /changed after it was signed/);
    assert.match(found.dmarc.reason, /SPF passes, but for another domain than example\.com/);
    assert.match(
      found.findings.find(one => one.code === 'message-forwarded')!.why!,
      /not your server that sent it here/,
    );
  });

  it('two signatures, RSA and Ed25519: each is judged', async () => {
    const found = await analyze(outlook.slice(-2), await signed('hello\r\n', keys));
    assert.deepEqual(found.dkim.map(one => [one.selector, one.algorithm, one.result]).sort(), [
      ['ed25519', 'ed25519-sha256', 'pass'],
      ['rsa', 'rsa-sha256', 'pass'],
    ]);
  });

  it('a bounce: SPF is judged by the name in EHLO', async () => {
    const found = await analyze(
      [
        'Return-Path: <>',
        'Received: from example.com (mail.example.com [192.0.2.25]) by mx.other.test with ESMTPS id 1; Tue',
      ],
      await signed(),
    );
    assert.deepEqual([found.spf.result, found.spf.domain], ['pass', 'example.com']);
  });
});
