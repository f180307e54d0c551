import type { Socket } from 'node:net';
import * as packet from 'dns-packet';
import type { Answer, DecodedPacket } from 'dns-packet';
import type { Generator } from '../../generate';
import type { DnsAct } from '../acts/dns';
import { hostileText, noise } from '../texts';
import { type DnsLie, framed, truncated } from './server';

const all: readonly DnsAct[] = ['questions', 'check', 'stream'];

/** Lies of whoever answers DNS questions. */
export const dnsLies: DnsLie[] = [
  { name: 'noise', acts: all, reply: (query, make) => [Buffer.concat([id(query), noise(make, make.number(2000))])] },
  { name: 'silence', acts: [...all, 'update'], quiet: true, reply: () => [] },
  {
    name: 'answers to others',
    acts: all,
    quiet: true,
    reply: (query, make) => Array.from({ length: 50 }, () => respond({ ...query, id: make.number(65_536) }, [])),
  },
  {
    name: 'an answer to another question',
    acts: all,
    quiet: true,
    reply: query => [respond({ ...query, questions: [{ name: 'other.test', type: 'A' }] }, [])],
  },
  { name: 'a question as the answer', acts: all, quiet: true, reply: query => [packet.encode(query)] },
  { name: 'any code', acts: all, reply: (query, make) => [respond(query, [], make.number(16))] },
  { name: 'names that point at themselves', acts: all, reply: query => [pointers(query, [0xc0, 0x0c + 4])] },
  {
    name: 'names that point in a circle',
    acts: all,
    reply: query => [pointers(query, [0xc0, 12 + 18 + 2, 0xc0, 12 + 18])],
  },
  { name: 'names that point beyond the end', acts: all, reply: query => [pointers(query, [0xff, 0xff])] },
  {
    name: 'counts that are not true',
    acts: all,
    reply: (query, make) => {
      const octets = respond(query, []);
      for (const at of [4, 6, 8, 10]) octets.writeUInt16BE(make.pick([0, 1, 255, 65_535]), at);
      return [octets];
    },
  },
  {
    name: 'an answer that is cut',
    acts: all,
    reply: (query, make) =>
      (whole => [whole.subarray(0, make.number(whole.length))])(respond(query, records(query, make))),
  },
  {
    name: 'an answer with changed octets',
    acts: all,
    reply: (query, make) => [damaged(respond(query, records(query, make)), make)],
  },
  {
    name: 'records of any text',
    acts: [...all, 'zones'],
    reply: (query, make) => [respond(query, records(query, make))],
  },
  {
    name: 'texts of 64 KB',
    acts: all,
    reply: (query, make, over) =>
      over === 'udp'
        ? [truncated(query)]
        : [
            respond(
              query,
              txt(
                query,
                Array.from({ length: 240 }, () =>
                  make.pick([
                    'v=spf1 ',
                    'include:a.b ',
                    'a:%{i} ',
                    'x'.repeat(255),
                    '"'.repeat(255),
                    'v=DMARC1; '.repeat(25),
                  ]),
                ),
              ),
            ),
          ],
  },
  {
    name: 'thousands of records',
    acts: all,
    reply: (query, _make, over) =>
      over === 'udp'
        ? [truncated(query)]
        : [
            respond(
              query,
              Array.from({ length: 2000 }, (_, index) => record(query, { type: 'A', data: `192.0.2.${index % 256}` })),
            ),
          ],
  },
  {
    name: 'aliases in a circle',
    acts: [...all, 'zones'],
    reply: query => {
      const [asked] = query.questions!;
      const next = asked!.name === 'example.test' ? 'circle.test' : 'example.test';
      return [respond(query, [record(query, { type: 'CNAME', data: next })])];
    },
  },
  {
    name: 'aliases without end',
    acts: [...all, 'zones'],
    reply: (query, make) => [respond(query, [record(query, { type: 'CNAME', data: `a${make.number(1e9)}.test` })])],
  },
  {
    name: 'a chain of aliases in one answer',
    acts: all,
    reply: query => [
      respond(
        query,
        Array.from({ length: 200 }, (_, index) => ({
          name: index ? `a${index}.test` : query.questions![0]!.name,
          type: 'CNAME',
          ttl: 1,
          data: `a${index + 1}.test`,
        })),
      ),
    ],
  },
  {
    name: 'zones of any name',
    acts: [...all, 'zones'],
    reply: (query, make) => [
      respond(query, [], 3, [
        {
          name: make.pick(['x\n update delete a.test.test', '[a](command:x).test', 'example.test', '.', '\u202e.test']),
          type: 'SOA',
          ttl: 2 ** 31,
          data: {
            mname: hostileName(make),
            rname: hostileName(make),
            serial: 0,
            refresh: 0,
            retry: 0,
            expire: 0,
            minimum: 2 ** 32 - 1,
          },
        },
      ]),
    ],
  },
  {
    name: 'name servers without number',
    acts: ['zones'],
    reply: query => {
      const [{ name, type }] = query.questions! as [{ name: string; type: string }];
      if (type === 'SOA')
        return [
          respond(query, [
            record(query, {
              type: 'SOA',
              data: { mname: 'ns.test', rname: 'x.test', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 },
            }),
          ]),
        ];
      if (type === 'NS')
        return [
          respond(
            query,
            Array.from({ length: 60 }, (_, index) => record(query, { type: 'NS', data: `ns${index}.${name}` })),
          ),
        ];
      return [respond(query, [record(query, { type: 'A', data: '127.0.0.1' })])];
    },
  },
  {
    name: 'a stream without end',
    acts: ['questions', 'stream', 'update'],
    stream: (socket, query) =>
      pump(socket, () => framed(respond({ ...query, id: (query.id! + 1) & 0xffff }, txt(query, ['x'])))),
  },
  {
    name: 'a stream of zeros',
    acts: ['questions', 'stream', 'update'],
    stream: socket => pump(socket, () => Buffer.alloc(65_536)),
  },
  {
    name: 'a message that never ends',
    acts: ['questions', 'stream', 'update'],
    quiet: true,
    stream: socket => void socket.write(Buffer.from([0xff, 0xff, 1, 2, 3])),
  },
  {
    name: 'a message octet by octet',
    acts: ['questions', 'stream', 'update'],
    quiet: true,
    stream: (socket, query) => drip(socket, framed(respond(query, txt(query, ['x'.repeat(200)])))),
  },
  { name: 'an end instead of an answer', acts: ['questions', 'stream', 'update'], stream: socket => socket.end() },
  {
    name: 'a cut instead of an answer',
    acts: ['questions', 'stream', 'update'],
    stream: socket => void socket.resetAndDestroy(),
  },
  {
    name: 'any answer to an update',
    acts: ['update'],
    reply: (query, make) => [
      make.pick([
        Buffer.concat([id(query), noise(make, 60)]),
        respond(query, [], make.number(16)),
        damaged(respond(query, records(query, make)), make),
      ]),
    ],
  },
];

const id = (query: DecodedPacket): Buffer => Buffer.from([query.id! >> 8, query.id! & 255, 0x84, 0]);

function respond(query: DecodedPacket, answers: Answer[], code = 0, authorities: Answer[] = []): Buffer {
  return packet.encode({
    type: 'response',
    id: query.id!,
    flags: packet.AUTHORITATIVE_ANSWER | code,
    questions: query.questions!,
    answers,
    authorities,
  });
}

function record(query: DecodedPacket, of: { type: string; data: unknown }): Answer {
  return { name: query.questions![0]!.name, ttl: 60, ...of } as Answer;
}

const txt = (query: DecodedPacket, strings: string[]): Answer[] => [
  record(query, { type: 'TXT', data: strings.map(text => text.slice(0, 255)) }),
];

const hostileName = (make: Generator): string =>
  make.pick([
    '[a](command:x)',
    '\u001b[31m.test',
    'a b.test',
    `${'x'.repeat(63)}.test`,
    '*.test',
    'a\nb.test',
    '<b>.test',
    'xn--0000.test',
    '_'.repeat(60),
  ]);

/** An answer of the type that was asked for, with data of any kind. */
function records(query: DecodedPacket, make: Generator): Answer[] {
  const type = query.questions![0]!.type as string;
  const strings = (): string[] =>
    Array.from({ length: 1 + make.number(4) }, () =>
      make
        .pick([
          hostileText(make, 250),
          'v=spf1 ',
          'include:example.test ',
          'v=DMARC1; p=',
          'redirect=example.test ',
          'v=DKIM1; k=rsa; p=',
        ])
        .slice(0, 60),
    );
  const data: Record<string, () => unknown> = {
    A: () => `${make.number(256)}.0.0.1`,
    AAAA: () => '::ffff:127.0.0.1',
    MX: () => ({ preference: make.number(65_536), exchange: hostileName(make) }),
    TXT: strings,
    CAA: () => ({ flags: make.number(256), tag: 'issue', value: hostileText(make, 100).slice(0, 60) }),
    TLSA: () => ({
      usage: make.number(256),
      selector: make.number(256),
      matchingType: make.number(256),
      certificate: noise(make, make.number(300)),
    }),
    NS: () => hostileName(make),
    PTR: () => hostileName(make),
    CNAME: () => hostileName(make),
    DS: () => ({ keyTag: 1, algorithm: 13, digestType: 2, digest: noise(make, 32) }),
    DNSKEY: () => ({ flags: 257, algorithm: 13, key: noise(make, 64) }),
    SOA: () => ({
      mname: hostileName(make),
      rname: hostileName(make),
      serial: 1,
      refresh: 1,
      retry: 1,
      expire: 1,
      minimum: 1,
    }),
  };
  const one = data[type];
  return one ? Array.from({ length: 1 + make.number(6) }, () => record(query, { type, data: one() })) : [];
}

/** An answer whose name is written in these octets. */
function pointers(query: DecodedPacket, name: number[]): Buffer {
  const head = respond(query, []);
  head.writeUInt16BE(1, 6);
  return Buffer.concat([head, Buffer.from([...name, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4])]);
}

function damaged(octets: Buffer, make: Generator): Buffer {
  for (let count = make.number(6) + 1; count > 0 && octets.length > 2; count--)
    octets[2 + make.number(octets.length - 2)] = make.number(256);
  return octets;
}

function pump(socket: Socket, piece: () => Buffer): void {
  const next = (): void => {
    while (!socket.destroyed) if (!socket.write(piece())) return void socket.once('drain', next);
  };
  next();
}

function drip(socket: Socket, octets: Buffer): void {
  let at = 0;
  const timer = setInterval(
    () => (at < octets.length && !socket.destroyed ? socket.write(octets.subarray(at, ++at)) : clearInterval(timer)),
    50,
  );
}
