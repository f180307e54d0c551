import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { connect, isIPv6 } from 'node:net';
import { Framed, headerSize } from './framed';
import * as packet from 'dns-packet';
import type { DecodedPacket, Packet } from 'dns-packet';

/** A server to ask: a literal address, or a name that this machine knows (`localhost`). */
export interface ServerAddress {
  host: string;
  port: number;
}

/**
 * Reads `HOST`, `HOST:PORT`, `[V6]:PORT` or a bare IPv6 address; the port is 53 unless given.
 * @throws RangeError, in words for the user who wrote it.
 */
export function parseServer(text: string): ServerAddress {
  const bracketed = /^\[([^\]]+)\](?::(\d+))?$/.exec(text);
  const plain = /^([^:[\]\s]+)(?::(\d+))?$/.exec(text);
  const [host, digits] = isIPv6(text) ? [text, undefined] : [(bracketed ?? plain)?.[1], (bracketed ?? plain)?.[2]];
  const port = digits === undefined ? 53 : Number(digits);
  if (!host || (bracketed && !isIPv6(host)) || port < 1 || port > 65_535)
    throw new RangeError(
      `“${text}” does not name a DNS server. It needs an address, and a port from 1 to 65535. Write 192.0.2.53:53 or [2001:db8::53]:53.`,
    );
  return { host, port };
}

export function formatServer({ host, port }: ServerAddress): string {
  if (port === 53) return host;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

export class ExchangeError extends Error {
  constructor(readonly kind: 'timeout' | 'unreachable' | 'malformed') {
    super(kind);
  }
}

/** DNS Flag Day 2020: the largest UDP answer that no usual path fragments. */
const udpSize = 1232;

/** One question to one server: over UDP, and over TCP when the answer was cut (RFC 7766 §5). */
export async function exchange(
  query: Packet,
  server: ServerAddress,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DecodedPacket> {
  // dns-packet numbers questions from 1 to 65535; the number and the connected socket's port keep forged answers out (RFC 5452).
  const withEdns = { ...query, id: freshId(), additionals: [edns] };
  let reply = await overUdp(withEdns, server, timeoutMs, signal);
  // Servers older than RFC 6891 answer FORMERR or NOTIMP to EDNS; ask them as in 1987.
  if (['FORMERR', 'NOTIMP'].includes((reply as { rcode?: string }).rcode ?? ''))
    reply = await overUdp({ ...query, id: withEdns.id }, server, timeoutMs, signal);
  return reply.flag_tc ? overTcp(withEdns, server, timeoutMs, signal) : reply;
}

/** A number that nobody guesses. */
export function freshId(): number {
  return randomInt(1, 65_536);
}

export const edns: NonNullable<Packet['additionals']>[number] = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: udpSize,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** Whether `octets` answer `query`; undefined when they answer another one (a late or a forged datagram). */
export function accept(octets: Buffer, query: Packet): DecodedPacket | undefined {
  if (octets.length < headerSize || octets.readUInt16BE(0) !== query.id) return undefined;
  const reply = packet.decode(octets);
  const [asked, echoed] = [query.questions?.[0], reply.questions?.[0]];
  if (reply.type !== 'response') return undefined;
  if (echoed && (echoed.type !== asked?.type || echoed.name.toLowerCase() !== asked?.name.toLowerCase()))
    return undefined;
  return reply;
}

function overUdp(
  query: Packet,
  server: ServerAddress,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    let settled = false;
    const finish = (settle: () => void) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      // Only our own listeners: a socket that is still binding closes itself through one of its own.
      socket.removeAllListeners('message');
      socket.removeAllListeners('error');
      // Between close() and the event loop's next turn the socket may still raise an error.
      socket.on('error', () => undefined);
      socket.close();
      settle();
    };
    const abort = () => finish(() => reject(signal?.reason));
    const timer = setTimeout(() => finish(() => reject(new ExchangeError('timeout'))), timeoutMs);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    socket.on('error', () => finish(() => reject(new ExchangeError('unreachable'))));
    socket.on('message', octets => {
      try {
        const reply = accept(octets, query);
        if (reply) finish(() => resolve(reply));
      } catch {
        // A cut message may end in the middle of a record; TCP carries the whole of it.
        const cut = octets.length >= headerSize && (octets.readUInt8(2) & 0x02) !== 0;
        finish(() => (cut ? resolve({ flag_tc: true } as DecodedPacket) : reject(new ExchangeError('malformed'))));
      }
    });
    // The callback also comes with the error of a name that cannot be found.
    socket.connect(server.port, server.host, ((error?: Error) => {
      if (error) finish(() => reject(new ExchangeError('unreachable')));
      else if (!settled) socket.send(packet.encode(query));
    }) as () => void);
  });
}

function overTcp(
  query: Packet,
  server: ServerAddress,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, server.host);
    const received = new Framed();
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const abort = () => finish(() => reject(signal?.reason));
    const timer = setTimeout(() => finish(() => reject(new ExchangeError('timeout'))), timeoutMs);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    socket.on('error', () => finish(() => reject(new ExchangeError('unreachable'))));
    socket.on('close', () => finish(() => reject(new ExchangeError('unreachable'))));
    socket.on('connect', () => socket.write(packet.streamEncode(query)));
    socket.on('data', chunk => {
      const [octets] = received.push(chunk);
      if (!octets) return;
      try {
        const reply = accept(octets, query);
        finish(() => (reply ? resolve(reply) : reject(new ExchangeError('malformed'))));
      } catch {
        finish(() => reject(new ExchangeError('malformed')));
      }
    });
  });
}
