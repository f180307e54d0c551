import { createGunzip } from 'node:zlib';
import { TooLargeError } from './size';

/**
 * Unpacks gzip piece by piece: nothing waits for it, and a small file which unpacks to a huge one costs no more than `limit` bytes.
 * @throws TooLargeError; zlib's own error for what is not gzip or is cut off
 */
export async function* gunzip(gzipped: Uint8Array, limit: number): AsyncGenerator<Buffer> {
  let size = 0;
  const unzip = createGunzip({ chunkSize: 64 * 1024 });
  try {
    unzip.end(gzipped);
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new TooLargeError(limit);
      yield chunk;
    }
  } finally {
    unzip.destroy();
  }
}
