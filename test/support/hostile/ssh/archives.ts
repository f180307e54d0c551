import { buffer } from 'node:stream/consumers';
import { createGzip, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import type { Generator } from '../../generate';
import { hostileText, noise } from '../texts';
import { archive, files } from './answers';

/** What comes where the configuration files of a server should come: a gzipped tar, or what looks like one. */
export async function hostileArchive(make: Generator): Promise<Buffer> {
  return make.pick(kindsOf(make))();
}

export function kindsOf(make: Generator): (() => Buffer | Promise<Buffer>)[] {
  return [
    () => Buffer.alloc(0),
    () => noise(make, 2000),
    () => gzipSync(noise(make, 20_000)),
    () => bomb(),
    () => bombOfFiles(),
    async () => gzipSync(await longHeader('A'.repeat(100), '99999999999\0')),
    async () => gzipSync(await longHeader('x/../../etc/passwd', '77777777777\0')),
    async () => gzipSync(await longHeader('\u001b[31m', '-1\0')),
    async () => (sound => sound.subarray(0, make.number(sound.length)))(await archive(files)),
    async () => (sound => (sound.fill(make.number(256), 20, 30), sound))(await archive(files)),
    () =>
      archive({
        ...files,
        '../../../root/.ssh/authorized_keys': 'x',
        '/etc/passwd': 'x',
        'domains/../..': 'x',
        [`domains/${'d/'.repeat(90)}x`]: 'x',
      }),
    () =>
      archive(
        Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`domains/d${index}/aliases`, 'a: b\n'])),
      ),
    () => links(make),
    () => gzipSync(paxHeader(make)),
    () => archive({ ...files, 'domains/example.com/aliases': 'a: b, c, d\n'.repeat(500_000) }),
    () => archive({ ...files, 'domains/example.com/aliases': `${hostileText(make)}\n`.repeat(300) }),
    () => archive({ ...files, 'domains/example.com/aliases': Buffer.alloc(8_000_000, 'a') }),
    () =>
      archive({ ...files, 'domains/example.com/users': 'users: { key: "a" value: { denied: {} } }\n'.repeat(100_000) }),
    () => archive({ ...files, 'domains/example.com/users': 'users < '.repeat(500_000) }),
    () => archive({ ...files, 'domains/example.com/users': Buffer.alloc(8_000_000, '"\\x41') }),
    () => archive({ ...files, 'chasquid.conf': `hostname: "${hostileText(make)}"\n`.repeat(20_000) }),
    () => archive({ ...files, 'chasquid.conf': '{[<'.repeat(1_000_000) }),
    () => archive({ ...files, 'certs/mail.example.com/fullchain.pem': noise(make, 1_000_000) }),
    () =>
      archive({
        ...files,
        'certs/mail.example.com/fullchain.pem': '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n'.repeat(
          10_000,
        ),
      }),
    () =>
      archive({ ...files, 'certs/mail.example.com/fullchain.pem': '-----BEGIN CERTIFICATE-----\n'.repeat(100_000) }),
  ];
}

let madeBomb: Promise<Buffer> | undefined;

/** 2 GB of zeros in 2 MB. */
function bomb(): Promise<Buffer> {
  return (madeBomb ??= (async () => {
    const gzip = createGzip();
    const piece = Buffer.alloc(16_000_000);
    const whole = buffer(gzip);
    for (let count = 0; count < 125; count++)
      if (!gzip.write(piece)) await new Promise<void>(resolve => gzip.once('drain', () => resolve()));
    gzip.end();
    return whole;
  })());
}

/** Files of zeros, which are within bounds each. */
function bombOfFiles(): Promise<Buffer> {
  const piece = Buffer.alloc(10_000_000);
  return archive(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`domains/d${index}/aliases`, piece])));
}

/** The first header of a sound tar with another name and size, as they stand in it (POSIX ustar). */
async function longHeader(name: string, size: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'chasquid.conf' }, 'x'.repeat(1000));
  tar.finalize();
  const octets = await buffer(tar);
  octets.write(name.padEnd(100, '\0'), 0, 100, 'latin1');
  octets.write(size, 124, 12, 'latin1');
  octets.fill(' ', 148, 156);
  const sum = octets.subarray(0, 512).reduce((total, octet) => total + octet, 0);
  octets.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return octets;
}

async function links(make: Generator): Promise<Buffer> {
  const tar = pack();
  const types: Header['type'][] = ['symlink', 'link', 'directory', 'fifo', 'character-device', 'contiguous-file'];
  for (let count = 0; count < 50; count++)
    tar.entry({
      name: `domains/d${count}/aliases`,
      type: make.pick(types),
      linkname: hostileText(make, 50).replaceAll('\0', ''),
    });
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** A pax header (POSIX) that goes on for 5 MB, or whose records have wrong lengths. */
function paxHeader(make: Generator): Buffer {
  const body = make.pick([
    Buffer.from('30 path=x\n'.repeat(500_000)),
    Buffer.from('99999999 path=x\n'),
    Buffer.from('0 =\n'),
    Buffer.alloc(5_000_000, '1'),
  ]);
  const header = Buffer.alloc(512);
  header.write('pax', 0);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('x', 156);
  header.write('ustar\x0000', 257);
  header.fill(' ', 148, 156);
  header.write(
    `${header
      .reduce((total, octet) => total + octet, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, body, Buffer.alloc(512 - (body.length % 512))]);
}
