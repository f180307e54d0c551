import { answerFunctions, answerLines, bytesOf, find, locateChasquid, need, textOf, type AnswerLine } from './answer';
import { fileFunctions } from './safeFiles';
import { HostError, type Shell, type ShellResult } from './shell';

/** One state of chasquid's folder that was kept. */
export interface BackupCommit {
  /** Of the commit, 40 hexadecimal digits. */
  id: string;
  /** Seconds since the epoch. */
  time: number;
  message: string;
}

export interface BackedUp {
  /** The newest commit. */
  commit: BackupCommit;
  /** Whether it is new: else nothing had changed since. */
  changed: boolean;
  /** Present when there is a remote repository: whether it took the commits, and what it said when not. */
  pushed?: { ok: boolean; said: string };
}

/**
 * chasquid's folder is a git repository, or lies in one (as with the guide's own configuration repository): then only the
 * folder is committed. Keys stay out by `info/exclude`, so that no file of ours appears in the folder.
 */
const common = String.raw`
${answerFunctions}
${locateChasquid}
${fileFunctions}
umask 077
config=$(readlink -f -- "$config")
cd "$config" 2>/dev/null || { field missing "" "$config"; exit 0; }
export HOME=/root GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0
if [ "$installGit" = yes ] && ! command -v git >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -y update && apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=60 install git
fi
command -v git >/dev/null 2>&1 || { field nogit "" ""; exit 0; }
host=$(hostname -f 2>/dev/null || hostname)
git() { command git -c safe.directory='*' -c core.quotePath=false -c core.autocrlf=false -c core.hooksPath=/dev/null -c commit.gpgSign=false \
  -c user.name=chasquid -c "user.email=root@$host" "$@"; }
inside() { git rev-parse --is-inside-work-tree >/dev/null 2>&1; }
tell() { git log -n "$1" --format='%H %ct %s' -- . | emit commits ""; }
key=/root/.ssh/chasquid_backup
lock_files 60 || { field locked "" ""; exit 0; }
`;

/** Private keys are for the server alone: a repository is copied around. */
const save = String.raw`
if ! inside; then git init -q -b main . || { field failed "" "git init"; exit 0; }; fi
exclude=$(git rev-parse --git-path info/exclude)
mkdir -p "$(dirname "$exclude")"
for line in '*privkey*.pem' 'dkim:*.pem' '*.key' '.draft.*' '.new-key*'; do
  grep -qxF -e "$line" "$exclude" 2>/dev/null || printf '%s\n' "$line" >> "$exclude"
done
commit() {
  git add -A -- . || { field failed "" "git add"; exit 0; }
  git diff --cached --quiet -- . && return 1
  git commit -q -m "$1" -- . || { field failed "" "git commit"; exit 0; }
}
`;

const backUp = String.raw`
${save}
if [ -n "$remote" ]; then
  [ -f "$key" ] || { mkdir -p /root/.ssh && ssh-keygen -q -t ed25519 -N '' -C "chasquid backup of $host" -f "$key"; }
  git remote get-url chasquid-backup >/dev/null 2>&1 && git remote set-url chasquid-backup "$remote" || git remote add chasquid-backup "$remote"
fi
if commit "$message"; then field changed "" ""; fi
tell 1
if git remote get-url chasquid-backup >/dev/null 2>&1; then
  # A first contact is trusted once and remembered; a changed key is refused.
  said=$(GIT_SSH_COMMAND="ssh -i $key -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=15 -o StrictHostKeyChecking=accept-new" \
    timeout 90 git push -q chasquid-backup HEAD:refs/heads/main 2>&1) && field pushed "" ok || field pushed "" "no $said"
fi
field done "" ""
`;

/**
 * Keeps the present state of chasquid's folder as a commit, and pushes it where a remote is set. Private keys are left out.
 * @param options.installGit installs git where it is missing, from the distribution's packages
 * @param options.remote sets the remote repository, with a deploy key that is made for it (`backupKey`)
 * @throws HostError `no-git`, `no-configuration`, `backup-failed`, `file-busy`
 */
export async function backUpConfiguration(
  shell: Shell,
  options: { message: string; remote?: string; installGit?: boolean; signal?: AbortSignal },
): Promise<BackedUp> {
  const { message, remote = '', installGit = false, signal } = options;
  if (remote !== '' && !/^(?:ssh:\/\/|https:\/\/|file:\/\/|[\w.-]+@[\w.-]+:|\/)[^\s'"\\]+$/.test(remote)) {
    throw new RangeError(
      `“${remote}” is not the address of a git repository. It looks like git@github.com:you/mail-config.git or https://…. Copy it from your provider's page.`,
    );
  }
  const { lines, answer } = await ask(
    shell,
    backUp,
    { message, remote, installGit: installGit ? 'yes' : 'no' },
    signal,
  );
  const [commit] = commits(need(lines, 'commits', answer, 'the backup'));
  if (!commit) {
    throw new HostError(
      'backup-failed',
      'chasquid’s folder has nothing that could be kept: no file besides private keys. Set the server up first.',
    );
  }
  const pushed = find(lines, 'pushed');
  const said = textOf(pushed);
  return {
    commit,
    changed: find(lines, 'changed') !== undefined,
    ...(pushed && { pushed: { ok: said === 'ok', said: said === 'ok' ? '' : said.slice(3).trim() } }),
  };
}

/** The states that were kept, newest first. Empty when there is no backup yet. @throws HostError as `backUpConfiguration` */
export async function listBackups(shell: Shell, limit = 200, signal?: AbortSignal): Promise<BackupCommit[]> {
  const script = String.raw`
if inside; then tell "$limit"; fi
field done "" ""
`;
  const { lines } = await ask(shell, script, { limit: String(limit) }, signal);
  const line = find(lines, 'commits');
  return line ? commits(line) : [];
}

const restore = String.raw`
${save}
git cat-file -e "$id^{commit}" 2>/dev/null || { field unknown "" ""; exit 0; }
commit "Before restoring $(git log -n 1 --format=%h "$id")" || :
git diff --name-only -z --no-relative HEAD "$id" -- . > /run/chasquid-restored.$$
top=$(git rev-parse --show-toplevel)
# git writes files anew: owner and mode are kept where there was a file, else it is the daemon's to read and nobody else's.
xargs -0 -r -a /run/chasquid-restored.$$ -I{} sh -c '[ ! -e "$1" ] || stat -c "%a %u:%g %n" -- "$1"' sh "$top/{}" > /run/chasquid-owners.$$
umask 027
git restore --source="$id" --staged --worktree -- . || { field failed "" "git restore"; exit 0; }
xargs -0 -r -a /run/chasquid-restored.$$ -I{} sh -c 'if [ -e "$1" ]; then chown "root:$2" -- "$1" && chmod 640 -- "$1"; fi' sh "$top/{}" "$group"
find "$config/domains" "$config/certs" -type d -user root -group root -exec chgrp "$group" {} + -exec chmod g+rx {} + 2>/dev/null
while read -r mode owner name; do [ ! -e "$name" ] || { chown "$owner" -- "$name"; chmod "$mode" -- "$name"; }; done < /run/chasquid-owners.$$
tr '\0' '\n' < /run/chasquid-restored.$$ | emit files ""
rm -f /run/chasquid-restored.$$ /run/chasquid-owners.$$
commit "Restored $(git log -n 1 --format='%h (%cd)' --date=iso "$id")" || :
tell 1
field done "" ""
`;

/**
 * Makes chasquid's folder what it was at a commit, keys aside. What is there now is committed first, so this can be taken
 * back by restoring that commit. chasquid has to be restarted.
 * @returns the files that changed, relative to the repository, and the new newest commit.
 * @throws HostError `no-backup` for a commit that is not there; as `backUpConfiguration`
 */
export async function restoreConfiguration(
  shell: Shell,
  id: string,
  signal?: AbortSignal,
): Promise<{ files: string[]; commit: BackupCommit }> {
  if (!/^[0-9a-f]{7,40}$/.test(id))
    throw new RangeError(
      `“${id}” is not a commit. A commit is named by 7 to 40 hexadecimal digits. Restore Configuration lists those there are.`,
    );
  const { lines, answer } = await ask(shell, restore, { id }, signal);
  if (find(lines, 'unknown'))
    throw new HostError(
      'no-backup',
      `There is no backup ${id} on this server. It may be of another server. Restore Configuration lists those there are.`,
    );
  const files = textOf(find(lines, 'files')).split('\n').filter(Boolean);
  return { files, commit: commits(need(lines, 'commits', answer, 'the backup'))[0]! };
}

/** The public half of the deploy key with which backups are pushed; undefined before there is one. */
export async function backupKey(shell: Shell): Promise<string | undefined> {
  const script = String.raw`
if [ -f "$key.pub" ]; then emit key "" < "$key.pub"; fi
field done "" ""
`;
  const { lines } = await ask(shell, script, {});
  return textOf(find(lines, 'key')).trim() || undefined;
}

function commits(line: AnswerLine): BackupCommit[] {
  return bytesOf(line)
    .toString('utf8')
    .split('\n')
    .flatMap(text => {
      const parts = /^([0-9a-f]{40}) (\d+) (.*)$/.exec(text);
      return parts ? [{ id: parts[1]!, time: Number(parts[2]), message: parts[3]! }] : [];
    });
}

async function ask(
  shell: Shell,
  script: string,
  inputs: Record<string, string>,
  signal?: AbortSignal,
): Promise<{ lines: AnswerLine[]; answer: ShellResult }> {
  const answer = await shell.run(common + script, { inputs, timeoutMs: 180_000, ...(signal && { signal }) });
  const lines = answerLines(answer);
  if (find(lines, 'nogit'))
    throw new HostError(
      'no-git',
      'git is not installed on the server. Backups are kept as a git repository there. Install it (apt-get install git), then try again.',
    );
  const missing = find(lines, 'missing');
  if (missing)
    throw new HostError(
      'no-configuration',
      `chasquid's folder ${textOf(missing)} is not on the server, or may not be read. There is nothing to keep yet. Run Set Up Server first.`,
    );
  if (find(lines, 'locked'))
    throw new HostError(
      'file-busy',
      'chasquid’s files are being changed by another window. It did not finish within a minute. Wait for it, then try again.',
    );
  const failed = find(lines, 'failed');
  if (failed) {
    const said = answer.output.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
    throw new HostError(
      'backup-failed',
      `“${textOf(failed)}” failed on the server. It said: “${said}”. The configuration is unchanged; mend that, then try again.`,
    );
  }
  if (!find(lines, 'unknown')) need(lines, 'done', answer, 'the backup');
  return { lines, answer };
}
