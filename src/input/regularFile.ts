import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** The largest file that is read, in bytes; configurations and messages are far smaller. */
export const fileLimit = 64 * 1024 * 1024;

/** A file that is not read for what it is. `code` as Node's own errors have it. */
export class FileError extends Error {
  constructor(
    readonly code: 'ENOTREGULAR' | 'EFBIG',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads a file of this computer which somebody else may have put there: a repository can hold a link to a device that never
 * ends, or to a pipe that nobody writes to. Only regular files are read, and no more than `limit` bytes of them.
 * @throws FileError; Node's errors, such as `ENOENT`
 */
export async function readRegularFile(path: string, limit = fileLimit): Promise<Buffer> {
  // Before it is opened, since opening a device or a pipe can do something; and after, since it can be another one by then.
  assertRegular(await stat(path), limit);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const { size } = assertRegular(await handle.stat(), limit);
    const chunks: Buffer[] = [];
    let total = 0;
    for (;;) {
      // One byte more than the file has, to see its end at once.
      const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(Math.max(size - total, 4095) + 1) });
      if (bytesRead === 0) return Buffer.concat(chunks, total);
      total += bytesRead;
      if (total > limit) throw tooLarge(limit);
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

interface Stat {
  size: number;
  isFile(): boolean;
  isDirectory(): boolean;
}

function assertRegular<Kind extends Stat>(found: Kind, limit: number): Kind {
  if (found.isDirectory()) throw Object.assign(new Error('It is a folder.'), { code: 'EISDIR' });
  if (!found.isFile())
    throw new FileError(
      'ENOTREGULAR',
      'it is a device, a pipe or a socket, not a regular file. Put a file in its place.',
    );
  if (found.size > limit) throw tooLarge(limit);
  return found;
}

export function tooLarge(limit: number): FileError {
  return new FileError('EFBIG', `it is larger than ${Math.round(limit / 1024 / 1024)} MiB. Check what is in it.`);
}
