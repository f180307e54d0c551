import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Generator } from '../../generate';
import { listen, pump } from '../loopback';
import type { Liar, Trial } from '../run';
import { hostileText, noise } from '../texts';

type Stage = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message';
const stages: readonly Stage[] = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'message'];

const honest: Record<Stage, string> = {
  greeting: '220 mail.example.com ESMTP\r\n',
  EHLO: '250-mail.example.com\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n',
  AUTH: '235 2.7.0 Welcome\r\n',
  MAIL: '250 2.1.0 Go on\r\n',
  RCPT: '250 2.1.5 Go on\r\n',
  DATA: '354 Send it\r\n',
  message: '250 2.0.0 Taken\r\n',
};

type Lie = (socket: TLSSocket, make: Generator) => void;

/** What a receiver says at some stage instead of its answer. */
const lies: Record<string, Lie> = {
  'a line without end': socket => pump(socket, () => Buffer.alloc(65_536, 'x')),
  'lines without end': socket => pump(socket, () => Buffer.from('250-and so on\r\n'.repeat(4000))),
  'a refusal of any text': (socket, make) =>
    socket.write(`${make.pick([421, 454, 535, 550, 554])} ${hostileText(make).replaceAll(/[\r\n]+/g, ' ')}\r\n`),
  'a refusal of many lines': (socket, make) =>
    socket.write(
      `${Array.from({ length: 2000 }, () => `550-${hostileText(make, 50).replaceAll(/[\r\n]+/g, ' ')}`).join('\r\n')}\r\n550 end\r\n`,
    ),
  'codes of any kind': (socket, make) =>
    socket.write(
      make.pick([
        '000 no\r\n',
        '999 no\r\n',
        '2500 no\r\n',
        '25 no\r\n',
        'no\r\n',
        '\r\n\r\n',
        '250\r\n',
        '-250 a\r\n',
        '334 \r\n',
      ]),
    ),
  'an answer before its time': socket => socket.write(Object.values(honest).join('').repeat(50)),
  'the secret': socket =>
    socket.write(
      `550 AUTH PLAIN ${Buffer.from('\0i@example.com\0secret of mine').toString('base64')} secret of mine\r\n`,
    ),
  noise: (socket, make) => socket.write(noise(make, 5000)),
  silence: () => undefined,
  'an end': socket => socket.end(),
  'a cut': socket => void socket.destroy(),
};

/** Before TLS, or instead of it. */
const bare: Record<string, (socket: Socket, make: Generator) => void> = {
  'clear text instead of TLS': (socket, make) => socket.end(`220 ${hostileText(make)}\r\n`),
  'noise instead of TLS': (socket, make) => socket.end(noise(make, 4000)),
  'a TLS alert': socket => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])),
  'a TLS record without end': socket => socket.write(Buffer.from([0x16, 3, 3, 0x3f, 0xff, 2, 0xff, 0xff, 0xff])),
  'silence instead of TLS': () => undefined,
  'an end instead of TLS': socket => socket.end(),
  'a cut instead of TLS': socket => void socket.resetAndDestroy(),
};

let made: { key: Buffer; cert: Buffer } | undefined;

function certificate(): { key: Buffer; cert: Buffer } {
  if (made) return made;
  const folder = mkdtempSync(join(tmpdir(), 'receiver-'));
  const file = (name: string): string => join(folder, name);
  const subject = '/O=[x](command:y)/CN=mail.example.com';
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      subject,
      '-keyout',
      file('key'),
      '-out',
      file('cert'),
    ],
    { stdio: 'ignore' },
  );
  made = { key: readFileSync(file('key')), cert: readFileSync(file('cert')) };
  rmSync(folder, { recursive: true });
  return made;
}

export const receiverTrials: Trial[] = [
  ...Object.entries(bare).map(([name, lie]): Trial => ({
    name,
    act: 'submit',
    quiet: /silence|record/.test(name),
    start: make => start(createServer(socket => lie(socket, make))),
  })),
  ...Object.entries(lies).flatMap(([name, lie]) =>
    stages.map((stage): Trial => ({
      name: `${name} as ${stage}`,
      act: 'submit',
      quiet: /silence|codes/.test(name),
      start: make => start(receiver(stage, lie, make)),
    })),
  ),
];

export const honestReceiver: Trial = {
  name: 'nothing',
  act: 'submit',
  quiet: false,
  start: make => start(receiver(undefined, () => undefined, make)),
};

/** A submission server with implicit TLS that tells the truth up to one stage. */
function receiver(liedAt: Stage | undefined, lie: Lie, make: Generator): ReturnType<typeof createTlsServer> {
  return createTlsServer(certificate(), socket => {
    socket.on('error', () => socket.destroy());
    const say = (stage: Stage): void => void (stage === liedAt ? lie(socket, make) : socket.write(honest[stage]));
    let inMessage = false;
    let held = '';
    socket.on('data', chunk => {
      held += chunk.toString('latin1');
      for (let end = held.indexOf('\r\n'); end >= 0; end = held.indexOf('\r\n')) {
        const line = held.slice(0, end);
        held = held.slice(end + 2);
        const stage = stages.find(each => line.toUpperCase().startsWith(each));
        if (inMessage) {
          if (line !== '.') continue;
          inMessage = false;
          say('message');
        } else if (stage) {
          inMessage = stage === 'DATA' && liedAt !== 'DATA';
          say(stage);
        } else socket.write('250 Ok\r\n');
      }
    });
    say('greeting');
  });
}

async function start(server: ReturnType<typeof createServer>): Promise<Liar> {
  let visits = 0;
  server.on('connection', () => visits++);
  server.on('tlsClientError', () => undefined);
  const { port, close } = await listen(server);
  return { asked: { port }, visited: () => visits > 0, stop: close };
}
