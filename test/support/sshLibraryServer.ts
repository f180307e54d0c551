import { readFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { type AuthContext, type Connection, Server, type ServerChannel, type ServerConfig } from 'ssh2';
import { freePort, keygen } from './sshd';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server made of ssh2's own server part, for what sshd cannot do without root: passwords and dialogues. */
export interface LibraryServer {
  port: number;
  /** Login methods in the order in which they were tried. */
  tried: string[];
  stop(): Promise<void>;
}

/**
 * `decide` lets in, refuses, or asks; commands answer with their own text. An answer is sent in one piece, as a server
 * under load does: that the channel is open, what the command printed, and how it ended. It can be a jump host.
 */
export async function startLibraryServer(
  decide: (context: AuthContext, connection: Connection) => void,
  config: Partial<ServerConfig> = {},
  /** Plays the shell of a terminal. */
  shell?: (channel: ServerChannel) => void,
): Promise<LibraryServer> {
  const dir = await mkdtemp(join(tmpdir(), 'sshlib-'));
  await keygen(join(dir, 'host'), ['-t', 'ed25519']);
  const tried: string[] = [];
  const open = new Set<Connection>();
  const sockets = new Set<Socket>();
  const server = new Server({ hostKeys: [await readFile(join(dir, 'host'))], ...config }, connection => {
    open.add(connection);
    connection.on('error', () => undefined);
    connection.on('close', () => open.delete(connection));
    connection.on('authentication', context => {
      tried.push(context.method);
      decide(context, connection);
    });
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const onward = connect(destPort, destIP, () => {
        const channel = accept();
        channel.on('error', () => undefined);
        channel.pipe(onward).pipe(channel);
      });
      onward.on('error', () => reject?.());
    });
    connection.on('session', accept => {
      const session = accept();
      if (shell) session.on('pty', acceptPty => acceptPty()).on('shell', acceptShell => shell(acceptShell()));
      session.on('exec', (acceptExec, _reject, { command }) => {
        for (const socket of sockets) socket.cork();
        setImmediate(() => sockets.forEach(socket => socket.uncork()));
        const channel = acceptExec();
        channel.write(command);
        channel.exit(0);
        channel.end();
      });
    });
  });
  const port = await freePort();
  const listener = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    server.injectSocket(socket);
  });
  await new Promise<void>(resolve => listener.listen(port, '127.0.0.1', resolve));
  return {
    port,
    tried,
    stop: async () => {
      for (const connection of open) connection.end();
      await new Promise<void>(resolve => listener.close(() => resolve()));
      await rm(dir, { recursive: true });
    },
  };
}

/** What ssh2's server part keeps to itself: how a packet is made and sent (protocol/Protocol.js). */
interface Inside {
  _packetRW: { write: { allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } };
  _cipher: { encrypt(packet: Buffer): void };
}

/** Sends one SSH_MSG_USERAUTH_BANNER (RFC 4252 §5.4), which a server may do as often as it likes; ssh2 does it once. */
export function sendBanner(connection: Connection, text: string): void {
  const { _packetRW, _cipher } = (connection as unknown as { _protocol: Inside })._protocol;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  const payload = Buffer.concat([Buffer.from([53]), length, Buffer.from(text), Buffer.alloc(4)]);
  const packet = _packetRW.write.alloc(payload.length);
  payload.copy(packet, _packetRW.write.allocStart);
  _cipher.encrypt(_packetRW.write.finalize(packet));
}
