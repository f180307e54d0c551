import type * as vscode from 'vscode';
import type { ServerSession } from './session';
import { setting } from './settings';

/** After a change that was made from here: keeps the new state, where the setting wants that. Never in the way of the change itself. */
export async function keepState(log: vscode.LogOutputChannel, session: ServerSession, message: string): Promise<void> {
  if (!setting('backup.autoCommit', false)) return;
  try {
    const { backUpConfiguration: backUp } = await import('../host/configBackup');
    const { commit, changed, pushed } = await backUp(await session.rootShell(), { message });
    if (changed) log.info(`${session.name}: backed up: ${message} (${commit.id.slice(0, 7)})`);
    if (pushed && !pushed.ok) log.warn(`${session.name}: the remote repository did not take it: ${pushed.said}`);
  } catch (error) {
    log.warn(
      `${session.name}: the change was not backed up. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
