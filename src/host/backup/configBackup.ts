import { find, nameOf, textOf } from '../protocol/answer';
import { askStore, commitsOf, listIn, type BackupCommit } from './ask';
import { readTextFile } from '../files/configFiles';
import type { Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

const scripts = {
  backUp: shellScript(import.meta.url, './backUp.sh'),
  list: shellScript(import.meta.url, './list.sh'),
  restore: shellScript(import.meta.url, './restore.sh'),
  former: shellScript(import.meta.url, './former.sh'),
};

export type { BackupCommit };

/**
 * Why something stayed out: `key` (it holds a private key), `key-name` (its name is that of a private key), `binary` (no text,
 * so that nobody can tell), `large` (more than 16 MB), `special` (a device, socket or pipe), `name` (control characters or
 * a private key in its name), `other` (no part of chasquid's configuration), `access-lists` (the package acl is missing).
 */
export type LeftOutReason = 'key' | 'key-name' | 'binary' | 'large' | 'special' | 'name' | 'other' | 'access-lists';

export interface LeftOut {
  /** Relative to chasquid's folder; control characters are `?`. */
  path: string;
  reason: LeftOutReason;
}

export interface Pushed {
  /**
   * `refused`: by us, for what the history holds (`held`); `other-history`: the remote repository has commits that are none of this
   * backup's; `failed`: by the other side or on the way.
   */
  state: 'ok' | 'refused' | 'other-history' | 'failed';
  /** The last words of git, at most 300 characters; they may be the other side's. */
  said: string;
  /** Paths in the history, relative to chasquid's folder, which hold a private key, are no text or no part of the configuration. */
  held: string[];
}

export interface BackedUp {
  /** The newest commit. */
  commit: BackupCommit;
  /** Whether it is new: else nothing had changed since. */
  changed: boolean;
  leftOut: LeftOut[];
  /** Present when there is a remote repository. */
  pushed?: Pushed;
}

export interface BackUpOptions {
  message: string;
  /** Sets the remote repository, with a deploy key that is made for it (`backupKey`). */
  remote?: string;
  /** Installs git where it is missing, from the distribution's packages. */
  installGit?: boolean;
  /**
   * Begins again after what the remote repository has: what was committed since is no part of what is pushed any more, but
   * stays on the server, where it can be restored.
   */
  freshHistory?: boolean;
  signal?: AbortSignal;
}

/**
 * Keeps the present state of the configuration as a commit, and pushes it where a remote repository is set. Private keys stay out,
 * whatever the files are called, and before each push all of the history is searched for them. The hashes of the senders' passwords are part of it.
 * @throws HostError `no-git`, `no-configuration`, `nothing-to-back-up`, `file-busy`, `folder-exposed`, `backup-failed`;
 * RangeError for an address that is none
 */
export async function backUpConfiguration(shell: Shell, options: BackUpOptions): Promise<BackedUp> {
  const { message, remote = '', installGit, freshHistory, signal } = options;
  if (remote !== '' && !/^(?:ssh:\/\/|https:\/\/|[\w.-]+@[\w.-]+:)[^\s'"\\]+$/.test(remote)) {
    throw new RangeError(
      `“${remote}” is not the address of a git repository on another server. It looks like git@github.com:you/mail-config.git or https://…. Copy it from your provider's page.`,
    );
  }
  const yes = (value = false): string => (value ? 'yes' : 'no');
  const { lines } = await askStore(
    shell,
    scripts.backUp,
    { message, remote, installGit: yes(installGit), freshHistory: yes(freshHistory) },
    signal,
  );
  const pushed = find(lines, 'pushed');
  return {
    commit: commitsOf(lines)[0]!,
    changed: find(lines, 'changed') !== undefined,
    leftOut: listIn(lines, 'left').map(line => {
      const [reason] = line.split(' ', 1) as [LeftOutReason];
      return { reason, path: line.slice(reason.length + 1) };
    }),
    ...(pushed && {
      pushed: {
        state: nameOf(pushed) as Pushed['state'],
        said: lastWords(textOf(pushed)),
        held: listIn(lines, 'refused'),
      },
    }),
  };
}

/** The states that were kept, newest first. Empty when there is no backup yet. @throws HostError as `backUpConfiguration` */
export async function listBackups(shell: Shell, limit = 200, signal?: AbortSignal): Promise<BackupCommit[]> {
  const { lines } = await askStore(shell, scripts.list, { limit: String(limit), absent: 'ok' }, signal);
  return commitsOf(lines);
}

export interface Restored {
  /** What changed, relative to chasquid's folder. */
  files: string[];
  /** Those of them that chasquid cannot use as they are: files that it may not read, hooks that it may not run. */
  unusable: string[];
  /** The newest commit. */
  commit: BackupCommit;
}

/**
 * Makes the configuration what it was at a commit: files with owner, mode and access list, and folders that are missing.
 * Folders that are there keep their mode, and what is no part of backups (private keys) stays as it is. What is there now is
 * committed first, so this can be undone by restoring that commit. chasquid has to be restarted.
 * @throws HostError `no-backup` for a commit that is not there; `folder-changed`; as `backUpConfiguration`
 */
export async function restoreConfiguration(shell: Shell, id: string, signal?: AbortSignal): Promise<Restored> {
  if (!/^[0-9a-f]{7,40}$/.test(id))
    throw new RangeError(
      `“${id}” is not a commit. A commit is named by 7 to 40 hexadecimal digits. Restore Configuration lists those there are.`,
    );
  const { lines } = await askStore(shell, scripts.restore, { id, absent: 'ok' }, signal);
  return { files: listIn(lines, 'files'), unusable: listIn(lines, 'unusable'), commit: commitsOf(lines)[0]! };
}

/** The public half of the deploy key with which backups are pushed; undefined before there is one. */
export async function backupKey(shell: Shell): Promise<string | undefined> {
  const { bytes } = await readTextFile(shell, '/root/.ssh/chasquid_backup.pub');
  return bytes && Buffer.from(bytes).toString('utf8').trim();
}

/** The repository that earlier versions made their backups in. */
export interface FormerBackups {
  /** The folder of the repository: chasquid's, or one above it such as /etc, which was then pushed whole. */
  folder: string;
  /** The remote repository that has a copy; at most 300 characters. */
  remote?: string;
  /** What was pushed; left out where the repository is not root's alone, so that it cannot be read safely. */
  content?: {
    /** Paths in the repository which hold private keys or passwords, at most 200. */
    secrets: string[];
    /** How many files are no part of chasquid's folder. */
    outside: number;
  };
}

/** Looks for backups of earlier versions, and changes nothing. @throws HostError as `backUpConfiguration` */
export async function formerBackups(shell: Shell, signal?: AbortSignal): Promise<FormerBackups | undefined> {
  const { lines } = await askStore(shell, scripts.former, { absent: 'ok' }, signal);
  const former = find(lines, 'former');
  if (!former) return undefined;
  const remote = lastWords(textOf(former));
  return {
    folder: nameOf(former),
    ...(remote && { remote }),
    ...(find(lines, 'inspected') && {
      content: { secrets: listIn(lines, 'secrets'), outside: Number(textOf(find(lines, 'outside'))) },
    }),
  };
}

/** The end of what git said, on one line of printable characters, without the password of an address. */
function lastWords(text: string): string {
  const words = text
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/(\/\/[^\s/:@]*:)[^\s/@]*@/g, '$1…@')
    .trim();
  return words.length > 300 ? `…${words.slice(-299)}` : words;
}
