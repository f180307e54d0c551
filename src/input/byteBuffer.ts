/**
 * Bytes that arrive in pieces, in one block which grows by doubling: the cost is linear in the bytes, however small the
 * pieces are, and no piece keeps a larger block of somebody else's alive.
 */
export class ByteBuffer {
  #block: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  /** @param limit how many bytes it may hold. */
  constructor(readonly limit: number) {}

  get length(): number {
    return this.#end - this.#start;
  }

  /** What it holds, without a copy: valid until the next `push`. */
  get bytes(): Buffer {
    return this.#block.subarray(this.#start, this.#end);
  }

  /** Adds `chunk`. False when that would be more than the limit: then nothing of it is kept. */
  push(chunk: Uint8Array): boolean {
    if (this.length + chunk.length > this.limit) return false;
    if (this.#end + chunk.length > this.#block.length) this.#makeRoom(chunk.length);
    this.#block.set(chunk, this.#end);
    this.#end += chunk.length;
    return true;
  }

  /** Forgets the first `count` bytes. */
  drop(count: number): void {
    this.#start = Math.min(this.#start + count, this.#end);
  }

  #makeRoom(more: number): void {
    const kept = this.bytes;
    const block = Buffer.allocUnsafe(Math.max(256, (kept.length + more) * 2));
    kept.copy(block);
    this.#block = block;
    this.#start = 0;
    this.#end = kept.length;
  }
}
