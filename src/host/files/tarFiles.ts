import { pipeline, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { gunzip } from '../../input/gunzip';
import { sizeText, TooLargeError } from '../../input/size';
import { quotable } from '../../text/visible';
import { HostError } from '../protocol/shell';

/** Bytes that an archive of configuration files may unpack to: far more than any real server has. */
export const unpackedLimit = 64 * 1024 * 1024;

/**
 * The files of a gzipped tar by name. It is unpacked bit by bit, so that nothing else has to wait.
 * @throws HostError `answer-too-large`, `answer-damaged`
 */
export async function tarFiles(gzipped: Uint8Array, limit = unpackedLimit): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  if (!gzipped.length) return files;
  const archive = extract();
  // An error of the unpacking destroys the archive, whose iterator then throws it.
  pipeline(Readable.from(gunzip(gzipped, limit)), archive, () => undefined);
  try {
    for await (const entry of archive) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      if (entry.header.type === 'file') files.set(entry.header.name, Buffer.concat(parts));
    }
  } catch (error) {
    throw unreadable(error);
  }
  return files;
}

function unreadable(cause: unknown): HostError {
  if (cause instanceof TooLargeError) {
    return new HostError(
      'answer-too-large',
      `The server's configuration files are larger than ${sizeText(cause.limit)} together. So much is not read. Look in chasquid's configuration directory for files that do not belong there.`,
      { cause },
    );
  }
  return new HostError(
    'answer-damaged',
    `The server's configuration files arrived damaged: ${quotable((cause as Error).message.replace(/\.$/, ''))}. The connection or a program on the server may have changed them. Try again.`,
    { cause },
  );
}
