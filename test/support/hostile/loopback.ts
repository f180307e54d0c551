import type { AddressInfo, Server, Socket } from 'node:net';

/** Where somebody who lies listens, and how that ends. */
export interface Loopback {
  port: number;
  /** Ends what is still open, and then the server. */
  close(): Promise<void>;
}

/** Has a server listen on a free port of loopback. A connection that breaks is of no interest. */
export async function listen(server: Server): Promise<Loopback> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise(resolve => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Writes pieces for as long as the other side reads. */
export function pump(socket: Socket, piece: () => Buffer): void {
  const next = (): void => {
    while (!socket.destroyed) if (!socket.write(piece())) return void socket.once('drain', next);
  };
  next();
}
