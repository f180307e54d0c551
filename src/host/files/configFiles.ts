import { answerLines, bytesOf, find, need, quoteOf } from '../protocol/answer';
import { contentHash, replaceFile, type Replaced } from './replaceFile';
import { HostError, type Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

export interface RemoteFile {
  /** As on disk; undefined when there is no such file. */
  bytes: Uint8Array | undefined;
  /** To hand back to `writeTextFile`. */
  hash: string;
}

/** Files above this are no configuration, and an editor is no place for them. Bytes. */
const largest = 16 * 1024 * 1024;

const script = shellScript(import.meta.url, './readFile.sh');

/**
 * Reads one file of the server.
 * @param path absolute, or relative to chasquid's configuration folder (`domains/example.com/aliases`).
 * @throws HostError `not-a-file`, `too-large`, `read-refused`.
 */
export async function readTextFile(shell: Shell, path: string, signal?: AbortSignal): Promise<RemoteFile> {
  const answer = await shell.run(script, {
    inputs: { path, largest: String(largest) },
    timeoutMs: 60_000,
    ...(signal && { signal }),
  });
  const lines = answerLines(answer);
  if (find(lines, 'absent')) return { bytes: undefined, hash: contentHash(undefined) };
  if (find(lines, 'folder')) {
    throw new HostError(
      'not-a-file',
      `${path} is a folder on the server. Only a file can be opened. Choose a file in it.`,
    );
  }
  if (find(lines, 'large')) {
    throw new HostError(
      'too-large',
      `${path} is larger than 16 MB. It is unlikely to be a configuration file. Check it in a terminal.`,
    );
  }
  const refused = find(lines, 'refused');
  if (refused) {
    throw new HostError(
      'read-refused',
      `${path} could not be read: ${quoteOf(refused)} may not open it. Connect as root, or as a user who may use sudo.`,
    );
  }
  const bytes = bytesOf(need(lines, 'file', answer, path));
  return { bytes, hash: contentHash(bytes) };
}

/**
 * Writes one file of the server, atomically, with its owner and mode kept and a backup made. A new file belongs to the
 * daemon's user.
 * @param expectedHash the `hash` of the reading from which `bytes` was made.
 * @throws HostError as `replaceFile` does; `file-changed` when the file is no longer what was read.
 */
export async function writeTextFile(
  shell: Shell,
  path: string,
  bytes: Uint8Array,
  options: { expectedHash: string; signal?: AbortSignal },
): Promise<Replaced & { hash: string }> {
  const replaced = await replaceFile(shell, { path, content: bytes, forDaemon: true, ...options });
  return { ...replaced, hash: contentHash(bytes) };
}
