import { randomInt } from 'node:crypto';
import { connect } from 'node:net';
import type { RecordVerdict } from '../records/record';
import { Framed, headerSize } from '../resolver/framed';
import type { ServerAddress } from '../resolver/wire';
import { formatServer } from '../resolver/wire';
import { updateMessage } from './message';
import type { ZoneChange } from './plan';
import { planChanges } from './plan';
import type { TsigKey } from './tsig';
import { sign, verify } from './tsig';

export interface UpdateTarget {
  server: ServerAddress;
  key: TsigKey;
  /** Milliseconds for each zone. Default 5000. */
  timeoutMs?: number;
}

/** The DNS server did not take an update. The message is for people; it never holds the key's secret. */
export class UpdateError extends Error {
  override name = 'UpdateError';
}

const refusals: Record<number, string> = {
  1: 'It could not read the update (FORMERR). Check that it allows dynamic updates.',
  2: 'It had an internal error (SERVFAIL). Check its log.',
  4: 'It does not support dynamic updates (NOTIMP). Enter the records by hand.',
  5: 'It refuses the update (REFUSED). Allow this key to change the zone.',
  6: 'A name exists that must not (YXDOMAIN). Check its log.',
  9: 'It rejects the key, or is not the primary server of the zone (NOTAUTH). Check the key’s name, algorithm and secret, and the clock.',
  10: 'A name is not within the zone (NOTZONE). Check which zone the server holds.',
};

/**
 * Sends what is wrong or missing as dynamic updates (RFC 2136), signed with TSIG (RFC 8945), over TCP.
 * @returns The changes that were made; empty when there was nothing to do.
 * @throws UpdateError when the server is silent, refuses, or its answer is not signed by the same key.
 */
export async function sendUpdate(
  records: readonly RecordVerdict[],
  target: UpdateTarget,
  signal?: AbortSignal,
): Promise<ZoneChange[]> {
  const changes = planChanges(records);
  for (const change of changes) await sendChange(change, target, signal);
  return changes;
}

async function sendChange(
  change: ZoneChange,
  { server, key, timeoutMs = 5000 }: UpdateTarget,
  signal?: AbortSignal,
): Promise<void> {
  const signed = sign(updateMessage(change, randomInt(1, 65_536)), key);
  const answer = await exchange(signed.message, server, timeoutMs, signal);
  const code = answer.readUInt8(3) & 0x0f;
  const where = `${formatServer(server)} rejected the records of ${change.zone}.`;
  if (code !== 0) throw new UpdateError(`${where} ${refusals[code] ?? `It answers with code ${code}. Check its log.`}`);
  if (!verify(answer, key, signed.mac))
    throw new UpdateError(
      `${formatServer(server)} answered without a valid signature. Somebody in between may have forged the answer. Check again whether the records are there.`,
    );
}

function exchange(message: Buffer, server: ServerAddress, timeoutMs: number, signal?: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, server.host);
    const received = new Framed();
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const fail = (reason: string) =>
      finish(() =>
        reject(
          new UpdateError(
            `${formatServer(server)} ${reason}. No record was changed by this. Check its address and that TCP port ${server.port} is open.`,
          ),
        ),
      );
    const abort = () => finish(() => reject(signal?.reason));
    const timer = setTimeout(() => fail('does not answer'), timeoutMs);
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    socket.on('error', () => fail('cannot be reached'));
    socket.on('close', () => fail('closed the connection without an answer'));
    socket.on('connect', () => {
      const size = Buffer.alloc(2);
      size.writeUInt16BE(message.length);
      socket.write(Buffer.concat([size, message]));
    });
    socket.on('data', chunk => {
      const [answer] = received.push(chunk);
      if (!answer) return;
      if (answer.length < headerSize) return fail('sent an answer that cannot be read');
      if (answer.readUInt16BE(0) !== message.readUInt16BE(0)) return fail('sent an answer to another question');
      finish(() => resolve(answer));
    });
  });
}
