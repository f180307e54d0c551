import { readdir, stat } from 'node:fs/promises';
import type { Entry, Files } from '../chasquid/tree/files';
import { readRegularFile } from '../input/regularFile';
import { Unreadable } from './usage';

/** The file system of this machine. */
export const nodeFiles: Files = {
  async list(folder) {
    const entries = await ignoreMissing(readdir(folder, { withFileTypes: true }));
    if (!entries) return undefined;
    entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    return Promise.all(
      entries.map(async (entry): Promise<Entry> => {
        const seen = entry.isSymbolicLink() ? await stat(`${folder}/${entry.name}`).catch(() => undefined) : entry;
        const kind = seen?.isDirectory() ? 'folder' : seen?.isFile() ? 'file' : 'other';
        return { name: entry.name, kind, link: entry.isSymbolicLink() };
      }),
    );
  },
  async read(path) {
    return ignoreMissing(readRegularFile(path));
  },
  async mode(path) {
    return (await stat(path).catch(() => undefined))?.mode;
  },
};

/** A file that an option or an argument names. @throws Unreadable, with its name */
export async function namedFile(path: string): Promise<Uint8Array> {
  const bytes = await nodeFiles.read(path).catch((error: Error) => {
    throw new Unreadable(`${path}: ${error.message}`);
  });
  if (!bytes) throw new Unreadable(`${path}: there is no such file.`);
  return bytes;
}

async function ignoreMissing<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  try {
    return await promise;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(reasonOf(error as NodeJS.ErrnoException), { cause: error });
  }
}

/** Why something is not read, as it stands behind its path. */
export function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return reasons[code ?? ''] ?? message;
}

const reasons: Record<string, string> = {
  EACCES: 'it may not be read by this user. Run this as a user who may.',
  EPERM: 'it may not be read by this user. Run this as a user who may.',
  EISDIR: 'there is a folder where a file belongs. Remove it, or rename it.',
  ELOOP: 'its symbolic links form a loop. Correct them.',
};
