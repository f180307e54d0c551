import type { Remote } from '../ssh/remote';
import type { Resolver } from '../dns/resolver/answer';
import { isIP } from 'node:net';
import { streamResolver } from '../dns/resolver/stream';

/**
 * The resolver that a server itself asks, reached through a tunnel of its SSH connection: what it answers is what chasquid sees. Costs
 * one question to the server. Where the server allows no tunnels, every answer of it fails with “cannot be reached”.
 * @param timeoutMs for one question, beside the way through the tunnel. Default 2000.
 */
export async function mailHostResolver(
  remote: Pick<Remote, 'ask' | 'tunnel'>,
  { timeoutMs = 2000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Required<Resolver>> {
  const { stdout } = await remote.ask('cat /etc/resolv.conf 2>/dev/null', signal ? { signal } : {});
  const address = nameserver(stdout);
  return streamResolver({
    open: () => remote.tunnel(address, 53),
    label: `${address}, asked by the mail server`,
    timeoutMs,
  });
}

/** The first name server of a resolv.conf(5); without one it is the machine itself. */
export function nameserver(resolvConf: string): string {
  const found = [...resolvConf.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map(match => match[1]!);
  return found.find(address => isIP(address) !== 0 && !address.includes('%')) ?? '127.0.0.1';
}
