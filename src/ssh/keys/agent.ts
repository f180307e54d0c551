import type { Duplex } from 'node:stream';
import type { ParsedKey } from 'ssh2';
import { ByteBuffer } from '../../input/byteBuffer';
import { sizeText } from '../../input/size';
import { keyType } from './fingerprint';
import type { Ssh2 } from '../library';

/** A key an agent holds. `key` is missing when its type cannot be used here (security keys, certificates). */
export interface AgentKey {
  type: string;
  comment: string;
  key?: ParsedKey;
}

export interface Agent {
  keys: AgentKey[];
  /** The raw signature; `hash` only matters for RSA. @throws Error with the agent's reason */
  sign(key: ParsedKey, data: Buffer, hash: 'sha256' | 'sha512' | undefined): Promise<Buffer>;
}

const listTimeoutMs = 5_000;
/** OpenSSH's own limit for a message of an agent (authfd.c, MAX_AGENT_REPLY_LEN). */
const answerLimit = 256 * 1024;
const requestIdentities = 11;
const identitiesAnswer = 12;

/**
 * Asks the agent at `socket` for its keys (draft-ietf-sshm-ssh-agent §3.5). ssh2 leaves out the keys whose type it does
 * not know; here they are listed, so that a user can be told why one was not used.
 * @throws Error when there is no agent, or it does not answer within 5 s
 */
export async function openAgent(socket: string, ssh2: Ssh2): Promise<Agent> {
  const agent = ssh2.createAgent(socket);
  if (!agent.getStream) throw new Error('it cannot be asked for its keys');
  const stream = await new Promise<Duplex>((resolve, reject) => {
    agent.getStream!((error, opened) => (opened ? resolve(opened) : reject(error ?? new Error('no answer'))));
  });
  const answer = await request(stream, Buffer.from([0, 0, 0, 1, requestIdentities]));
  return {
    keys: parseIdentities(answer, ssh2),
    sign: (key, data, hash) =>
      new Promise((resolve, reject) => {
        agent.sign(key, data, hash ? { hash } : {}, (error, signature) => {
          if (signature) resolve(Buffer.from(signature));
          else reject(error ?? new Error('the agent did not sign'));
        });
      }),
  };
}

function request(stream: Duplex, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const received = new ByteBuffer(answerLimit);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      stream.destroy();
      settle();
    };
    const timer = setTimeout(() => finish(() => reject(new Error('no answer within 5 s'))), listTimeoutMs);
    stream.on('error', error => finish(() => reject(error)));
    stream.on('close', () => finish(() => reject(new Error('it closed the connection'))));
    stream.on('data', (chunk: Buffer) => {
      if (!received.push(chunk))
        return finish(() => reject(new Error(`its answer is longer than ${sizeText(answerLimit)}`)));
      const { bytes } = received;
      const end = bytes.length < 4 ? Infinity : 4 + bytes.readUInt32BE(0);
      if (bytes.length >= end) finish(() => resolve(bytes.subarray(4, end)));
    });
    stream.write(message);
  });
}

/** SSH_AGENT_IDENTITIES_ANSWER: count, then key blob and comment of each. */
export function parseIdentities(answer: Buffer, ssh2: Pick<Ssh2, 'utils'>): AgentKey[] {
  if (answer[0] !== identitiesAnswer || answer.length < 5) throw new Error('it refused to list its keys');
  const keys: AgentKey[] = [];
  let offset = 5;
  const string = () => {
    const length = answer.readUInt32BE(offset);
    offset += 4 + length;
    if (offset > answer.length) throw new RangeError('cut off');
    return answer.subarray(offset - length, offset);
  };
  for (let left = answer.readUInt32BE(1); left > 0; left--) {
    const blob = Buffer.from(string());
    const comment = string().toString('utf8');
    const key = ssh2.utils.parseKey(blob);
    keys.push({ type: keyType(blob) ?? 'unknown', comment, ...(key instanceof Error ? {} : { key }) });
  }
  return keys;
}
