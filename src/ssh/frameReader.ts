/** What stands between the two marks of a frame. */
export interface Frame {
  /** The rest of the line of the opening mark. */
  head: string;
  body: Buffer;
  /** The rest of the line of the closing mark. */
  tail: string;
}

const newline = 0x0a;

/**
 * Finds framed answers in a stream of any bytes. A frame is `LF mark " begin " head LF body LF mark " end " tail LF`;
 * what stands outside of the frame that is waited for is dropped. Cost is linear in the bytes, however they are cut.
 */
export class FrameReader {
  #begin: Buffer = Buffer.alloc(0);
  #end: Buffer = Buffer.alloc(0);
  #head: string | undefined;
  #chunks: Buffer[] = [];
  /** The last bytes seen, as many as could be the beginning of a mark. */
  #seam: Buffer = Buffer.alloc(0);
  #done: ((frame: Frame) => void) | undefined;
  #onHead: ((head: string) => void) | undefined;

  /** Waits for the frame of `mark`. `onHead` is told the head as soon as it is there. */
  expect(mark: string, onHead?: (head: string) => void): Promise<Frame> {
    this.#begin = Buffer.from(`\n${mark} begin `);
    this.#end = Buffer.from(`\n${mark} end `);
    this.#head = undefined;
    this.#chunks = [];
    this.#seam = Buffer.alloc(0);
    return new Promise(resolve => {
      this.#done = resolve;
      this.#onHead = onHead;
    });
  }

  push(chunk: Buffer): void {
    if (!this.#done) return;
    this.#chunks.push(chunk);
    const mark = this.#head === undefined ? this.#begin : this.#end;
    const window = Buffer.concat([this.#seam, chunk]);
    if (window.indexOf(mark) < 0) {
      this.#seam = Buffer.from(window.subarray(Math.max(0, window.length - mark.length + 1)));
      if (this.#head === undefined) this.#chunks = [this.#seam];
      return;
    }
    const all = Buffer.concat(this.#chunks);
    // In the seam window the mark may begin before this chunk, so it is looked for again in the whole.
    const at = all.indexOf(mark, Math.max(0, all.length - window.length));
    const lineEnd = all.indexOf(newline, at + mark.length);
    if (lineEnd < 0) {
      // The line of the mark is still incomplete: look again from the mark on.
      this.#chunks = [all];
      this.#seam = Buffer.from(all.subarray(at));
      return;
    }
    const rest = all.toString('utf8', at + mark.length, lineEnd);
    if (this.#head === undefined) {
      this.#head = rest;
      this.#onHead?.(rest);
      this.#chunks = [];
      this.#seam = Buffer.alloc(0);
      this.push(all.subarray(lineEnd + 1));
      return;
    }
    const done = this.#done;
    this.#done = undefined;
    this.#chunks = [];
    done({ head: this.#head, body: all.subarray(0, at), tail: rest });
  }
}
