import { getServers } from 'node:dns';
import * as packet from 'dns-packet';
import type { Answer, QueryType, Resolver } from './answer';
import { failedAnswer } from './answer';
import { readReply } from './read';
import type { ServerAddress } from './wire';
import { ExchangeError, exchange, formatServer, parseServer } from './wire';

export interface ServerOptions {
  /** Asked in this order: the next one when one fails. */
  servers: ServerAddress[];
  /** Milliseconds for one try. Default 2000. */
  timeoutMs?: number;
  /** How often each server is asked before it counts as silent. Default 2. */
  tries?: number;
  /** `false` asks authoritative servers: without RD. Default true. */
  recursive?: boolean;
  /** Who knows where an alias leads that goes out of these servers' zones. Default: they are asked themselves. */
  elsewhere?: Resolver;
  /** Whether a validating resolver shall answer what it holds for forged as well. Default false. */
  checkingDisabled?: boolean;
  /** Name for people, where it is more than the address: `ns1.example.net`. */
  label?: string;
}

/** A resolver that asks the given servers over the wire. CNAMEs that a server did not follow itself are followed. */
export function serverResolver(options: ServerOptions): Required<Resolver> {
  const ask = async (name: string, type: QueryType, of: ServerOptions, signal?: AbortSignal) =>
    followAlias(await askServers(name, type, of, signal), of, signal);
  return {
    query: (name, type, signal) => ask(name, type, options, signal),
    unchecked: (name, type, signal) => ask(name, type, { ...options, checkingDisabled: true }, signal),
  };
}

/** The servers that this machine itself asks. */
export function systemServers(): ServerAddress[] {
  return getServers().map(parseServer);
}

const aliasLimit = 8;

async function followAlias(answer: Answer, options: ServerOptions, signal?: AbortSignal): Promise<Answer> {
  let current = answer;
  const aliases = [...answer.aliases];
  // A server that holds only the alias says NOERROR and nothing about the target: ask for that.
  while (
    current.state === 'no-data' &&
    current.aliases.length > 0 &&
    current.zone === undefined &&
    aliases.length <= aliasLimit
  ) {
    const target = aliases.at(-1)!;
    current = options.elsewhere
      ? await options.elsewhere.query(target, answer.type, signal)
      : await askServers(target, answer.type, options, signal);
    aliases.push(...current.aliases);
  }
  return { ...current, name: answer.name, aliases, server: answer.server };
}

async function askServers(
  name: string,
  type: QueryType,
  options: ServerOptions,
  signal?: AbortSignal,
): Promise<Answer> {
  let worst: Answer | undefined;
  for (const server of options.servers) {
    const answer = await askServer(name, type, server, options, signal);
    if (answer.state !== 'failed') return answer;
    worst ??= answer;
  }
  return worst ?? failedAnswer(name, type, 'no DNS server', 'unreachable');
}

async function askServer(
  name: string,
  type: QueryType,
  server: ServerAddress,
  { timeoutMs = 2000, tries = 2, recursive = true, checkingDisabled, label = formatServer(server) }: ServerOptions,
  signal?: AbortSignal,
): Promise<Answer> {
  if (!fitsWire(name))
    return { name, type, state: 'no-name', values: [], aliases: [], authenticated: false, server: label };
  const query = question(name, type, recursive, checkingDisabled);
  let failure: NonNullable<Answer['failure']> = 'timeout';
  for (let attempt = 0; attempt < tries; attempt++) {
    try {
      return readReply(await exchange(query, server, timeoutMs, signal), name, type, label);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      failure = error.kind;
      // A closed port or a broken answer will not fix itself in a moment; a lost datagram may.
      if (failure !== 'timeout') break;
    }
  }
  return failedAnswer(name, type, label, failure);
}

/** Only names that the wire can carry are sent (RFC 1035 §2.3.4); others cannot exist. */
export function fitsWire(name: string): boolean {
  return (
    name.split('.').every(part => part.length > 0 && Buffer.byteLength(part) <= 63) && Buffer.byteLength(name) <= 253
  );
}

/** One question. A resolver is asked to recurse and to say whether it validated; a zone's own server is not. */
export function question(name: string, type: QueryType, recursive = true, checkingDisabled = false): packet.Packet {
  const flags =
    (recursive ? packet.RECURSION_DESIRED | packet.AUTHENTIC_DATA : 0) |
    (checkingDisabled ? packet.CHECKING_DISABLED : 0);
  return { type: 'query', flags, questions: [{ name, type: type as packet.RecordType }] };
}
