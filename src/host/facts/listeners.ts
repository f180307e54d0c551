/** A TCP port on which something listens. */
export interface Listener {
  port: number;
  /** Only reachable from the server itself. */
  loopback: boolean;
}

/** The listening TCP ports of /proc/net/tcp and tcp6 (proc_net_tcp(5); state 0A is LISTEN), sorted, each once. */
export function listeners(procNetTcp: string): Listener[] {
  const ports = new Map<number, boolean>();
  for (const line of procNetTcp.split('\n')) {
    const match = /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:0000 0A /.exec(line);
    if (!match) continue;
    const port = parseInt(match[2]!, 16);
    // 127/8 is little-endian (its last byte is 7F); ::1 and ::ffff:127.x likewise per 32-bit word.
    const loopback = /7F$/.test(match[1]!) || match[1] === '00000000000000000000000001000000';
    ports.set(port, (ports.get(port) ?? true) && loopback);
  }
  return [...ports].map(([port, loopback]) => ({ port, loopback })).sort((a, b) => a.port - b.port);
}
