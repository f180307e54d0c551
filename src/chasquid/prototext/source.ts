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

/** Of a file whose offsets are those of its bytes. */
export function sourceOfBytes(bytes: Uint8Array): Source {
  return { bytes: Buffer.from(bytes).toString('latin1'), offset: byte => byte };
}

export function sourceOf(text: string): Source {
  if (/^[\x00-\x7f]*$/.test(text)) return { bytes: text, offset: byte => byte };
  const bytes = Buffer.from(encodeText(text)).toString('latin1');
  const offsets = new Uint32Array(bytes.length + 1);
  let byte = 0;
  for (let unit = 0; unit < text.length;) {
    const point = text.codePointAt(unit)!;
    for (const end = byte + encodedLength(point); byte < end; byte++) offsets[byte] = unit;
    unit += point < 0x10000 ? 1 : 2;
  }
  offsets[byte] = text.length;
  return { bytes, offset: at => offsets[at]! };
}
