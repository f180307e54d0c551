import type { Generator } from '../../generate';
import type { Trial } from '../run';
import { hostileText, noise } from '../texts';

const head =
  'Received: from mail.example.com (mail.example.com [192.0.2.1]) by mx.example.net with ESMTPS; Tue, 1 Sep 2026 10:00:00 +0000\r\nReturn-Path: <i@example.com>\r\nFrom: i@example.com\r\nTo: you@example.net\r\nSubject: x\r\n';

/** Messages as nobody honest sends them. */
const messages: Record<string, (make: Generator) => string | Buffer> = {
  'a header field of 1 MB': make =>
    `${head}X: ${make.pick(['a', ' ', 'a ', '\t', '(', '"', '=?utf-8?q?', ';', 'd=', '<'])}`.padEnd(
      1_000_000,
      make.pick(['a', ' x', '(', ';b=', '=?', '"']),
    ) + '\r\n\r\ntext',
  '100,000 header fields': make =>
    `${head}${`${make.pick(['X: y', 'Received: from a by b', 'DKIM-Signature: v=1', 'From: a@b.test', 'Authentication-Results: x; spf=pass', ':', 'ARC-Seal: i=1'])}\r\n`.repeat(100_000)}\r\ntext`,
  'a header that is folded without end': make =>
    `${make.pick(['X', 'From', 'Received', 'DKIM-Signature', 'Subject', 'Authentication-Results'])}: a\r\n${make
      .pick([' b', '\tb;', ' (', '  ', ' "', ' b='])
      .concat('\r\n')
      .repeat(60_000)}${head}\r\ntext`,
  'parts within parts': make => {
    const depth = make.pick([100, 3000]);
    const parts = Array.from(
      { length: depth },
      (_, at) => `Content-Type: multipart/mixed; boundary="b${at}"\r\n\r\n--b${at}\r\n`,
    );
    return `${head}MIME-Version: 1.0\r\n${parts.join('')}\r\ntext`;
  },
  'what is said to be base64': make =>
    `${head}Content-Transfer-Encoding: base64\r\n\r\n${noise(make, 500_000).toString('latin1')}`,
  'nothing but base64': make => noise(make, 1_000_000).toString('base64'),
  'a text of 20 MB': () => Buffer.concat([Buffer.from(`${head}\r\n`), Buffer.alloc(20_000_000, 'text without end ')]),
  'results of any text': make =>
    `${Array.from({ length: 50 }, () => `Authentication-Results: ${hostileText(make, 3000).replaceAll(/[\r\n]+/g, ' ')} smtp.mailfrom=${hostileText(make, 200).replaceAll(/[\r\n]+/g, ' ')}`).join('\r\n')}\r\n${head}\r\ntext`,
  'ways of any text': make =>
    `${Array.from({ length: 60 }, () => `Received: from ${hostileText(make, 2000).replaceAll(/[\r\n]+/g, ' ')} by ${hostileText(make, 100).replaceAll(/[\r\n]+/g, ' ')} with ${make.pick(['ESMTPS', 'x', 'ESMTP'])}`).join('\r\n')}\r\nFrom: i@example.com\r\n\r\ntext`,
  'many signatures': make =>
    `${Array.from({ length: make.pick([50, 3000]) }, (_, at) => `DKIM-Signature: v=1; a=rsa-sha256; c=${make.pick(['relaxed/relaxed', 'simple/simple', 'x/y'])}; d=d${at}.test; s=s; h=${'from:'.repeat(make.number(300))}to; bh=${'A'.repeat(44)}; b=${'B'.repeat(344)}`).join('\r\n')}\r\n${head}\r\n${'text\r\n'.repeat(1000)}`,
  'signatures of any text': make =>
    `${Array.from({ length: 50 }, () => `DKIM-Signature: v=1; a=${hostileText(make, 50).replaceAll(/[\r\n]+/g, ' ')}; d=${hostileText(make, 300).replaceAll(/[\r\n]+/g, ' ')}; s=x; l=${make.pick(['-1', '9e99', '0', 'x'])}; t=${'9'.repeat(make.number(400))}; x=1; h=from; bh=x; b=${hostileText(make, 500).replaceAll(/[\r\n]+/g, ' ')}`).join('\r\n')}\r\n${head}\r\ntext`,
  'authors of any text': make =>
    `Received: from a by b\r\nFrom: ${hostileText(make, 5000).replaceAll(/[\r\n]+/g, ' ')}@${hostileText(make, 500).replaceAll(/[\r\n]+/g, ' ')}\r\nReturn-Path: <${hostileText(make, 500).replaceAll(/[\r\n]+/g, ' ')}>\r\n\r\ntext`,
  'nothing but spaces': make => make.pick([' ', '\r\n', '\n', '\t', '> ']).repeat(500_000),
  'quotes of quotes': make => `${'> '.repeat(make.number(5000))}From: a@b.test\n`.repeat(20),
  'line ends of one kind': make =>
    `${head}\r\n${'a'.repeat(50)}`.replaceAll('\r\n', make.pick(['\r', '\n', '\n\r', '\r\r\n'])).repeat(500),
  noise: make => noise(make, 300_000),
  'octets changed here and there': make => {
    const octets = Buffer.from(
      `${head}DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=${'A'.repeat(44)}; b=${'B'.repeat(88)}\r\n\r\ntext\r\n`,
    );
    for (let count = make.number(40); count > 0; count--) octets[make.number(octets.length)] = make.number(256);
    return octets;
  },
};

export const messageTrials: Trial[] = Object.entries(messages).map(([name, write]) => trial(name, write));

export const honestMessage: Trial = trial('nothing', () => `${head}\r\ntext\r\n`);

function trial(name: string, write: (make: Generator) => string | Buffer): Trial {
  return {
    name,
    act: 'analyze',
    quiet: false,
    start: make =>
      Promise.resolve({
        asked: { port: 0, text: Buffer.from(write(make) as string).toString('base64') },
        visited: () => true,
        stop: () => Promise.resolve(),
      }),
  };
}
