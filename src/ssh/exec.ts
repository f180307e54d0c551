import type { ClientChannel } from 'ssh2';
import { ByteBuffer } from '../input/byteBuffer';
import { CommandTimeoutError, OutputTooLargeError } from './errors';
import { LeaderLine } from './leaderLine';
import type { Link } from './link';
import type { ExecOptions, ExecResult } from './remote';

/** How long a stopped command may take to go. OpenSSH confirms the closing of a channel only when its process is gone. */
const graceMs = 5_000;
/** Bytes that are collected of each stream where nobody listens to it. */
export const collectedLimit = 16 * 1024 * 1024;

/** Runs `command` on a channel of its own: see `Remote.exec`. */
export async function exec(link: Link, command: string, options: ExecOptions = {}): Promise<ExecResult> {
  const { signal, timeoutMs } = options;
  signal?.throwIfAborted();
  if (!signal && timeoutMs === undefined) return new Running(await link.open(command), link, options).result;

  const limit = new AbortController();
  const onAbort = () => limit.abort(signal!.reason);
  signal?.addEventListener('abort', onAbort);
  const timer = timeoutMs !== undefined && setTimeout(() => limit.abort(tooLong()), timeoutMs);
  const tooLong = () => new CommandTimeoutError(link.name, timeoutMs!);
  try {
    const leader = new LeaderLine();
    const running = new Running(await link.open(leader.announce(command), limit.signal), link, options, leader);
    limit.signal.addEventListener('abort', () => running.stop(limit.signal.reason));
    if (limit.signal.aborted) running.stop(limit.signal.reason);
    return await running.result;
  } finally {
    if (timer) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** One command on its channel. */
class Running {
  readonly result: Promise<ExecResult>;
  readonly #stdout = new ByteBuffer(collectedLimit);
  readonly #stderr = new ByteBuffer(collectedLimit);
  #exit: { code: number | null; signal?: string } | undefined;
  #stopped = false;
  #terminating = false;
  #reject!: (reason: unknown) => void;

  constructor(
    private readonly channel: ClientChannel,
    private readonly link: Link,
    private readonly options: ExecOptions,
    private readonly leader?: LeaderLine,
  ) {
    const ended = [channel, channel.stderr].map(s => new Promise<void>(done => s.once('close', () => done())));
    this.result = new Promise((resolve, reject) => {
      this.#reject = reject;
      void Promise.all(ended).then(() => this.#finish(resolve));
    });
    channel.on('error', () => undefined);
    channel.on('data', (chunk: Buffer) => this.#take(chunk, this.#stdout, options.onStdout));
    channel.stderr.on('data', (chunk: Buffer) => this.#takeStderr(leader ? leader.strip(chunk) : chunk));
    // Not `exit`: it may have been told in one piece with the opening of the channel, before anyone listens.
    channel.once('close', (code?: number | null, signal?: string) => {
      if (code !== undefined) this.#exit = { code, ...(signal && { signal }) };
    });
    channel.end(options.stdin ?? '');
  }

  /** Ends the command; `result` then rejects with `reason` when it is gone, after 5 s in any case. */
  stop(reason: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const giveUp = setTimeout(() => this.#reject(reason), graceMs);
    this.channel.once('close', () => {
      clearTimeout(giveUp);
      this.#reject(reason);
    });
    if (this.leader) this.#terminate();
    else this.channel.close();
  }

  #terminate(): void {
    const leader = this.leader?.pid;
    if (!this.#stopped || leader === undefined || this.#terminating) return;
    this.#terminating = true;
    void this.link.terminate(leader).then(() => this.channel.close());
  }

  #takeStderr(chunk: Buffer): void {
    this.#take(chunk, this.#stderr, this.options.onStderr);
    // It may have been stopped before its process was known.
    this.#terminate();
  }

  #take(chunk: Buffer, collected: ByteBuffer, listener: ((chunk: Buffer) => void) | undefined): void {
    if (chunk.length === 0 || this.#stopped) return;
    try {
      if (listener) listener(chunk);
      else if (!collected.push(chunk)) throw new OutputTooLargeError(this.link.name, collected.limit);
    } catch (error) {
      this.stop(error);
    }
  }

  #finish(resolve: (result: ExecResult) => void): void {
    if (this.leader) this.#takeStderr(this.leader.rest());
    if (!this.#exit) return this.#reject(this.link.cutOff());
    const [stdout, stderr] = [this.#stdout, this.#stderr].map(({ bytes }) => bytes.toString('utf8'));
    if (!this.#stopped) resolve({ ...this.#exit, stdout: stdout!, stderr: stderr! });
  }
}
