import * as vscode from 'vscode';
import type { Remedy } from '../app/report';
import type { ServerSession } from '../app/session';
import { ask, showInformation, showWarning } from '../app/window';
import type { BackedUp } from '../host/backup/configBackup';
import type { App } from './composedApp';
import { followUp } from './command';

/** The first of some paths, and how many more there are. */
export function some([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** Says where the backup is and what is not in it, with the button that helps. */
export async function announceBackup(app: App, session: ServerSession, result: BackedUp): Promise<void> {
  const { commit, changed, leftOut, pushed } = result;
  const { backupPage, unexpected } = await import('../views/pages/backup');
  const [missing, ...more] = unexpected(leftOut);
  const id = commit.id.slice(0, 7);
  const what = [
    changed
      ? `The configuration of ${session.name} is backed up (${id}).`
      : `Nothing has changed since the last backup of ${session.name} (${id}).`,
    ...(missing
      ? [
          more.length === 0
            ? `${missing.path} was left out.`
            : `${some([missing.path, ...more.map(each => each.path)])} were left out.`,
        ]
      : []),
  ].join(' ');
  const details = {
    title: 'Show Details',
    run: () => app.reports.show(`Backup of ${session.name}`, backupPage(session.name, result)),
  };
  const detailed = missing ? [details] : [];
  if (!pushed) return offer(showInformation, what, detailed);
  switch (pushed.state) {
    case 'ok':
      return offer(showInformation, `${what} It was pushed.`, detailed);
    case 'refused': {
      const fresh = { server: session.name, freshHistory: true };
      return offer(
        showWarning,
        `${what} Nothing was pushed: earlier commits hold what must not leave the server (${some(pushed.held)}).`,
        [
          {
            title: 'Start New History',
            run: () => followUp('backUpConfiguration', fresh),
          },
          details,
        ],
      );
    }
    case 'other-history':
      return offer(
        showWarning,
        `${what} Nothing was pushed: the remote repository has commits that are not from these backups. Back up to an empty repository.`,
        detailed,
      );
    case 'failed': {
      const { backupKey } = await import('../host/backup/configBackup');
      const key = await backupKey(await session.rootShell());
      return offer(
        showWarning,
        `${what} The remote repository rejected it: ${pushed.said} Add the server's deploy key there, with write access.`,
        [...(key ? [{ title: 'Copy Deploy Key', run: () => vscode.env.clipboard.writeText(key) }] : []), ...detailed],
      );
    }
  }
}

/** Shows a message with buttons, and does not wait for the answer. */
function offer(show: typeof showWarning, message: string, buttons: Remedy[]): void {
  void show(message, ...buttons.map(each => each.title)).then(title =>
    buttons.find(each => each.title === title)?.run(),
  );
}

/** Reminds of a remote repository of earlier versions, until it is no longer entered on the server. */
export async function remindOfFormerBackups(app: App, session: ServerSession): Promise<void> {
  const { formerBackups } = await import('../host/backup/configBackup');
  const former = await formerBackups(await session.rootShell());
  if (former?.remote === undefined) return;
  const { formerBackupsPage, isHarmless } = await import('../views/pages/backup');
  const { folder, remote, content } = former;
  const shown = await (isHarmless(former)
    ? ask(`Earlier backups were pushed to ${remote}.`, {
        detail:
          'Backups have a repository of their own now, and are not pushed there any more. Choose an empty private repository for them.',
        button: 'Show What to Do',
      })
    : ask(`Earlier backups pushed the whole of ${folder} to ${remote}.`, {
        detail: `${
          content
            ? `${content.outside} files there are not part of chasquid’s configuration, and ${content.secrets.length} hold private keys or passwords. `
            : ''
        }Delete that repository, then change the passwords and keys that are in it.`,
        button: 'Show What to Do',
      }));
  if (!shown) return;
  await app.reports.show(`Earlier backups of ${session.name}`, formerBackupsPage(session.name, { ...former, remote }));
}
