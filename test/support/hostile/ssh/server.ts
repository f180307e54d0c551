import { createServer, type Socket } from 'node:net';
import { duplexPair, type Transform } from 'node:stream';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type ServerConfig } from 'ssh2';
import type { Generator } from '../../generate';
import type { SshAct } from '../acts/ssh';
import { listen } from '../loopback';
import { Exchange, honestly } from './exchange';
import { lieAboutChannels } from './raw';

/** One way to lie. What is left out is done as an honest server does it. */
export interface SshLie {
  name: string;
  /** What the product is asked meanwhile; `connect` when left out. */
  acts?: readonly SshAct[];
  /** It ends only by a time limit, so that others can be told beside it. */
  quiet?: true;
  /** Without any SSH: what is said on the bare connection. */
  bare?: (socket: Socket, make: Generator) => void;
  /** What an honest server sends goes through this. */
  wire?: (make: Generator, socket: Socket) => Transform;
  config?: (make: Generator) => Partial<ServerConfig>;
  login?: (context: AuthContext, make: Generator, connection: Connection) => void;
  /** Told when somebody has logged in. */
  ready?: (connection: Connection, make: Generator) => void;
  /** Instead of opening a channel. */
  channel?: (accept: () => unknown, reject: () => void, make: Generator, connection: Connection) => void;
  /** The window and packet size of the channels; by default honest ones. */
  window?: { window: number; packetSize: number };
  /** Instead of starting a command. */
  start?: (accept: () => ServerChannel, reject: () => void, make: Generator, connection: Connection) => void;
  command?: (exchange: Exchange, make: Generator) => Promise<void>;
}

export interface HostileSshServer {
  port: number;
  /** Whether anybody connected. */
  visited(): boolean;
  stop(): Promise<void>;
}

/** The server's key, and that of whoever is let in. */
export const keys = { host: newKey(), client: newKey() };

function newKey(): { private: string; public: string } {
  return ssh2.utils.generateKeyPairSync('ed25519');
}

/**
 * A server on loopback that tells this one lie to everybody who comes.
 * @param honestFirst so many channels of each connection are as they should be
 */
export async function startHostileSshServer(lie: SshLie, make: Generator, honestFirst = 0): Promise<HostileSshServer> {
  let visits = 0;
  const server = new ssh2.Server({ hostKeys: [keys.host.private], ...lie.config?.(make) }, connection =>
    serve(connection, lie, make, honestFirst),
  );
  const listener = createServer({ noDelay: true }, socket => {
    visits++;
    if (lie.bare) lie.bare(socket, make);
    else server.injectSocket(lie.wire ? through(socket, lie.wire(make, socket)) : socket);
  });
  const { port, close } = await listen(listener);
  return { port, visited: () => visits > 0, stop: close };
}

/** The socket, whose outgoing octets go through `wire`. */
function through(socket: Socket, wire: Transform): Socket {
  const [near, far] = duplexPair();
  far.pipe(wire).pipe(socket);
  socket.pipe(far);
  socket.on('close', () => near.destroy());
  for (const stream of [near, far, wire]) stream.on('error', () => socket.destroy());
  return near as unknown as Socket;
}

function serve(connection: Connection, lie: SshLie, make: Generator, honestFirst: number): void {
  let channels = 0;
  const lied = (): boolean => channels > honestFirst;
  connection.on('error', () => undefined);
  // Each channel waits for its end.
  connection.setMaxListeners(0);
  if (lie.window) lieAboutChannels(connection, lie.window, lied);
  connection.on('authentication', context => {
    if (lie.login) lie.login(context, make, connection);
    else context.accept();
  });
  connection.on('ready', () => lie.ready?.(connection, make));
  connection.on('tcpip', (accept, reject) => {
    if (lie.channel) lie.channel(accept, reject, make, connection);
    else reject();
  });
  connection.on('session', (accept, reject) => {
    channels++;
    const isLied = lied();
    if (lie.channel && isLied) return lie.channel(accept, reject, make, connection);
    accept().on('exec', (acceptExec, rejectExec, { command }) => {
      if (lie.start && isLied) return lie.start(acceptExec, rejectExec, make, connection);
      const exchange = new Exchange(acceptExec(), command, connection);
      // A conversation that breaks off is what many lies come to.
      const answered = lie.command && isLied ? lie.command(exchange, make) : honestly(exchange);
      void answered.catch((error: unknown) => {
        if (!exchange.gone) throw error;
      });
    });
  });
}
