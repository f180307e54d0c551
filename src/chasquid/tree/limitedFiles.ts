import { Semaphore } from '../../input/semaphore';
import { sizeText } from '../../input/size';
import type { Entry, Files } from './files';

/** So many are read at a time: a process may have some hundred files open, a configuration can have thousands. */
const atATime = 8;
/** Bytes of all files together; entries of one folder. Far more than any configuration has. */
export const limits = { bytes: 256 * 1024 * 1024, entries: 50_000 };

/** The files of one configuration folder, which may be anybody's: read a few at a time, and up to a limit. */
export class LimitedFiles implements Files {
  private readonly turns = new Semaphore(atATime);
  private total = 0;

  constructor(
    private readonly files: Files,
    private readonly most = limits,
  ) {}

  /** @throws Error when the folder has too many entries */
  async list(folder: string): Promise<Entry[] | undefined> {
    const entries = await this.inTurn(() => this.files.list(folder));
    if (entries && entries.length > this.most.entries)
      throw new Error(`${folder} has more than ${this.most.entries} entries. Check what creates them.`);
    return entries;
  }

  /** @throws Error when this file and those read before are too large together */
  async read(path: string): Promise<Uint8Array | undefined> {
    return this.inTurn(async () => {
      if (this.total > this.most.bytes) this.refuse();
      const bytes = await this.files.read(path);
      this.total += bytes?.length ?? 0;
      if (this.total > this.most.bytes) this.refuse();
      return bytes;
    });
  }

  async mode(path: string): Promise<number | undefined> {
    return this.inTurn(async () => this.files.mode?.(path));
  }

  private refuse(): never {
    throw new Error(
      `it is not read, as the files of this folder are larger than ${sizeText(this.most.bytes)} together. Check what is in them.`,
    );
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const leave = await this.turns.acquire();
    try {
      return await work();
    } finally {
      leave();
    }
  }
}
