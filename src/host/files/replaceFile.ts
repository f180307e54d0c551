import { createHash } from 'node:crypto';
import { lastWords } from '../../text/visible';
import { answerLines, find, need, quoteOf, textOf } from '../protocol/answer';
import { throwRefused } from './safeFiles';
import { HostError, type Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

/** Of a file's content, or `absent` when there was no file. */
export const contentHash = (bytes: Uint8Array | undefined): string =>
  bytes ? createHash('sha256').update(bytes).digest('hex') : 'absent';

export interface Replacement {
  /** Absolute, or relative to chasquid's configuration folder. Symbolic links of root's are followed (`shell/files.sh`). */
  path: string;
  content: Uint8Array;
  /** `contentHash` of what the change was made from. */
  expectedHash: string;
  /** The daemon must be able to read the result: where it cannot, the file becomes its own. */
  forDaemon: boolean;
  /** Refuse while chasquid-util is changing users: it writes the whole file back from what it read when it began. */
  usersFile?: boolean;
  signal?: AbortSignal;
}

export interface Replaced {
  /** Where the former content lies; left out when there was no file. */
  backup?: string;
  /** The owner or mode had to be changed so that the daemon can read it. */
  repaired: boolean;
  /** Whether the daemon's user can open it now. */
  readable: boolean;
}

const script = shellScript(import.meta.url, './replaceFile.sh');

/**
 * Replaces one file on the server: all of it or nothing (a draft, then a rename), with owner, mode and access list kept, and
 * the former content put aside under /var/backups/chasquid-setup.
 * @throws HostError `file-changed` (someone changed it meanwhile), `file-busy` (chasquid-util is at work), `disk-full`,
 * `read-only`, `no-folder`, `unsafe-link`, `folder-changed`, `write-failed`.
 */
export async function replaceFile(shell: Shell, change: Replacement): Promise<Replaced> {
  const { path } = change;
  const answer = await shell.run(script, {
    inputs: {
      path,
      content: Buffer.from(change.content).toString('base64'),
      newHash: contentHash(change.content),
      expectedHash: change.expectedHash,
      forDaemon: change.forDaemon ? 'yes' : 'no',
      usersFile: change.usersFile ? 'yes' : 'no',
    },
    timeoutMs: 120_000,
    ...(change.signal && { signal: change.signal }),
  });
  const lines = answerLines(answer);
  if (find(lines, 'conflict')) {
    throw new HostError(
      'file-changed',
      `${path} was changed on the server since it was read. Nothing was written, so nobody's work is lost. Read it again, then repeat your change.`,
    );
  }
  throwRefused(lines, path);
  const busy = find(lines, 'busy');
  if (busy) {
    throw new HostError(
      'file-busy',
      `chasquid-util is changing users on the server (process ${quoteOf(busy)}). It would undo this change when it ends. Finish or close it, then try again.`,
    );
  }
  if (find(lines, 'failed')) throw writeFailure(path, answer.output);
  need(lines, 'done', answer, path);
  const backup = find(lines, 'backup');
  return {
    ...(backup && { backup: textOf(backup) }),
    repaired: textOf(find(lines, 'repaired')) === 'yes',
    readable: textOf(find(lines, 'readable')) === 'yes',
  };
}

function writeFailure(path: string, output: string): HostError {
  const said = lastWords(output);
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new HostError(
      'disk-full',
      `${path} was not written: the server's disk is full. The old file is unchanged. Free some space (journalctl --vacuum-size=100M, apt-get clean), then try again.`,
    );
  }
  if (/Read-only file system/.test(output)) {
    return new HostError(
      'read-only',
      `${path} was not written: its file system is read-only. Linux does that after a disk error. Check “dmesg” on the server, then remount or repair the disk.`,
    );
  }
  return new HostError(
    'write-failed',
    `${path} was not written. The server reported: “${said}”. The old file is unchanged; fix that, then try again.`,
  );
}
