import * as vscode from 'vscode';
import { confirm, inProgress, showInformation, showWarning } from '../app/window';
import type { ServerSession } from '../app/session';
import type { BackedUp, BackupCommit } from '../host/configBackup';
import { askChoice, askText } from '../views/wizard';
import type { App } from './app';
import { connected, defineCommand, pickServer, RemediableError, type ServerArgs } from './command';

interface BackupArgs extends ServerArgs {
  /** Address of a git repository that shall have a copy. */
  remote?: string;
  /** Installs git on the server where it is missing. */
  installGit?: boolean;
}

interface RestoreArgs extends ServerArgs {
  /** The commit to restore. */
  commit?: string;
}

export const backUpConfiguration = defineCommand(
  async (app: App, args: BackupArgs, gesture, mustConfirm): Promise<BackedUp> => {
    const session = await connected(await pickServer(app, args, 'Back Up Configuration'));
    const remote = args.remote ?? (gesture ? await askRemote(session) : undefined);
    if (remote !== undefined && mustConfirm) {
      await confirm(`Copy the configuration of ${session.name} to ${remote}?`, {
        detail:
          'Aliases, settings and the senders’ password hashes go there, now and with each further backup. Private keys never do. Use a private repository of yours.',
        button: 'Back Up',
      });
    }
    const { backUpConfiguration: backUp } = await import('../host/configBackup');
    const { installGit } = args;
    try {
      const result = await inProgress(`Backing up the configuration of ${session.name}…`, async signal =>
        backUp(await session.rootShell(), {
          message: 'Back up the configuration',
          ...(remote ? { remote } : {}),
          ...(installGit ? { installGit } : {}),
          signal,
        }),
      );
      if (gesture) await announce(session, result);
      return result;
    } catch (error) {
      if ((error as { code?: string }).code !== 'no-git') throw error;
      const again = {
        ...args,
        ...(remote ? { remote } : {}),
        server: session.name,
        installGit: true,
        context: 'server',
      };
      throw new RemediableError(error as Error, [
        { title: 'Install git', run: () => vscode.commands.executeCommand('chasquid.backUpConfiguration', again) },
      ]);
    }
  },
);

export const restoreConfiguration = defineCommand(
  async (app: App, args: RestoreArgs, gesture, mustConfirm): Promise<{ commit: BackupCommit; files: string[] }> => {
    const title = 'Restore Configuration';
    const session = await connected(await pickServer(app, args, title));
    const [{ restoreConfiguration: restore }, { restartService, serviceProblem }] = await Promise.all([
      import('../host/configBackup'),
      import('../host/services'),
    ]);
    const id = args.commit ?? (await chooseCommit(title, session));
    if (mustConfirm) await confirmRestoring(session, id);
    return inProgress(`Restoring the configuration of ${session.name}…`, async signal => {
      const shell = await session.rootShell();
      const restored = await restore(shell, id, signal);
      const status = await restartService(shell);
      await session.refresh();
      if (status.state !== 'active') {
        throw new Error(
          `The configuration was restored, but chasquid does not run with it. ${serviceProblem(session.name, status)} The state before is the second newest in Restore Configuration.`,
        );
      }
      if (gesture) {
        const count = restored.files.length;
        void showInformation(
          count === 0
            ? `The configuration of ${session.name} was in that state already.`
            : `Restored ${count} ${count === 1 ? 'file' : 'files'} on ${session.name}; chasquid runs with them. What was there before is kept as a backup too.`,
        );
      }
      return restored;
    });
  },
);

async function askRemote(session: ServerSession): Promise<string | undefined> {
  const where = await askChoice<'here' | 'remote'>(`Back Up Configuration · ${session.name}`, 'Where to?', [
    {
      label: '$(server) On the server',
      detail: 'And to the remote repository, where one was named before',
      value: 'here',
    },
    {
      label: '$(repo-push) To a remote git repository…',
      detail: 'A private one of yours. Private keys are never part of a backup; the senders’ password hashes are.',
      value: 'remote',
    },
  ]);
  if (where === 'here') return undefined;
  return askText('Back Up Configuration', {
    prompt: 'Address of an empty private repository. A deploy key is made on the server, and shown to you.',
    placeholder: 'git@github.com:you/mail-config.git',
    validate: text => (text.trim() === '' ? 'Enter its address, as your git provider shows it.' : undefined),
  }).then(text => text.trim());
}

async function announce(session: ServerSession, { commit, changed, pushed }: BackedUp): Promise<void> {
  const what = changed
    ? `The configuration of ${session.name} is backed up (${commit.id.slice(0, 7)}).`
    : `Nothing has changed since the last backup of ${session.name} (${commit.id.slice(0, 7)}).`;
  if (!pushed) return void showInformation(`${what} It is kept on the server.`);
  if (pushed.ok) return void showInformation(`${what} The remote repository has it.`);
  const { backupKey } = await import('../host/configBackup');
  const key = await backupKey(await session.rootShell());
  const copy = 'Copy Deploy Key';
  void showWarning(
    `${what} The remote repository did not accept it: ${pushed.said.split('\n').at(-1) ?? ''} Add the server's deploy key there, with the right to write, and back up again.`,
    ...(key ? [copy] : []),
  ).then(async choice => {
    if (choice === copy && key) await vscode.env.clipboard.writeText(key);
  });
}

async function chooseCommit(title: string, session: ServerSession): Promise<string> {
  const { listBackups: list } = await import('../host/configBackup');
  const found = await inProgress('Reading the backups…', async signal => list(await session.rootShell(), 200, signal));
  if (found.length === 0)
    throw new Error(
      `${session.name} has no backup yet. Back Up Configuration makes one. Single files lie in /var/backups/chasquid-setup on the server.`,
    );
  return askChoice(
    title,
    'Which state?',
    found.map(({ id, time, message }) => ({
      label: message,
      description: new Date(time * 1000).toLocaleString(),
      detail: id.slice(0, 7),
      value: id,
    })),
  );
}

function confirmRestoring(session: ServerSession, id: string): Promise<void> {
  return confirm(`Restore the configuration of ${session.name} from ${id.slice(0, 7)}?`, {
    detail:
      'Configuration, aliases, users and certificates become what they were then; private keys stay as they are. What is there now is backed up first. chasquid is restarted.',
    button: 'Restore',
  });
}
