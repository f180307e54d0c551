import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A port of this machine that leads to another one, where each byte arrives `delayMs` later, either way: a distant server. */
export class DelayedPort {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer(near => {
    const far = connect(this.to.port, this.to.host);
    this.pass(near, far);
    this.pass(far, near);
  });

  private constructor(
    private readonly to: { host: string; port: number },
    /** One way; half of a round trip. */
    private readonly delayMs: number,
  ) {}

  static async open(to: { host: string; port: number }, delayMs: number): Promise<DelayedPort> {
    const port = new DelayedPort(to, delayMs);
    await new Promise<void>(resolve => port.server.listen(0, '127.0.0.1', resolve));
    return port;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(from: Socket, into: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    const later = (work: () => void) => (this.delayMs === 0 ? work() : void setTimeout(work, this.delayMs));
    from.on('data', chunk => later(() => into.write(chunk)));
    from.on('end', () => later(() => into.end()));
    from.on('error', () => later(() => into.destroy()));
  }
}
