import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type HostConfig, resolveConfig } from '../config/config';
import { errorOf } from '../../text/problem';
import { dial } from './dial';
import { ConnectError, sentence, SshConfigError } from '../errors';
import type { Hop } from './handshake';
import { closeHops, openHop } from './hop';
import { wantsTinyPackets } from './packetSize';
import type { SshDeps, SshTarget } from '../config/target';

const maxHops = 8;
const forwardTimeoutMs = 20_000;

export interface Route {
  /** In order of travel; the last is the server itself. */
  hops: Hop[];
  /** The TCP connection to the first of them. */
  socket: Socket;
}

/**
 * The hops to a server, in order of travel; the last is the server itself. Nothing is contacted. Like with OpenSSH, of
 * `ProxyJump a,b` only the first hop may have jump hosts of its own.
 * @throws SshConfigError
 */
export async function resolveRoute(target: SshTarget, deps: Pick<SshDeps, 'log'>, depth = 0): Promise<HostConfig[]> {
  const config = await resolveConfig(target, deps);
  if (config.proxyCommand) throw proxyCommand(config);
  if (depth > maxHops) throw loop(config);
  const jump = config.jumps.at(-1);
  if (jump === undefined) return [config];
  const before = config.jumps.slice(0, -1);
  const hop = { ...parseJump(jump, target), ...(before.length > 0 && { proxyJump: before.join(',') }) };
  return [...(await resolveRoute(hop, deps, depth + 1)), config];
}

/** Opens the way to a server, hop by hop, each verified and logged in before the next is spoken to. */
export async function openRoute(route: readonly HostConfig[], deps: SshDeps, signal?: AbortSignal): Promise<Route> {
  const hops: Hop[] = [];
  let socket: Socket | undefined;
  try {
    for (const config of route) {
      const via = hops.at(-1);
      const open = async () =>
        via ? forward(via, config) : (socket = await dial(config.host, config.port, config.connectTimeoutMs, signal));
      hops.push(await openHop(config, open, deps, signal));
    }
    return { hops, socket: socket! };
  } catch (error) {
    closeHops(hops);
    throw error;
  }
}

/** `[user@]host[:port]`, where an IPv6 address with a port stands in brackets, or `ssh://…` (ssh_config(5), ProxyJump). */
export function parseJump(text: string, { configFile, knownHostsFiles, agent }: SshTarget): SshTarget {
  const match =
    /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:(?:\[([^\]]+)\]|([^:@[\]]+))(?::(\d+))?|([^:@[\]]*:[^:@[\]]*:[^@[\]]*))$/.exec(text);
  const host = match?.[2] ?? match?.[3] ?? match?.[5];
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (!host || (port !== undefined && (port < 1 || port > 65535))) {
    throw new SshConfigError('config', {
      what: `${JSON.stringify(text)} cannot be a jump host.`,
      why: 'A jump host is written as user@host:port; user and port may be left out.',
      fix: 'Correct ProxyJump in your SSH configuration, or the jump host of this server.',
    });
  }
  return {
    host,
    ...(match?.[1] && { user: match[1] }),
    ...(port !== undefined && { port }),
    ...(configFile !== undefined && { configFile }),
    ...(knownHostsFiles && { knownHostsFiles }),
    ...(agent !== undefined && { agent }),
  };
}

function forward(via: Hop, { host, port }: HostConfig): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new ConnectError(
          'jump',
          {
            what: `${via.config.host} did not connect on to ${host} port ${port}.`,
            why: `The jump host reports: ${sentence(cause.message.replace(/^\(SSH\) Channel open failure: /, ''))}`,
            fix: 'Check that the server is reachable from the jump host, and AllowTcpForwarding in its sshd_config.',
          },
          { cause },
        ),
      );
    const timer = setTimeout(() => fail(new Error('no answer')), forwardTimeoutMs);
    try {
      via.client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        clearTimeout(timer);
        if (!error && !wantsTinyPackets(channel)) return resolve(channel);
        fail(error ?? new Error('only packets that are too small to be used are accepted'));
      });
    } catch (error) {
      clearTimeout(timer);
      fail(errorOf(error));
    }
  });
}

function proxyCommand({ name, proxyCommand: command }: HostConfig): SshConfigError {
  return new SshConfigError('proxy-command', {
    what: `${name} cannot be reached from here.`,
    why: `Your SSH configuration connects to it through the program "${command}" (ProxyCommand), and no programs are run from there.`,
    fix: 'If it leads through another SSH server, write "ProxyJump that-server" instead; otherwise connect directly.',
  });
}

function loop({ name }: HostConfig): SshConfigError {
  return new SshConfigError('config', {
    what: `The way to ${name} has too many jump hosts.`,
    why: `There are more than ${maxHops}; probably one of them is to be reached through itself.`,
    fix: 'Look for ProxyJump under "Host *" in your SSH configuration, and give the jump host "ProxyJump none".',
  });
}
