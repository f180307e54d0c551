import { Duplex } from 'node:stream';

/** So many bytes are handed on before it is looked at the clock: even when each is a message of its own they take few milliseconds. */
const pieceSize = 2048;
/** For so long bytes are handed on without a turn for others, in milliseconds. */
const turnMs = 8;

/**
 * A connection whose bytes are handed on so that others get their turn: Node reads up to 2 MiB of a socket in one go, and ssh2
 * takes in all of it at once. A server that sends nothing but tiny messages would hold everything else up for seconds.
 */
export class PacedStream extends Duplex {
  #held: Buffer[] = [];
  #turn: NodeJS.Immediate | undefined;
  #isClosed = false;

  /** @param inner read and written by nobody else from now on */
  constructor(private readonly inner: Duplex) {
    super({ emitClose: true });
    inner.on('data', (chunk: Buffer) => {
      this.#held.push(chunk);
      if (!this.#turn) this.#handOn();
    });
    inner.once('end', () => {
      this.#held.push(Buffer.alloc(0));
      if (!this.#turn) this.#handOn();
    });
    inner.once('error', error => this.destroy(error));
    inner.once('close', () => {
      this.#isClosed = true;
      if (this.#held.length === 0) this.destroy();
    });
  }

  /** ssh2 asks this of a socket. */
  setNoDelay(on: boolean): void {
    (this.inner as Partial<{ setNoDelay(on: boolean): void }>).setNoDelay?.(on);
  }

  override _read(): void {
    if (this.#held.length === 0) this.inner.resume();
    else if (!this.#turn) this.#turn = setImmediate(() => this.#handOn());
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.inner.write(chunk, encoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.inner.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearImmediate(this.#turn);
    this.#held = [];
    // A late error of what is given up concerns nobody.
    this.inner.on('error', () => undefined);
    this.inner.destroy();
    done(error);
  }

  #handOn(): void {
    this.#turn = undefined;
    const end = performance.now() + turnMs;
    for (let chunk = this.#held[0]; chunk; chunk = this.#held[0]) {
      if (chunk.length <= pieceSize) this.#held.shift();
      else this.#held[0] = chunk.subarray(pieceSize);
      const isEnd = chunk.length === 0;
      const wantsMore = this.push(isEnd ? null : chunk.subarray(0, pieceSize));
      if (isEnd || this.destroyed) return;
      if (!wantsMore || performance.now() > end) break;
    }
    if (this.#held.length === 0) {
      if (this.#isClosed) this.destroy();
      return;
    }
    this.inner.pause();
    this.#turn = setImmediate(() => this.#handOn());
  }
}
