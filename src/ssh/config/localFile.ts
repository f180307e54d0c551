import { stat } from 'node:fs/promises';
import { FileError, readRegularFile } from '../../input/regularFile';
import { sizeText } from '../../input/size';

/** Keys and configurations are a few kilobytes. */
export const smallFile = 1024 * 1024;

/**
 * A text file of this computer that SSH uses: a key, a configuration, a list of host keys. `/dev/null`, by whatever name, is an
 * empty one, as people name it to OpenSSH.
 * @param limit in bytes. @throws FileError, Node's errors: `whyUnreadable` has words for both
 */
export async function readLocalText(file: string, limit: number): Promise<string> {
  try {
    return (await readRegularFile(file, limit)).toString('utf8');
  } catch (error) {
    if (error instanceof FileError && error.code === 'ENOTREGULAR' && (await isNull(file))) return '';
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** A sentence. */
export function whyUnreadable(error: unknown, limit: number): string {
  if (error instanceof FileError)
    return error.code === 'EFBIG'
      ? `It is larger than ${sizeText(limit)}.`
      : 'It is a device, a pipe or a socket, not a regular file.';
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EISDIR' ? 'It is a folder.' : `The system reports ${code ?? String(error)}.`;
}

async function isNull(file: string): Promise<boolean> {
  const [found, nothing] = await Promise.all([file, '/dev/null'].map(path => stat(path).catch(() => undefined)));
  return found !== undefined && found.isCharacterDevice() && found.rdev === nothing?.rdev;
}
