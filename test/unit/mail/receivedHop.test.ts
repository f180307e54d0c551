import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerFields } from '../../../src/mail/headers';
import { parseHop, receivingHop } from '../../../src/mail/receivedHop';

/** Received fields as the servers of the world write them. */
const written: Record<string, [string, ReturnType<typeof parseHop>]> = {
  gmail: [
    'from mail.example.com (mail.example.com. [2001:db8::25]) by mx.google.com with ESMTPS id a1b2 for <you@gmail.com> (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); Tue, 24 Nov 2026 03:28:01 -0800 (PST)',
    {
      helo: 'mail.example.com',
      address: '2001:db8::25',
      by: 'mx.google.com',
      tls: true,
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      submission: false,
    },
  ],
  'gmail inside': [
    'by 2002:a05:6a10:1234:b0:5e1:2f3a with SMTP id x7; Tue, 24 Nov 2026 03:28:02 -0800 (PST)',
    { by: '2002:a05:6a10:1234:b0:5e1:2f3a', tls: false, submission: false },
  ],
  postfix: [
    'from mail.example.com (mail.example.com [192.0.2.25]) (using TLSv1.2 with cipher ECDHE-RSA-AES256-GCM-SHA384 (256/256 bits)) (No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 4ABC for <a@example.net>; Tue, 24 Nov 2026',
    {
      helo: 'mail.example.com',
      address: '192.0.2.25',
      by: 'mx.example.net',
      tls: true,
      protocol: 'TLSv1.2',
      cipher: 'ECDHE-RSA-AES256-GCM-SHA384',
      submission: false,
    },
  ],
  exim: [
    'from [IPv6:2001:db8::25] (helo=mail.example.com) by mx.example.net with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) id 1abc; Tue',
    {
      helo: 'mail.example.com',
      address: '2001:db8::25',
      by: 'mx.example.net',
      tls: true,
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      submission: false,
    },
  ],
  outlook: [
    'from mail.example.com (192.0.2.25) by DB5EUR01FT003.mail.protection.outlook.com (10.152.4.11) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20; Tue',
    {
      helo: 'mail.example.com',
      address: '192.0.2.25',
      by: 'DB5EUR01FT003.mail.protection.outlook.com',
      tls: true,
      protocol: 'TLSv1.2',
      cipher: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      submission: false,
    },
  ],
  'chasquid, submitted': [
    'from [127.0.0.1] by mail.example.test (chasquid) with ESMTPSA tls TLS_AES_128_GCM_SHA256 (over submission+TLS, TLS-1.3, envelope from "user@example.test") ; Tue, 24 Nov 2026 03:28:01 +0000',
    {
      helo: '[127.0.0.1]',
      address: '127.0.0.1',
      by: 'mail.example.test',
      tls: true,
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_128_GCM_SHA256',
      submission: true,
    },
  ],
  'clear text': [
    'from mail.example.com (unknown [192.0.2.25]) by mx.example.net with ESMTP id 1; Tue',
    { helo: 'mail.example.com', address: '192.0.2.25', by: 'mx.example.net', tls: false, submission: false },
  ],
};

for (const [who, [value, expected]] of Object.entries(written)) {
  test(`Received as written by ${who}`, () => assert.deepEqual(parseHop(value), expected));
}

const fieldsOf = (...received: string[]) =>
  headerFields(Buffer.from(received.map(value => `Received: ${value}\r\n`).join('')));

test('the receiving hop is where organisations meet, not the topmost and not the login', () => {
  const [gmail, inside, login] = [
    written['gmail']![0],
    written['gmail inside']![0],
    written['chasquid, submitted']![0],
  ];
  assert.equal(receivingHop(fieldsOf(inside, gmail, login))?.address, '2001:db8::25');
  assert.equal(receivingHop(fieldsOf(login)), undefined);
  const within =
    'from AM0PR01.eurprd01.prod.outlook.com (2603:10a6::1) by AM9PR02.eurprd02.prod.outlook.com with HTTPS; Tue';
  const within2 =
    'from AM0.prod.outlook.com (2603:10a6::1) by AM9.prod.outlook.com (2603:10a6::2) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_X_GCM) id 15; Tue';
  assert.equal(receivingHop(fieldsOf(within, within2, written['outlook']![0]))?.address, '192.0.2.25');
});

test('a public address wins over a private one; with only private ones the topmost counts', () => {
  const inner = 'from filter.local (filter [10.0.0.5]) by store.example.net with LMTP; Tue';
  assert.equal(receivingHop(fieldsOf(inner, written['postfix']![0]))?.address, '192.0.2.25');
  assert.equal(receivingHop(fieldsOf(inner))?.address, '10.0.0.5');
});

test('header fields are unfolded, and hostile text is just text', () => {
  const fields = headerFields(Buffer.from('\ufeffSubject: a\r\n\tb\n c\nX-Y : z\n\nReceived: not a field\n'));
  assert.deepEqual(fields, [
    { name: 'subject', value: 'a b c' },
    { name: 'x-y', value: 'z' },
  ]);
  const long = `from ${'('.repeat(50_000)} by x with ESMTP; x`;
  const start = performance.now();
  parseHop(long);
  parseHop(`from ${'a '.repeat(20_000)}`);
  assert.ok(performance.now() - start < 500);
});
