import type { HostFacts } from '../host/facts/facts';
import type { AskPassword, RootShell } from '../host/protocol/privilege';
import type { Remote } from '../ssh/remote';
import type { RemoteTerminal, ShowBytes, TerminalSize } from '../ssh/terminal';
import { messageOf } from '../text/problem';
import type { ServerEntry } from './settings';
import type { DnsState, ServerSnapshot } from './snapshot';

export interface Connection extends Remote {
  /** Opens the user's login shell in a terminal; `show` is called with what it shows, one piece after the other. */
  terminal(size: TerminalSize, show: ShowBytes): Promise<RemoteTerminal>;
  close(): void;
  /** Whom the login was for (`loginAddress` of ssh/config/address.ts). */
  readonly address: string;
  /** What the server said before it let us in. */
  readonly banner: string;
  /** Resolves when the connection has ended: to the reason when it was lost, to undefined when it was closed from here. */
  readonly ended: Promise<Error | undefined>;
}

/** How a session reaches its server, and how it asks. Injected, so that a session knows neither ssh2 nor VS Code. */
export interface SessionPorts {
  /** @param onQuestion given: nothing is asked. It is called in place of the first question, and the attempt has then failed. */
  connect(entry: ServerEntry, signal: AbortSignal, onQuestion?: () => void): Promise<Connection>;
  /** Asks for the password of sudo in a quick input. */
  askSudoPassword: AskPassword;
  openRootShell(remote: Remote, askPassword: AskPassword): Promise<RootShell>;
  /** `shell`: undefined where the user cannot become root without a question. */
  readFacts(remote: Remote, shell: RootShell | undefined): Promise<HostFacts>;
  log(level: 'info' | 'warn' | 'error', text: string): void;
  /** A word or two for the row of the sidebar. */
  shortReason(error: unknown): string;
}

/** The user would have had to be asked, at a moment when nothing may be asked. */
export class QuestionError extends Error {}

/** One attempt to connect. */
interface Attempt {
  abort: AbortController;
  /** Whether it may ask. */
  asks: boolean;
  connection: Promise<Connection>;
}

/** One server of the sidebar: its connection, what is known of it, and the state that the row shows. */
export class ServerSession {
  private state: ServerSnapshot['state'] = 'offline';
  private failure: ServerSnapshot['failure'];
  private facts: HostFacts | undefined;
  /** Looks that have no answer yet, by their number, and the number of the one that `facts` comes from. */
  private readonly looks = new Set<number>();
  private lastLook = 0;
  private factsOf = 0;
  private connection: Connection | undefined;
  private attempt: Attempt | undefined;
  private shell: Promise<RootShell> | undefined;
  private sudoPassword: { address: string; password: string } | undefined;
  private readonly dns: Record<string, DnsState> = {};

  constructor(
    public entry: ServerEntry,
    private readonly ports: SessionPorts,
    private readonly changed: () => void,
  ) {}

  get name(): string {
    return this.entry.name;
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  knownFacts(): HostFacts | undefined {
    return this.facts;
  }

  snapshot(): ServerSnapshot {
    const { user, host, port } = this.entry;
    return {
      name: this.name,
      address: `${user ? `${user}@` : ''}${host}${port && port !== 22 ? `:${port}` : ''}`,
      state: this.state,
      ...(this.failure ? { failure: this.failure } : {}),
      ...(this.facts && this.state !== 'offline' && this.state !== 'failed' ? { facts: this.facts } : {}),
      checking: this.looks.size > 0,
      dns: this.dns,
    };
  }

  /** The connection, opened when there is none. Two callers at once share one attempt. */
  remote(signal?: AbortSignal): Promise<Connection> {
    return this.reach(true, signal);
  }

  /** The same without a question to the user. @throws QuestionError where one would be needed */
  remoteUnasked(): Promise<Connection> {
    return this.reach(false);
  }

  /**
   * A shell that runs as root. The password of sudo, where it wants one, is asked once: in a quick input, or with `ask`, as
   * the setup terminal does. It is kept in memory until the user disconnects, so that a lost connection asks nothing; the same
   * login alone gets it.
   */
  async rootShell(ask: AskPassword = this.ports.askSudoPassword): Promise<RootShell> {
    const remote = await this.remote();
    this.shell ??= this.openShell(remote, ask).catch((error: unknown) => {
      this.shell = undefined;
      throw error;
    });
    return this.shell;
  }

  /** A root shell without a question to the user, neither for the login nor for sudo. @throws QuestionError where one would be needed */
  async rootShellUnasked(): Promise<RootShell> {
    const shell = await this.quietRootShell(await this.remoteUnasked());
    if (!shell)
      throw new QuestionError(
        `Only root may read it, and becoming root on ${this.name} needs a password or is not allowed. Try again to be asked.`,
      );
    return shell;
  }

  private async openShell(remote: Connection, ask: AskPassword): Promise<RootShell> {
    const { address } = remote;
    let given = this.sudoPassword?.address === address ? this.sudoPassword.password : undefined;
    const shell = await this.ports.openRootShell(remote, async question => {
      const isKnown = given !== undefined && !question.problem;
      return isKnown ? given : (given = await ask(question));
    });
    this.sudoPassword = given === undefined ? undefined : { address, password: given };
    return shell;
  }

  async connect(signal?: AbortSignal): Promise<HostFacts> {
    await this.remote(signal);
    return this.refresh();
  }

  /** Looks at the server again: one round trip. A look that began later counts, should its answer come earlier. */
  async refresh(): Promise<HostFacts> {
    const remote = await this.remote();
    const look = ++this.lastLook;
    this.looks.add(look);
    this.changed();
    try {
      const shell = await this.quietRootShell(remote);
      const facts = await this.ports.readFacts(remote, shell);
      if (look < this.factsOf) return this.facts!;
      this.factsOf = look;
      return (this.facts = facts);
    } finally {
      this.looks.delete(look);
      this.changed();
    }
  }

  disconnect(): void {
    this.attempt?.abort.abort(new Error('Disconnected.'));
    this.connection?.close();
    this.forgetConnection();
    this.sudoPassword = undefined;
    this.failure = undefined;
    this.state = 'offline';
    this.changed();
  }

  setDns(domain: string, verdict: DnsState): void {
    this.dns[domain] = verdict;
    this.changed();
  }

  /** A look at the server never asks for a password: where sudo wants one, what an ordinary user may see is shown. */
  private async quietRootShell(remote: Connection): Promise<RootShell | undefined> {
    if (this.shell) return this.shell;
    try {
      const shell = await this.openShell(remote, () => Promise.resolve(undefined));
      this.shell = Promise.resolve(shell);
      return shell;
    } catch {
      // Not an error here: readFacts names what could not be read.
      return undefined;
    }
  }

  private async reach(asks: boolean, signal?: AbortSignal): Promise<Connection> {
    for (;;) {
      if (this.connection) return this.connection;
      const attempt = (this.attempt ??= this.begin(asks));
      const onAbort = () => attempt.abort.abort(signal!.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      try {
        return await attempt.connection;
      } catch (error) {
        // Another caller's attempt, which was not allowed to ask: this one is.
        if (!(error instanceof QuestionError) || !asks || attempt.asks) throw error;
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    }
  }

  private begin(asks: boolean): Attempt {
    const abort = new AbortController();
    // Begun when the attempt is known to all, whoever listens to the changes of the state.
    const connection = Promise.resolve().then(() => this.open(abort, asks));
    return { abort, asks, connection };
  }

  private async open(abort: AbortController, asks: boolean): Promise<Connection> {
    this.failure = undefined;
    this.state = 'connecting';
    this.changed();
    const needed = `${this.name} is not connected. To connect, it needs a password or another answer from you. Choose Connect.`;
    const onQuestion = asks ? undefined : () => abort.abort(new QuestionError(needed));
    try {
      abort.signal.throwIfAborted();
      const connection = await this.ports.connect(this.entry, abort.signal, onQuestion);
      void connection.ended.then(error => this.closed(connection, error));
      this.connection = connection;
      this.state = 'connected';
      this.ports.log('info', `${this.name}: connected as ${connection.user}.`);
      return connection;
    } catch (error) {
      const cancelled = abort.signal.aborted;
      this.state = cancelled ? 'offline' : 'failed';
      if (!cancelled) {
        const message = messageOf(error);
        this.failure = { short: this.ports.shortReason(error), message };
        this.ports.log('error', `${this.name}: ${message}`);
      }
      throw cancelled ? abort.signal.reason : error;
    } finally {
      this.attempt = undefined;
      this.changed();
    }
  }

  private closed(connection: Connection, error: Error | undefined): void {
    if (connection !== this.connection) return;
    this.forgetConnection();
    this.state = error ? 'lost' : 'offline';
    if (error) this.ports.log('warn', `${this.name}: the connection was lost. ${error.message}`);
    this.changed();
  }

  private forgetConnection(): void {
    this.connection = undefined;
    this.shell = undefined;
  }
}
