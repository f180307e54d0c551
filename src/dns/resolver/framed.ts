import { ByteBuffer } from '../../input/byteBuffer';

/** Takes DNS messages out of a stream, on which each stands behind its length in two octets (RFC 1035 §4.2.2). */
export class Framed {
  /** Never more than a message and a piece: whatever is complete is taken out at once. */
  readonly #received = new ByteBuffer(Infinity);

  /** The messages that are complete with this piece, without their lengths. */
  push(piece: Uint8Array): Buffer[] {
    this.#received.push(piece);
    const messages: Buffer[] = [];
    for (;;) {
      const { bytes } = this.#received;
      const end = bytes.length < 2 ? Infinity : 2 + bytes.readUInt16BE(0);
      if (bytes.length < end) return messages;
      messages.push(Buffer.from(bytes.subarray(2, end)));
      this.#received.drop(end);
    }
  }
}
