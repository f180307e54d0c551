/**
 * Lets a TCP port reach a unix socket, which reaches across network namespaces:
 *
 *     node --import tsx test/vscode/forward.ts PORT SOCKET [HOST]
 *
 * prints `forwarding HOST:PORT to SOCKET` when it listens (PORT 0: a free one) and runs until it is ended.
 */
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { pipeline } from 'node:stream';

/** Listens on `host:port` (0: a free port) and carries each connection to the unix socket. */
export async function forward(port: number, socket: string, host = '127.0.0.1'): Promise<Server> {
  const server = createServer({ noDelay: true }, client => {
    const target = connect(socket);
    // Either side may go away at any time; the other one is then closed too.
    pipeline(client, target, client, () => undefined);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return server;
}

/** The port that a forwarder got. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

if (process.argv[1] === import.meta.filename) {
  const [port, socket, host = '127.0.0.1'] = process.argv.slice(2);
  if (!port || !socket) {
    console.error('Usage: forward.ts PORT SOCKET [HOST]');
    process.exit(2);
  }
  forward(Number(port), socket, host).then(
    server => console.log(`forwarding ${host}:${portOf(server)} to ${socket}`),
    error => {
      console.error(String(error));
      process.exit(1);
    },
  );
}
