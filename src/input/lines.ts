import { ByteBuffer } from './byteBuffer';

const newline = 0x0a;

/** Splits bytes that arrive in pieces into lines. Cost and memory are bounded by the limit, however the pieces are cut. */
export class Lines {
  #held: ByteBuffer;
  #skipping = false;

  /**
   * @param limit bytes of one line, without its end.
   * @param onLine is given each line without its end; the bytes are the receiver's.
   * @param onTooLong is called once for a line that is longer, which is passed over. What it throws `push` throws.
   */
  constructor(
    readonly limit: number,
    private readonly onLine: (line: Buffer) => void,
    private readonly onTooLong: () => void,
  ) {
    this.#held = new ByteBuffer(limit);
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#complete(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start));
  }

  /** The sender has ended: hands out a last line that had no end. */
  end(): void {
    if (this.#held.length > 0) this.#complete(Buffer.alloc(0));
    this.#skipping = false;
  }

  #complete(tail: Buffer): void {
    if (this.#held.length === 0 && !this.#skipping && tail.length <= this.limit) return this.onLine(tail);
    this.#hold(tail);
    const line = this.#held.bytes;
    this.#held = new ByteBuffer(this.limit);
    if (this.#skipping) this.#skipping = false;
    else this.onLine(line);
  }

  #hold(part: Buffer): void {
    if (this.#skipping || this.#held.push(part)) return;
    this.#skipping = true;
    this.#held = new ByteBuffer(this.limit);
    this.onTooLong();
  }
}
