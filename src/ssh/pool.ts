import type { Duplex } from 'node:stream';
import { SshConnection } from './connection';
import type { ConnectionLostError } from './errors';
import type { ExecOptions, ExecResult, Remote } from './remote';
import type { SshDeps, SshTarget } from './target';

/** `lost`: it was there and went away by itself; the next use connects again. `failed`: it could not be made. */
export type ConnectionState = 'disconnected' | 'connecting' | 'connected' | 'lost' | 'failed';

export interface StateEvent {
  id: string;
  state: ConnectionState;
  /** Why it was lost or failed. */
  error?: Error;
}

export interface PoolOptions {
  /** Closes a connection that nothing has used for so many milliseconds. Never, by default. */
  idleMs?: number;
}

/** A server's connection as the rooms above hold it: made when first used, made again after it was lost. */
export interface PooledRemote extends Remote {
  /** Connects if need be. An aborted caller only stops waiting, unless nobody else waits. */
  connect(signal?: AbortSignal): Promise<SshConnection>;
}

interface Pending {
  promise: Promise<SshConnection>;
  abort: AbortController;
  waiting: number;
}

interface Entry {
  target: SshTarget;
  state: ConnectionState;
  error?: Error;
  connection?: SshConnection;
  pending?: Pending;
  busy: number;
  idle?: NodeJS.Timeout;
}

/** One connection for each server, shared by everything that talks to it. */
export class SshPool {
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(event: StateEvent) => void>();

  constructor(
    private readonly deps: SshDeps,
    private readonly options: PoolOptions = {},
  ) {}

  /** Listens to changes of state; the returned function ends that. */
  onState(listener: (event: StateEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  state(id: string): StateEvent {
    const { state, error } = this.#entries.get(id) ?? { state: 'disconnected' as const, error: undefined };
    return { id, state, ...(error && { error }) };
  }

  /** The connection if it is there now; nothing is started. */
  current(id: string): SshConnection | undefined {
    return this.#entries.get(id)?.connection;
  }

  /**
   * The connection to server `id`, made if need be; several callers at once share one attempt.
   * @throws what `SshConnection.connect` throws; the signal's reason when aborted
   */
  async get(id: string, target: SshTarget, signal?: AbortSignal): Promise<SshConnection> {
    signal?.throwIfAborted();
    const entry = this.#entry(id, target);
    if (entry.connection?.alive) return entry.connection;
    const pending = (entry.pending ??= this.#begin(id, entry));
    pending.waiting++;
    const leave = () => {
      if (--pending.waiting > 0) return;
      // Whoever comes next begins anew instead of joining what is being given up.
      if (entry.pending === pending) delete entry.pending;
      pending.abort.abort(signal?.reason);
      if (!entry.connection) this.#change(id, entry, 'disconnected');
    };
    if (!signal) return pending.promise;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        reject(signal.reason);
        leave();
      };
      signal.addEventListener('abort', onAbort);
      pending.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  /** A remote whose every use goes through the pool. */
  remote(id: string, target: SshTarget): PooledRemote {
    return new Handle(this, id, target);
  }

  /** Uses the connection; as long as that lasts it is not idle. */
  async use<T>(
    id: string,
    target: SshTarget,
    work: (connection: SshConnection) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const entry = this.#entry(id, target);
    clearTimeout(entry.idle);
    entry.busy++;
    try {
      return await work(await this.get(id, target, signal));
    } finally {
      entry.busy--;
      this.#watchIdle(entry);
    }
  }

  /** Closes the connection to `id`, or stops making it. */
  disconnect(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    clearTimeout(entry.idle);
    const { pending } = entry;
    delete entry.pending;
    pending?.abort.abort(new DOMException('Disconnected.', 'AbortError'));
    entry.connection?.close();
    delete entry.connection;
    this.#change(id, entry, 'disconnected');
  }

  dispose(): void {
    this.#listeners.clear();
    for (const id of this.#entries.keys()) this.disconnect(id);
    this.#entries.clear();
  }

  #entry(id: string, target: SshTarget): Entry {
    const known = this.#entries.get(id);
    if (known && JSON.stringify(known.target) === JSON.stringify(target)) return known;
    // The server's settings have changed: what is open leads to the wrong place.
    if (known) this.disconnect(id);
    const entry: Entry = { target, state: 'disconnected', busy: 0 };
    this.#entries.set(id, entry);
    return entry;
  }

  #begin(id: string, entry: Entry): Pending {
    const abort = new AbortController();
    this.#change(id, entry, 'connecting');
    const pending: Pending = {
      abort,
      waiting: 0,
      promise: SshConnection.connect(entry.target, this.deps, abort.signal),
    };
    pending.promise.then(
      connection => {
        if (entry.pending !== pending) return connection.close();
        delete entry.pending;
        entry.connection = connection;
        void connection.ended.then(lost => this.#ended(id, entry, connection, lost));
        this.#change(id, entry, 'connected');
        this.#watchIdle(entry);
      },
      (error: Error) => {
        if (entry.pending !== pending) return;
        delete entry.pending;
        this.#change(id, entry, 'failed', error);
      },
    );
    return pending;
  }

  #ended(id: string, entry: Entry, connection: SshConnection, lost: ConnectionLostError | undefined): void {
    if (entry.connection !== connection) return;
    clearTimeout(entry.idle);
    delete entry.connection;
    this.#change(id, entry, lost ? 'lost' : 'disconnected', lost);
  }

  #change(id: string, entry: Entry, state: ConnectionState, error?: Error): void {
    if (entry.state === state && entry.error === error) return;
    entry.state = state;
    if (error) entry.error = error;
    else delete entry.error;
    if (this.#entries.get(id) !== entry) return;
    for (const listener of this.#listeners) listener({ id, state, ...(error && { error }) });
  }

  #watchIdle(entry: Entry): void {
    clearTimeout(entry.idle);
    const { idleMs } = this.options;
    if (idleMs === undefined || entry.busy > 0 || !entry.connection) return;
    entry.idle = setTimeout(() => entry.connection?.close(), idleMs);
    entry.idle.unref();
  }
}

class Handle implements PooledRemote {
  #seen: SshConnection | undefined;

  constructor(
    private readonly pool: SshPool,
    private readonly id: string,
    private readonly target: SshTarget,
  ) {}

  /** Of the newest connection. @throws Error before the first one */
  get peer(): Remote['peer'] {
    return this.#latest().peer;
  }

  /** As `peer`. */
  get user(): string {
    return this.#latest().user;
  }

  connect(signal?: AbortSignal): Promise<SshConnection> {
    return this.#use(async connection => connection, signal);
  }

  exec(command: string, options?: ExecOptions): Promise<ExecResult> {
    return this.#use(connection => connection.exec(command, options), options?.signal);
  }

  ask(script: string, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<ExecResult> {
    return this.#use(connection => connection.ask(script, options), options?.signal);
  }

  async tunnel(host: string, port: number): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      this.#use(async connection => {
        const channel = await connection.tunnel(host, port);
        resolve(channel);
        // An open tunnel is use.
        await new Promise<void>(done => channel.once('close', () => done()));
      }).catch(reject);
    });
  }

  #use<T>(work: (connection: SshConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const noted = (connection: SshConnection) => {
      this.#seen = connection;
      return work(connection);
    };
    return this.pool.use(this.id, this.target, noted, signal);
  }

  #latest(): SshConnection {
    const connection = this.pool.current(this.id) ?? this.#seen;
    if (!connection) throw new Error(`Nothing has connected to ${this.target.host} yet`);
    return connection;
  }
}
