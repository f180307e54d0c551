import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import * as packet from 'dns-packet';
import type { Generator } from '../../generate';
import type { DnsAct } from '../acts/dns';
import { listen } from '../loopback';
import type { Liar } from '../run';

/** One way in which a DNS server lies. */
export interface DnsLie {
  name: string;
  acts?: readonly DnsAct[];
  quiet?: true;
  /** The octets to answer a question with, each in a message of its own; over UDP nothing longer than a datagram. */
  reply?: (query: packet.DecodedPacket, make: Generator, over: 'udp' | 'tcp') => Buffer[];
  /** Instead of that, over TCP: takes over the connection once a question has come. */
  stream?: (socket: Socket, query: packet.DecodedPacket, make: Generator) => void;
}

export async function startHostileDns(lie: DnsLie, make: Generator): Promise<Liar> {
  let visits = 0;
  const udp = createSocket('udp4');
  const answers = (octets: Buffer, over: 'udp' | 'tcp'): Buffer[] => {
    visits++;
    return lie.reply?.(read(octets), make, over) ?? [truncated(read(octets))];
  };
  udp.on('message', (octets, from) => {
    for (const reply of answers(octets, 'udp'))
      udp.send(reply.subarray(0, 60_000), from.port, from.address, () => undefined);
  });
  udp.on('error', () => undefined);
  const tcp = createServer(socket => {
    let held = Buffer.alloc(0);
    socket.on('data', chunk => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 2 && held.length >= held.readUInt16BE(0) + 2) {
        const octets = held.subarray(2, held.readUInt16BE(0) + 2);
        held = held.subarray(octets.length + 2);
        if (lie.stream) {
          visits++;
          lie.stream(socket, read(octets), make);
        } else for (const reply of answers(octets, 'tcp')) socket.write(framed(reply));
      }
    });
  });
  const { port, close } = await listen(tcp);
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(port, '127.0.0.1', resolve));
  return {
    asked: { port },
    visited: () => visits > 0,
    stop: async () => {
      await new Promise<void>(resolve => udp.close(() => resolve()));
      await close();
    },
  };
}

/** The question; of an update, which dns-packet cannot read, only its number. */
function read(octets: Buffer): packet.DecodedPacket {
  try {
    return packet.decode(octets);
  } catch {
    return { id: octets.readUInt16BE(0), questions: [{ name: 'example.test', type: 'SOA' }] } as packet.DecodedPacket;
  }
}

/** Asks to come again over TCP. */
export function truncated(query: packet.DecodedPacket): Buffer {
  return packet.encode({
    type: 'response',
    id: query.id!,
    flags: packet.TRUNCATED_RESPONSE,
    questions: query.questions!,
  });
}

export function framed(message: Buffer): Buffer {
  const size = Buffer.alloc(2);
  size.writeUInt16BE(message.length & 0xffff);
  return Buffer.concat([size, message]);
}
