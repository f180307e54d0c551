import type { LocalResolver } from '../dns/resolver/answer';
import { shellQuote } from '../ssh/quote';
import type { Remote } from '../ssh/remote';
import { isIP } from 'node:net';
import { streamResolver } from '../dns/resolver/stream';

const readResolvConf = `cat /etc/resolv.conf 2>/dev/null; printf '\\0'; cat /run/systemd/resolve/resolv.conf 2>/dev/null`;

/**
 * The resolver that a server itself asks, reached through a tunnel of its SSH connection: what it answers is what chasquid sees. Costs
 * one question to the server. Behind the stub of systemd-resolved it is the first server which the stub asks, since the stub answers for
 * the host's own names from /etc/hosts and the network cards (systemd-resolved.service(8), “Synthetic records”). Where the server allows
 * no tunnels, every answer fails with “cannot be reached”.
 * @param timeoutMs for one question, beside the way through the tunnel. Default 2000.
 */
export async function mailHostResolver(
  remote: Pick<Remote, 'exec' | 'tunnel'>,
  { timeoutMs = 2000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<LocalResolver> {
  const { stdout } = await remote.exec(`sh -c ${shellQuote(readResolvConf)}`, {
    timeoutMs: 30_000,
    ...(signal && { signal }),
  });
  const [chosen = '', behindStub = ''] = stdout.split('\0');
  const first = nameserver(chosen);
  const address = /^127\.0\.0\.5[34]$/.test(first) ? nameserver(behindStub, first) : first;
  const resolver = streamResolver({
    open: () => remote.tunnel(address, 53),
    label: `${address}, asked by the mail server`,
    timeoutMs,
  });
  return { ...resolver, local: /^127\.|^::1$/.test(address) };
}

/** The first name server of a resolv.conf(5); without one it is the machine itself. */
export function nameserver(resolvConf: string, none = '127.0.0.1'): string {
  const found = [...resolvConf.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].map(match => match[1]!);
  return found.find(address => isIP(address) !== 0 && !address.includes('%')) ?? none;
}
