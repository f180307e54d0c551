import type { Readable } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** In characters. */
export interface TerminalSize {
  columns: number;
  rows: number;
}

/** How the shell of a terminal ended: `code` is null when a signal ended it, which `signal` then names, or when it was closed from here. */
export interface TerminalEnd {
  code: number | null;
  signal?: string;
}

/** The login shell of the connected user in a terminal of its own on the server. */
export interface RemoteTerminal {
  /** Sends keys. */
  write(text: string): void;
  /** Tells the programs in the terminal its new size (SIGWINCH). */
  resize(size: TerminalSize): void;
  /** Ends the terminal; its programs get SIGHUP. */
  close(): void;
  /** Settles when all output was shown. Rejects when the connection or the channel was cut (`ConnectionLostError`, `ChannelError`). */
  readonly ended: Promise<TerminalEnd>;
}

/** So many bytes are handed over at once, and as many wait meanwhile; then the server waits. */
const pieceLimit = 256 * 1024;

/** Shows the bytes of a terminal; while the promise is pending the server waits. */
export type ShowBytes = (bytes: Buffer) => Promise<void> | void;

/** A login shell on its channel. */
export class ChannelTerminal implements RemoteTerminal {
  readonly ended: Promise<TerminalEnd>;
  readonly #streams: readonly Readable[];
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #delivering: Promise<void> | undefined;
  #closed = false;
  #onClose: () => void = () => undefined;

  constructor(
    private readonly channel: ClientChannel,
    private readonly show: ShowBytes,
    cutOff: () => Error,
  ) {
    channel.on('error', () => undefined);
    // A terminal has one stream; what a server may send on the other belongs to it.
    this.#streams = [channel, channel.stderr];
    for (const stream of this.#streams) stream.on('data', (chunk: Buffer) => this.#take(chunk));
    // Not `exit`: it may have come in one piece with the opening of the channel, before anyone listens.
    const end = new Promise<TerminalEnd | undefined>(resolve =>
      channel.once('close', (code?: number | null, signal?: string) =>
        resolve(code === undefined ? undefined : { code, ...(signal && { signal }) }),
      ),
    );
    const closed = new Promise<void>(resolve => (this.#onClose = resolve));
    this.ended = end.then(async told => {
      await Promise.race([this.#delivering, closed]);
      if (!told && !this.#closed) throw cutOff();
      return told ?? { code: null };
    });
    // Whoever only wants to see the output need not care how it ended.
    this.ended.catch(() => undefined);
  }

  write(text: string): void {
    if (this.channel.writable) this.channel.write(text);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (this.channel.writable) this.channel.setWindow(rows, columns, 0, 0);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#pending = [];
    this.channel.close();
    // ssh2 tells the end of a channel only when all has been read.
    this.#streams.forEach(stream => stream.resume());
  }

  #take(chunk: Buffer): void {
    if (this.#closed) return;
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes >= pieceLimit) this.#streams.forEach(stream => stream.pause());
    this.#delivering ??= this.#deliver()
      .catch(() => this.close())
      .finally(() => (this.#delivering = undefined));
  }

  async #deliver(): Promise<void> {
    while (this.#pending.length > 0 && !this.#closed) {
      const piece = Buffer.concat(this.#pending);
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#streams.forEach(stream => stream.resume());
      await this.show(piece);
    }
  }
}
