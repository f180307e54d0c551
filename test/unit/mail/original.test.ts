import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLikeOriginal, originalOf } from '../../../src/mail/original';

const original = [
  'Delivered-To: you@gmail.com',
  'Received: from mail.example.com (mail.example.com. [2001:db8::25])',
  '        by mx.google.com with ESMTPS id 1; Tue, 24 Nov 2026',
  'From: I <i@example.com>',
  'Subject: hi',
  '',
  'Hello,',
  '',
  '> quoted',
  '',
].join('\r\n');
const page = [
  'Original Message',
  '',
  'Message ID\t<1@example.com>',
  'Created at:\tTue, Nov 24, 2026 at 3:28 AM (Delivered after 1 second)',
  'From:\tI <i@example.com>',
  'To:\tyou@gmail.com',
  'Subject:\thi',
  'SPF:\tPASS with IP 2001:db8::25 Learn more',
  "DKIM:\t'PASS' with domain example.com Learn more",
  '',
  'Download Original',
  '',
  'Copy to clipboard',
  '',
].join('\n');
const unix = original.replaceAll('\r\n', '\n');

const shapes: [string, string, string][] = [
  ['as it is', original, original],
  ['with other line ends', unix, unix],
  ['with those of an old Macintosh', original.replaceAll('\r\n', '\r'), original],
  ['below empty lines', `\r\n \r\n${original}`, original],
  ['below the table of Gmail’s page', `${page}\n${unix}`, unix],
  ['below that table without its empty lines', `${page.replace(/\n+/g, '\n')}${unix}`, unix],
  ['of a mailbox file', `From i@example.com Tue Nov 24 03:28:01 2026\n${unix}`, unix],
  ['quoted in a reply', unix.replace(/^/gm, '> '), unix],
  ['quoted, with bare signs for its empty lines', unix.replace(/^/gm, '> ').replaceAll('> \n', '>\n'), unix],
  ['indented', unix.replace(/^/gm, '    '), unix],
  ['in base64', Buffer.from(original.repeat(2)).toString('base64').replace(/.{76}/g, '$&\n'), original.repeat(2)],
];

for (const [about, pasted, expected] of shapes)
  test(`the original is found ${about}`, () => {
    assert.equal(originalOf(Buffer.from(pasted)).toString().trimEnd(), expected.trimEnd());
    assert.ok(looksLikeOriginal(pasted));
  });

test('octets that are no UTF-8 stay as they are', () => {
  const raw = Buffer.concat([Buffer.from(original), Buffer.from([0xe4, 0xff, 0, 0xf6])]);
  assert.deepEqual(originalOf(raw), raw);
  assert.deepEqual(originalOf(Buffer.concat([Buffer.from('From x\r\n'), raw])), raw);
});

test('other texts are no originals, and are left alone', () => {
  for (const text of [
    '',
    'Hello,\n\nhow are you?',
    '<html>',
    'x'.repeat(500),
    '> Hello\n> you',
    '\r\r',
    '\n\n',
  ] as const) {
    assert.equal(originalOf(Buffer.from(text)).toString(), text);
    assert.ok(!looksLikeOriginal(text), text);
  }
});

test('deciding whether a text is an original takes no time, whatever its lines look like', () => {
  for (const line of ['Setting-1: value\r\n', 'a: b\r\n c\r\n', 'a:\r\n', ' \r\n']) {
    const started = performance.now();
    assert.equal(looksLikeOriginal(line.repeat(1000)), false);
    assert.ok(performance.now() - started < 1000, line);
  }
  assert.equal(looksLikeOriginal('X-A: b\r\n folded\r\nX-C:\r\nFrom: a@b.test\r\n\r\nhi'), true);
  assert.equal(looksLikeOriginal('no field\r\nFrom: a@b.test'), false);
});
