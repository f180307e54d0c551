import type { Duplex } from 'node:stream';
import * as packet from 'dns-packet';
import type { DecodedPacket, Packet } from 'dns-packet';
import type { QueryType, Resolver } from './answer';
import { failedAnswer } from './answer';
import { Framed, headerSize } from './framed';
import { readReply } from './read';
import { fitsWire, question } from './servers';
import { accept, edns, ExchangeError, freshId } from './wire';

export interface StreamOptions {
  /** Opens a connection to the server's TCP port. */
  open: () => Promise<Duplex>;
  /** The server, for people. */
  label: string;
  /** Milliseconds for one question. Default 2000. */
  timeoutMs?: number;
}

interface Waiting {
  query: Packet;
  settle: (result: DecodedPacket | ExchangeError) => void;
}

/**
 * A resolver that is asked over a stream which somebody else opens, such as a tunnel. All questions share one connection and are
 * answered in any order (RFC 7766 §6.2); when the server has closed it, the next question opens another.
 */
export function streamResolver({ open, label, timeoutMs = 2000 }: StreamOptions): Required<Resolver> {
  const connection = new Connection(open);
  const ask = async (name: string, type: QueryType, checkingDisabled: boolean, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    if (!fitsWire(name))
      return { name, type, state: 'no-name' as const, values: [], aliases: [], authenticated: false, server: label };
    const query: Packet = { ...question(name, type, true, checkingDisabled), additionals: [edns] };
    const reply = await connection.exchange(query, timeoutMs, signal);
    return reply instanceof ExchangeError
      ? failedAnswer(name, type, label, reply.kind)
      : readReply(reply, name, type, label);
  };
  return {
    query: (name, type, signal) => ask(name, type, false, signal),
    unchecked: (name, type, signal) => ask(name, type, true, signal),
  };
}

/** A stream on which nothing is asked is closed: the next questions of a check come within this time, a server would wait longer. */
const idleMs = 500;

class Connection {
  private stream?: Promise<Duplex>;
  private received = new Framed();
  private idle?: ReturnType<typeof setTimeout>;
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly open: () => Promise<Duplex>) {}

  /** @throws the reason of the aborted signal */
  exchange(query: Packet, timeoutMs: number, signal?: AbortSignal): Promise<DecodedPacket | ExchangeError> {
    return new Promise((resolve, reject) => {
      let id = freshId();
      while (this.waiting.has(id)) id = freshId();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.waiting.delete(id);
        if (this.waiting.size === 0) this.idle = setTimeout(() => this.rest(), idleMs);
      };
      const settle = (result: DecodedPacket | ExchangeError) => {
        end();
        resolve(result);
      };
      const abort = () => {
        end();
        reject(signal?.reason);
      };
      const timer = setTimeout(() => settle(new ExchangeError('timeout')), timeoutMs);
      signal?.addEventListener('abort', abort);
      this.waiting.set(id, { query: { ...query, id }, settle });
      this.connected().then(
        stream => this.waiting.has(id) && stream.write(packet.streamEncode({ ...query, id })),
        () => this.fail('unreachable'),
      );
    });
  }

  private connected(): Promise<Duplex> {
    clearTimeout(this.idle);
    if (this.stream) return this.stream;
    const own = this.open().then(stream => {
      // Once it was let go of, what it still says concerns nobody.
      const lost = () => this.stream === own && this.fail('unreachable');
      stream.on('data', (chunk: Buffer) => this.stream === own && this.take(chunk));
      stream.on('error', lost);
      stream.on('close', lost);
      stream.on('end', lost);
      return stream;
    });
    return (this.stream = own);
  }

  private take(chunk: Buffer): void {
    for (const octets of this.received.push(chunk)) {
      // Who sends this speaks no DNS, and could go on without end.
      if (octets.length < headerSize) return this.fail('malformed');
      const waiting = this.waiting.get(octets.readUInt16BE(0));
      if (!waiting) continue;
      try {
        waiting.settle(accept(octets, waiting.query) ?? new ExchangeError('malformed'));
      } catch {
        waiting.settle(new ExchangeError('malformed'));
      }
    }
  }

  private fail(kind: ExchangeError['kind']): void {
    this.rest();
    for (const { settle } of [...this.waiting.values()]) settle(new ExchangeError(kind));
  }

  /** Lets go of the stream; the next question opens another. */
  private rest(): void {
    const { stream } = this;
    delete this.stream;
    clearTimeout(this.idle);
    this.received = new Framed();
    stream?.then(
      open => open.destroy(),
      () => undefined,
    );
  }
}
