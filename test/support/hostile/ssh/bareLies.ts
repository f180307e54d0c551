import type { Socket } from 'node:net';
import { hostileOctets, hostileText, noise } from '../texts';
import { kind, message, plainPacket } from './raw';
import type { SshLie } from './server';

/** Lies from before anything is encrypted: whoever listens on a port can tell them. */
export const bareLies: SshLie[] = [
  { name: 'a greeting that is markup, then nothing', bare: (socket, make) => socket.end(`${hostileText(make)}\r\n`) },
  {
    name: 'greeting lines before SSH, then the end',
    bare: (socket, make) => socket.end(Buffer.concat([hostileOctets(make), Buffer.from('\r\nSSH-2.0-evil\r\n')])),
  },
  { name: '10 MB without a line end', bare: socket => pump(socket, () => Buffer.alloc(65_536, 'x'), 10_000_000) },
  {
    name: '10 MB of lines',
    bare: (socket, make) => pump(socket, () => Buffer.from(`${hostileText(make, 100)}\n`.repeat(200)), 10_000_000),
  },
  { name: 'silence', quiet: true, bare: () => undefined },
  { name: 'one octet at a time', quiet: true, bare: socket => drip(socket, 'Welcome to the server\r\n'.repeat(1000)) },
  { name: 'a hurried end', bare: socket => socket.resetAndDestroy() },
  { name: 'an end at once', bare: socket => socket.end() },
  {
    name: 'another protocol',
    bare: (socket, make) =>
      socket.end(
        make.pick([
          'HTTP/1.1 400 Bad Request\r\nServer: [x](command:y)\r\n\r\n<html>',
          '220 mail.example.com ESMTP [x](command:y)\r\n',
          '* OK IMAP4rev1\r\n',
          Buffer.from([0x15, 3, 1, 0, 2, 2, 70]),
          'SSH-1.5-OpenSSH_1.2\r\n',
          'SSH-9.9-future\r\n',
          'SSH-2.0\r\n',
          'SSH-\r\n',
        ]),
      ),
  },
  {
    name: 'a version of any text',
    bare: (socket, make) =>
      socket.write(`SSH-2.0-${hostileText(make).slice(0, 230)}\r\n`, () => socket.end(noise(make, 400))),
  },
  { name: 'noise', bare: (socket, make) => socket.end(noise(make, 5000)) },
  { name: 'a version, then noise', bare: (socket, make) => socket.write(Buffer.concat([ident, noise(make, 3000)])) },
  {
    name: 'DISCONNECT in clear text',
    bare: (socket, make) =>
      socket.end(
        Buffer.concat([
          ident,
          plainPacket(message(kind.disconnect, make.number(16), hostileOctets(make), hostileText(make, 50))),
        ]),
      ),
  },
  {
    name: 'DISCONNECT after a greeting',
    bare: (socket, make) =>
      socket.end(
        Buffer.concat([
          Buffer.from(`${hostileText(make, 100).replaceAll(/[\r\n]/g, '')}\r\n`),
          ident,
          plainPacket(message(kind.disconnect, 2, hostileOctets(make), '')),
        ]),
      ),
  },
  {
    name: 'a packet of any length',
    bare: (socket, make) =>
      socket.write(
        Buffer.concat([
          ident,
          plainPacket(noise(make, 40), make.pick([0, 1, 5, 40_000, 262_144, 0x7fffffff, 0xffffffff])),
        ]),
        () => pump(socket, () => Buffer.alloc(65_536), 1_000_000),
      ),
  },
  {
    name: 'endless IGNORE and DEBUG',
    quiet: true,
    bare: (socket, make) => {
      const packet = plainPacket(
        message(make.pick([kind.ignore, kind.debug]), ...(make.number(2) ? [true] : []), hostileOctets(make, 2000), ''),
      );
      socket.write(ident);
      pump(socket, () => packet, Infinity, 10);
    },
  },
  {
    name: 'an offer of cryptography that nobody has',
    bare: (socket, make) => {
      socket.write(ident);
      const list = make.pick([hostileText(make, 2000), 'none', '', 'x,'.repeat(1000), ','.repeat(2000)]);
      const lists = Array.from({ length: 10 }, () => (make.number(3) ? list : ''));
      socket.write(
        plainPacket(
          Buffer.concat([message(kind.kexInit), noise(make, 16), message(0, ...lists, false, 0).subarray(1)]),
        ),
      );
    },
    quiet: true,
  },
  {
    name: 'an offer, then noise',
    bare: (socket, make) => {
      socket.write(ident);
      socket.end(plainPacket(Buffer.concat([message(kind.kexInit), noise(make, 200)])));
    },
  },
];

const ident = Buffer.from('SSH-2.0-evil\r\n');

/** Sends `most` octets in pieces as fast as they are taken, or one every so many milliseconds. */
function pump(socket: Socket, piece: () => Buffer, most: number, everyMs?: number): void {
  let sent = 0;
  const next = (): void => {
    while (sent < most && !socket.destroyed) {
      const octets = piece();
      sent += octets.length;
      const goesOn = socket.write(octets);
      if (everyMs !== undefined) return void setTimeout(next, everyMs);
      if (!goesOn) return void socket.once('drain', next);
    }
    if (!socket.destroyed) socket.end();
  };
  next();
}

function drip(socket: Socket, text: string): void {
  let at = 0;
  const next = (): void => {
    if (socket.destroyed || at === text.length) return;
    socket.write(text[at++]!);
    setTimeout(next, 50);
  };
  next();
}
