import { readdir, readFile, stat } from 'node:fs/promises';
import type { Entry, Files } from '../chasquid/tree/files';

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
    return ignoreMissing(readFile(path));
  },
  async mode(path) {
    return (await stat(path).catch(() => undefined))?.mode;
  },
};

async function ignoreMissing<Result>(promise: Promise<Result>): Promise<Result | undefined> {
  try {
    return await promise;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const known = code === undefined ? undefined : reasons[code];
    throw known === undefined ? error : new Error(known);
  }
}

const reasons: Record<string, string> = {
  EACCES: 'it may not be read by this user. Run this as a user who may.',
  EPERM: 'it may not be read by this user. Run this as a user who may.',
  EISDIR: 'a folder stands where a file belongs. Remove it, or rename it.',
  ELOOP: 'its symbolic links lead in a circle. Mend them.',
};
