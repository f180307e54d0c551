import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import * as packet from 'dns-packet';
import type { Answer, DecodedPacket, Packet, RecordType } from 'dns-packet';
import { splitStrings } from '../../src/dns/characterStrings';

export interface TestDns {
  port: number;
  /** `127.0.0.1:PORT`, as --resolver takes it. */
  address: string;
  /** Every question that came, as `TYPE name`, in order. */
  questions: string[];
  /** Ends all TCP connections. */
  hangUp(): void;
  /** Replaces all records. */
  load(zone: string): void;
  close(): Promise<void>;
}

export interface TestDnsOptions {
  /** Milliseconds before each answer. */
  delayMs?: number;
  /** The zones it is responsible for, each with an SOA: names below get NXDOMAIN or NODATA, all others REFUSED. Default: the root. */
  zones?: string[];
}

type Data = { type: string; value: string };

/**
 * A real DNS server on loopback, UDP and TCP, for zones written as lines `name TYPE value`. Names are absolute. `*.x` is a wildcard.
 * TXT values may be several quoted strings. Special types: `SERVFAIL`, `REFUSED`, `DROP` (never answers), `GARBAGE` (answers noise),
 * `BOGUS` (at and below the name: SERVFAIL unless the question has CD, as a validating resolver does for a broken signature),
 * `SECURE` (at and below the name: answers have AD).
 * Answers over 512 octets without EDNS, or over the size EDNS names, are cut with TC over UDP.
 */
export async function startDns(zone = '', options: TestDnsOptions = {}): Promise<TestDns> {
  const { delayMs = 0, zones = [''] } = options;
  let records = parseZone(zone);
  const questions: string[] = [];
  const respond = (octets: Buffer, limit: (query: DecodedPacket) => number, send: (reply: Buffer) => void) => {
    const query = packet.decode(octets);
    const question = query.questions![0]!;
    questions.push(`${question.type} ${question.name.toLowerCase()}`);
    const reply = answer(query, records, zones);
    if (!reply) return;
    setTimeout(() => {
      if (reply === 'garbage')
        return send(Buffer.concat([octets.subarray(0, 2), Buffer.from([0x84, 0, 0, 1, 0, 9, 0, 0, 0, 0, 0xff])]));
      const encoded = packet.encode(reply);
      if (encoded.length <= limit(query)) return send(encoded);
      send(
        packet.encode({
          ...reply,
          answers: [],
          authorities: [],
          flags: (reply.flags ?? 0) | packet.TRUNCATED_RESPONSE,
        }),
      );
    }, delayMs);
  };

  const udp = createSocket('udp4');
  udp.on('message', (octets, from) => respond(octets, udpLimit, reply => udp.send(reply, from.port, from.address)));
  const sockets = new Set<Socket>();
  const tcp = createServer(socket => {
    sockets.add(socket);
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= received.readUInt16BE(0) + 2) {
        const octets = received.subarray(2, received.readUInt16BE(0) + 2);
        received = received.subarray(octets.length + 2);
        respond(
          octets,
          () => 65_535,
          reply => socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply])),
        );
      }
    });
  });
  await new Promise<void>(resolve => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as { port: number };
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(port, '127.0.0.1', resolve));
  return {
    port,
    address: `127.0.0.1:${port}`,
    questions,
    hangUp: () => sockets.forEach(socket => socket.destroy()),
    load: text => (records = parseZone(text)),
    close: async () => {
      await new Promise<void>(resolve => udp.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => tcp.close(resolve));
    },
  };
}

function udpLimit(query: DecodedPacket): number {
  const opt = query.additionals?.find(record => record.type === 'OPT');
  return opt?.type === 'OPT' ? opt.udpPayloadSize : 512;
}

function parseZone(text: string): Map<string, Data[]> {
  const records = new Map<string, Data[]>();
  for (const line of text.split('\n')) {
    const match = /^(\S+)\s+(\S+)\s*(.*)$/.exec(line.trim());
    if (!match || match[1]!.startsWith('#')) continue;
    const name = match[1]!.toLowerCase().replace(/\.$/, '');
    records.set(name, [...(records.get(name) ?? []), { type: match[2]!.toUpperCase(), value: match[3]! }]);
  }
  return records;
}

function find(records: Map<string, Data[]>, name: string): Data[] | undefined {
  const own = records.get(name);
  if (own) return own;
  if ([...records.keys()].some(key => key.endsWith(`.${name}`))) return [];
  // RFC 4592: the wildcard of the closest encloser that exists.
  const labels = name.split('.');
  for (let at = 1; at <= labels.length; at++) {
    const encloser = labels.slice(at).join('.');
    const wildcard = records.get(encloser ? `*.${encloser}` : '*');
    if (wildcard) return wildcard;
    if (records.has(encloser) || [...records.keys()].some(key => key.endsWith(`.${encloser}`))) return undefined;
  }
  return undefined;
}

function answer(query: DecodedPacket, records: Map<string, Data[]>, zones: string[]): Packet | 'garbage' | undefined {
  const { name, type } = query.questions![0]!;
  const base: Packet = {
    type: 'response',
    id: query.id ?? 0,
    questions: query.questions!,
    flags: packet.AUTHORITATIVE_ANSWER | packet.RECURSION_DESIRED,
  };
  const lower = name.toLowerCase();
  const marked = (mark: string) =>
    [...records].some(
      ([at, data]) => data.some(item => item.type === mark) && (lower === at || lower.endsWith(`.${at}`)),
    );
  if (marked('BOGUS') && !query.flag_cd) return { ...base, flags: 2 };
  if (marked('SECURE')) base.flags! |= packet.AUTHENTIC_DATA;
  const zone = zones
    .filter(item => item === '' || lower === item || lower.endsWith(`.${item}`))
    .sort((a, b) => b.length - a.length)[0];
  if (zone === undefined) return { ...base, flags: 5 };
  const answers: Answer[] = [];
  let at = lower;
  for (let hop = 0; hop < 8; hop++) {
    const data = find(records, at);
    const special = data?.find(item => ['SERVFAIL', 'REFUSED', 'DROP', 'GARBAGE'].includes(item.type));
    if (special?.type === 'DROP') return undefined;
    if (special?.type === 'GARBAGE') return 'garbage';
    if (special) return { ...base, flags: special.type === 'SERVFAIL' ? 2 : 5 };
    if (!data) return { ...base, answers, flags: base.flags! | 3, authorities: [soa(zone)] };
    const own = data.filter(item => item.type === type);
    answers.push(...own.map(item => encode(at, type, item.value)));
    if (own.length > 0) return { ...base, answers };
    const alias = data.find(item => item.type === 'CNAME');
    if (!alias) return { ...base, answers, authorities: [soa(zone)] };
    answers.push({ name: at, type: 'CNAME', ttl: 60, data: alias.value });
    at = alias.value.toLowerCase();
  }
  return { ...base, flags: 2 };
}

function soa(zone: string): Answer {
  const data = {
    mname: 'ns.test',
    rname: 'hostmaster.test',
    serial: 1,
    refresh: 60,
    retry: 60,
    expire: 600,
    minimum: 30,
  };
  return { name: zone || '.', type: 'SOA', ttl: 60, data };
}

function encode(name: string, type: RecordType, value: string): Answer {
  const ttl = 60;
  switch (type) {
    case 'MX': {
      const [preference, exchange] = value.split(/\s+/);
      return { name, type, ttl, data: { preference: Number(preference), exchange: exchange! } };
    }
    case 'TXT': {
      const quoted = /^"/.test(value)
        ? [...value.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(match => match[1]!.replace(/\\(.)/g, '$1'))
        : splitStrings(value);
      return { name, type, ttl, data: quoted };
    }
    case 'CAA': {
      const match = /^(\d+) (\S+) "(.*)"$/.exec(value)!;
      return { name, type, ttl, data: { flags: Number(match[1]), tag: match[2] as 'issue', value: match[3]! } };
    }
    case 'TLSA': {
      const [usage, selector, matchingType, hex] = value.split(' ');
      return {
        name,
        type,
        ttl,
        data: {
          usage: Number(usage),
          selector: Number(selector),
          matchingType: Number(matchingType),
          certificate: Buffer.from(hex!, 'hex'),
        },
      };
    }
    // dns-packet knows the name of type 99 but not its form; it takes the octets as they are.
    case 'SPF' as RecordType:
      return {
        name,
        type,
        ttl,
        data: Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]),
      } as unknown as Answer;
    case 'DNSKEY':
      return { name, type, ttl, data: { flags: 257, algorithm: 13, key: Buffer.alloc(64, 1) } };
    case 'DS':
      return { name, type, ttl, data: { keyTag: 1, algorithm: 13, digestType: 2, digest: Buffer.alloc(32, 1) } };
    default:
      return { name, type, ttl, data: value } as Answer;
  }
}
