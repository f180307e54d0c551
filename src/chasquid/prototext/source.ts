import { decodeText, encodedLength, encodeText } from '../text';

/**
 * A protobuf text format file as the decoder reads it: one character per byte, so that every rule counts what Go counts.
 * `offset` leads back to UTF-16.
 */
export interface Source {
  /** The file's bytes, one character (U+0000…U+00FF) each. */
  bytes: string;
  /** The UTF-16 offset of a byte offset. */
  offset(byte: number): number;
}

/** The text of bytes that stand as one character each. */
export function textOf(bytes: string): string {
  return /^[\x00-\x7f]*$/.test(bytes) ? bytes : decodeText(Buffer.from(bytes, 'latin1'));
}

export function sourceOf(text: string): Source {
  const bytes = Buffer.from(encodeText(text)).toString('latin1');
  if (bytes.length === text.length) return { bytes, offset: byte => byte };
  const offsets = new Uint32Array(bytes.length + 1);
  let byte = 0;
  let unit = 0;
  for (const char of text) {
    const length = encodedLength(char.codePointAt(0)!);
    offsets.fill(unit, byte, byte + length);
    byte += length;
    unit += char.length;
  }
  offsets[byte] = unit;
  return { bytes, offset: at => offsets[at]! };
}
