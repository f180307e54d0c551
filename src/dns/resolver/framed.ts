import { ByteBuffer } from '../../input/byteBuffer';

/** Octets of a message's header (RFC 1035 §4.1.1): what is shorter is no message. */
export const headerSize = 12;

/** Takes DNS messages out of a stream, on which each stands behind its length in two octets (RFC 1035 §4.2.2). */
export class Framed {
  /** Never more than a message and a piece, as long as whatever is complete is taken out at once. */
  readonly #received = new ByteBuffer(Infinity);

  /**
   * The messages that are complete with this piece, without their lengths; each is cut out when it is asked for. Who takes only
   * the first need not wait for the thousands that may stand behind it.
   */
  push(piece: Uint8Array): Generator<Buffer, void> {
    this.#received.push(piece);
    return this.#messages();
  }

  *#messages(): Generator<Buffer, void> {
    for (;;) {
      const { bytes } = this.#received;
      const end = bytes.length < 2 ? Infinity : 2 + bytes.readUInt16BE(0);
      if (bytes.length < end) return;
      const message = Buffer.from(bytes.subarray(2, end));
      this.#received.drop(end);
      yield message;
    }
  }
}
