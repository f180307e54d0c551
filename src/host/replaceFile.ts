import { createHash } from 'node:crypto';
import { answerFunctions, answerLines, find, locateChasquid, need, textOf } from './answer';
import { HostError, type Shell } from './shell';

/** Of a file's content, or `absent` when there was no file. */
export const contentHash = (bytes: Uint8Array | undefined): string =>
  bytes ? createHash('sha256').update(bytes).digest('hex') : 'absent';

export interface Replacement {
  /** Absolute, or relative to chasquid's configuration folder. Symbolic links are followed. */
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

const script = String.raw`
${answerFunctions}
${locateChasquid}
cd "$config" 2>/dev/null || cd /
umask 077
answer() { field "$1" "" "$2"; }
real=$(readlink -f -- "$path" 2>/dev/null)
[ -n "$real" ] || { answer missing "$path"; exit 0; }
folder=$(dirname -- "$real")
[ -d "$folder" ] || { answer missing "$folder"; exit 0; }
exec 9>/run/lock/chasquid-files.lock && flock -w 30 9 || { answer locked ""; exit 0; }
if [ "$usersFile" = yes ]; then
  for comm in /proc/[0-9]*/comm; do
    { read -r name < "$comm"; } 2>/dev/null && [ "$name" = chasquid-util ] || continue
    case $(tr '\0' ' ' < "$(dirname "$comm")/cmdline") in *user-add*|*user-remove*)
      pid=$(dirname "$comm"); answer busy "$(basename "$pid")"; exit 0;;
    esac
  done
fi
if [ -e "$real" ]; then now=$(sha256sum < "$real" | cut -c 1-64); else now=absent; fi
[ "$now" = "$expectedHash" ] || { answer conflict ""; exit 0; }
draft=$(mktemp "$folder/.draft.XXXXXXXX") || { answer failed ""; exit 0; }
trap 'rm -f -- "$draft"' EXIT
if [ "$now" != absent ]; then
  backup=/var/backups/chasquid-setup/$(date -u +%Y%m%dT%H%M%SZ).$$
  mkdir -p "$backup$folder" && cp -p -- "$real" "$backup$real" || { answer failed ""; exit 0; }
  # Owner, mode, access list and attributes of the old file first, then the new content.
  cp --preserve=all -- "$real" "$draft" || { answer failed ""; exit 0; }
else
  chown "$daemon:$group" "$draft" && chmod 0660 "$draft" || { answer failed ""; exit 0; }
fi
printf %s "$content" | base64 -d > "$draft" && [ "$(sha256sum < "$draft" | cut -c 1-64)" = "$newHash" ] && sync "$draft" || { answer failed ""; exit 0; }
opens() { as_daemon sh -c '{ command : < "$1"; } 2>/dev/null' sh "$1"; }
repaired=no
if [ "$forDaemon" = yes ] && id "$daemon" >/dev/null 2>&1 && ! opens "$draft"; then
  chown "$daemon:$group" "$draft" && chmod u+r "$draft" && repaired=yes
fi
mv -f -- "$draft" "$real" || { answer failed ""; exit 0; }
trap - EXIT
sync "$folder" 2>/dev/null
[ "$now" = absent ] || answer backup "$backup$real"
readable=yes; id "$daemon" >/dev/null 2>&1 && { opens "$real" || readable=no; }
answer repaired "$repaired"
answer readable "$readable"
answer done ""
`;

/**
 * Replaces one file on the server: all of it or nothing (a draft beside it, then a rename), with owner, mode and access
 * list kept, and the former content put aside under /var/backups/chasquid-setup.
 * @throws HostError `file-changed` (someone changed it meanwhile), `file-busy` (chasquid-util is at work), `disk-full`,
 * `read-only`, `no-folder`, `write-failed`.
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
  if (find(lines, 'locked')) {
    throw new HostError(
      'file-busy',
      `${path} is being changed by another window. It did not finish within 30 seconds. Wait for it, then try again.`,
    );
  }
  const busy = find(lines, 'busy');
  if (busy) {
    throw new HostError(
      'file-busy',
      `chasquid-util is changing users on the server (process ${textOf(busy)}). It would undo this change when it ends. Finish or close it, then try again.`,
    );
  }
  const missing = find(lines, 'missing');
  if (missing) {
    throw new HostError(
      'no-folder',
      `${path} cannot be written: ${textOf(missing)} is not there. Create the folder first, or run Set Up Server.`,
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
  const said = output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new HostError(
      'disk-full',
      `${path} was not written: the server's disk is full. The old file is unchanged. Free some space (journalctl --vacuum-size=100M, apt-get clean), then try again.`,
    );
  }
  if (/Read-only file system/.test(output)) {
    return new HostError(
      'read-only',
      `${path} was not written: its file system is read-only. Linux does that after a disk error. Look at “dmesg” on the server, then remount or repair the disk.`,
    );
  }
  return new HostError(
    'write-failed',
    `${path} was not written. The server said: “${said}”. The old file is unchanged; mend that, then try again.`,
  );
}
