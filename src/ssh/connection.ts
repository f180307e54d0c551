import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientCallback, ClientChannel } from 'ssh2';
import { loginAddress } from './config/address';
import type { HostConfig } from './config/config';
import { type Attempt, ChannelError, ConnectionLostError, sentence, type ShownKey } from './errors';
import { exec } from './exec';
import type { Hop } from './connect/handshake';
import { closeHops } from './connect/hop';
import type { Link } from './link';
import type { ExecOptions, ExecResult, Remote } from './remote';
import { openRoute, resolveRoute } from './connect/route';
import { wantsTinyPackets } from './connect/packetSize';
import { Semaphore } from '../input/semaphore';
import type { SshDeps, SshTarget } from './config/target';
import { ChannelTerminal, type RemoteTerminal, type ShowBytes, type TerminalSize } from './terminal';

/** OpenSSH allows 10 sessions on a connection; one is kept for stopping commands. */
const maxCommands = 9;
/** They stay open for long, and commands need some of those too. */
const maxTerminals = 5;
const openTimeoutMs = 20_000;
/** SSH_OPEN_CONNECT_FAILED (RFC 4254 §5.1): from OpenSSH, that all sessions are taken. */
const openConnectFailed = 2;
/** OpenSSH frees a session only some time after its channel was closed; until then it is asked again. */
const crowdedDelaysMs = [20, 50, 100, 200, 400];

/** Asks the server to begin something on a channel of its own. */
type Start = (client: Client, done: ClientCallback) => void;

const execute =
  (command: string): Start =>
  (client, done) =>
    void client.exec(command, done);

/** A connection to a server: every hop's host key verified, logged in. One is shared by everything that talks to it. */
export class SshConnection implements Remote {
  readonly #hops: readonly Hop[];
  readonly #last: Hop;
  readonly #slots = new Semaphore(maxCommands);
  readonly #link: Link;
  #terminals = 0;
  #closedByUs = false;
  #lostCause: Error | undefined;
  #ended = false;
  readonly peer: Remote['peer'];
  /** Resolves when the connection has ended: to the reason when it was lost, to undefined after `close()`. */
  readonly ended: Promise<ConnectionLostError | undefined>;

  private constructor(hops: readonly Hop[], socket: Socket) {
    this.#hops = hops;
    this.#last = hops.at(-1)!;
    const direct = hops.length === 1;
    const { host, port } = this.#last.config;
    this.peer = {
      address: (direct && socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '')) || host,
      port: (direct && socket.remotePort) || port,
      direct,
    };
    this.ended = new Promise(resolve => {
      this.#last.client.once('close', () => {
        this.#ended = true;
        resolve(this.#closedByUs ? undefined : this.#lostError());
        this.close();
      });
    });
    for (const hop of hops) hop.client.on('error', error => (this.#lostCause ??= error));
    this.#link = {
      name: this.name,
      open: (command, signal) => this.#open(execute(command), signal),
      terminate: leader => this.#terminate(leader),
      cutOff: () => (this.alive ? cutChannel(this.name) : this.#lostError()),
    };
  }

  /**
   * Connects to `target`, through its jump hosts, as the OpenSSH configuration says.
   * @throws SshConfigError, ConnectError, HostKeyError, KeyFileError, AuthenticationError, PromptCancelledError; the
   * signal's reason when aborted
   */
  static async connect(target: SshTarget, deps: SshDeps, signal?: AbortSignal): Promise<SshConnection> {
    signal?.throwIfAborted();
    const { hops, socket } = await openRoute(await resolveRoute(target, deps), deps, signal);
    return new SshConnection(hops, socket);
  }

  get user(): string {
    return this.#last.config.user;
  }

  /** `user@host`, for messages. */
  get name(): string {
    return `${this.user}@${this.#last.config.host}`;
  }

  /** Whom the login was for. */
  get address(): string {
    return loginAddress(this.#last.config);
  }

  get config(): HostConfig {
    return this.#last.config;
  }

  get hostKey(): ShownKey {
    return this.#last.hostKey;
  }

  /** What let us in. */
  get login(): Attempt {
    return this.#last.login;
  }

  /** What the server said before letting us in. */
  get banner(): string {
    return this.#last.banner;
  }

  /** The hosts on the way, in order of travel, without the server itself. */
  get jumps(): readonly HostConfig[] {
    return this.#hops.slice(0, -1).map(hop => hop.config);
  }

  get alive(): boolean {
    return !this.#ended && !this.#closedByUs;
  }

  exec(command: string, options?: ExecOptions): Promise<ExecResult> {
    return exec(this.#link, command, options);
  }

  /**
   * Opens the user's login shell in a terminal.
   * @param show called with what the terminal shows, one piece after the other
   * @throws ConnectionLostError, ChannelError; five are open at most
   */
  async terminal(size: TerminalSize, show: ShowBytes): Promise<RemoteTerminal> {
    if (this.#terminals >= maxTerminals) throw tooManyTerminals(this.name);
    this.#terminals++;
    try {
      const window = { term: 'xterm-256color', cols: size.columns, rows: size.rows, width: 0, height: 0 };
      const env = { ...this.config.environment };
      const channel = await this.#open((client, done) => client.shell(window, { env }, done));
      channel.once('close', () => this.#terminals--);
      return new ChannelTerminal(channel, show, this.#link.cutOff);
    } catch (error) {
      this.#terminals--;
      throw error;
    }
  }

  /** @throws ConnectionLostError, ChannelError when the server does not allow it or the other end refuses */
  tunnel(host: string, port: number): Promise<Duplex> {
    return this.#request<Duplex>(`a tunnel to ${host} port ${port}`, done =>
      this.#last.client.forwardOut('127.0.0.1', 0, host, port, done),
    );
  }

  /** Ends the connection and everything on it. */
  close(): void {
    if (!this.#ended) this.#closedByUs = true;
    closeHops(this.#hops);
  }

  async #open(start: Start, signal?: AbortSignal): Promise<ClientChannel> {
    const release = await this.#slots.acquire(signal);
    try {
      const channel = await this.#openNow(start);
      channel.once('close', release);
      return channel;
    } catch (error) {
      release();
      throw error;
    }
  }

  async #openNow(start: Start): Promise<ClientChannel> {
    const open = () => this.#request<ClientChannel>('a channel', done => start(this.#last.client, done));
    for (const delay of crowdedDelaysMs) {
      try {
        return await open();
      } catch (error) {
        if (!(error instanceof ChannelError) || (error.cause as { reason?: unknown }).reason !== openConnectFailed)
          throw error;
        await sleep(delay);
      }
    }
    return open();
  }

  #request<T extends Duplex>(
    what: string,
    start: (done: (error: Error | undefined, channel: T) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.alive) return reject(this.#lostError());
      const timer = setTimeout(() => reject(this.#refused(what, new Error('no answer'))), openTimeoutMs);
      const done = (error: Error | undefined, channel: T) => {
        clearTimeout(timer);
        if (!error && !wantsTinyPackets(channel)) return resolve(channel);
        reject(this.#refused(what, error ?? new Error('only packets that are too small to be used are accepted')));
        channel?.destroy();
      };
      try {
        start(done);
      } catch (error) {
        clearTimeout(timer);
        reject(this.#lostError(error));
      }
    });
  }

  #refused(what: string, cause: Error): Error {
    if (!this.alive || /No response from server|Not connected/.test(cause.message)) return this.#lostError(cause);
    return new ChannelError(
      {
        what: `${this.name} did not open ${what}.`,
        why: `The server reports: ${sentence(cause.message.replace(/^\(SSH\) Channel open failure: /, ''))}`,
        fix: 'Check MaxSessions and AllowTcpForwarding in its sshd_config, and at its log.',
      },
      { cause },
    );
  }

  async #terminate(leader: number): Promise<void> {
    // The form of POSIX: dash knows no other with a group.
    const kill = (signal: string) => `kill -s ${signal} -- -${leader} 2>/dev/null`;
    const script = `${kill('TERM')}; i=0; while [ $i -lt 40 ]; do ${kill('0')} || exit 0; sleep 0.05; i=$((i+1)); done; ${kill('KILL')}`;
    try {
      const channel = await this.#openNow(execute(`sh -c '${script}'`));
      channel.resume();
      channel.stderr.resume();
      channel.on('error', () => undefined);
      await new Promise<void>(resolve => channel.once('close', () => resolve()));
    } catch {
      // The connection is gone, and with it the channel that was to be stopped.
    }
  }

  #lostError(cause?: unknown): ConnectionLostError {
    return new ConnectionLostError(this.name, this.#lostCause ?? cause);
  }
}

function cutChannel(name: string): ChannelError {
  return new ChannelError({
    what: `A command on ${name} was cut off.`,
    why: 'The server closed its channel without reporting how it ended.',
    fix: 'Try again; if it happens again, check the log of the SSH server.',
  });
}

function tooManyTerminals(name: string): ChannelError {
  return new ChannelError({
    what: `No further terminal was opened on ${name}.`,
    why: `${maxTerminals} are open on this connection already, and the server allows few channels on each.`,
    fix: 'Close one of them first.',
  });
}
