import type * as vscode from 'vscode';
import type { Pushed } from '../host/backup/configBackup';
import { messageOf } from '../text/problem';
import type { ServerSession } from './session';
import { setting } from './settings';

const notPushed: Record<Exclude<Pushed['state'], 'ok'>, string> = {
  refused: 'Earlier commits hold what must not leave the server; Back Up Configuration names it.',
  'other-history': 'The remote repository has commits that are not from these backups.',
  failed: 'The remote repository rejected it:',
};

/** After a change that was made from here: keeps the new state, where the setting wants that. Never in the way of the change itself. */
export async function autoCommit(log: vscode.LogOutputChannel, session: ServerSession, message: string): Promise<void> {
  if (!setting('backup.autoCommit', false)) return;
  try {
    const { backUpConfiguration: backUp } = await import('../host/backup/configBackup');
    const { commit, changed, leftOut, pushed } = await backUp(await session.rootShell(), { message });
    if (changed) log.info(`${session.name}: backed up: ${message} (${commit.id.slice(0, 7)})`);
    for (const { path } of leftOut.filter(({ reason }) => reason === 'key'))
      log.warn(`${session.name}: ${path} was left out of the backup: it holds a private key.`);
    if (pushed && pushed.state !== 'ok')
      log.warn(`${session.name}: the backup was not pushed. ${notPushed[pushed.state]} ${pushed.said}`.trim());
  } catch (error) {
    log.warn(`${session.name}: the change was not backed up. ${messageOf(error)}`);
  }
}
