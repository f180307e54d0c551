import { confirm, inProgress, showInformation } from '../app/window';
import type { ServerSession } from '../app/session';
import type { BackedUp, Restored } from '../host/backup/configBackup';
import { askChoice, askText } from '../views/wizard';
import type { App } from './composedApp';
import { announceBackup, remindOfFormerBackups, some } from './backupMessages';
import { connected, defineCommand, followUp, pickServer, RemediableError, type ServerArgs } from './command';

interface BackupArgs extends ServerArgs {
  /** Address of a git repository that shall have a copy. */
  remote?: string;
  /** Installs git on the server where it is missing. */
  installGit?: boolean;
  /** Leaves out of what is pushed all commits that the remote repository has not got; they stay on the server. */
  freshHistory?: boolean;
}

interface RestoreArgs extends ServerArgs {
  /** The commit to restore. */
  commit?: string;
}

export const backUpConfiguration = defineCommand(
  async (app: App, args: BackupArgs, { interactive, mustConfirm }): Promise<BackedUp> => {
    const session = await connected(await pickServer(app, args, 'Back Up Configuration'));
    const remote = args.remote ?? (interactive && !args.freshHistory ? await askRemote(session) : undefined);
    if (remote !== undefined && mustConfirm) {
      await confirm(`Copy the configuration of ${session.name} to ${remote}?`, {
        detail:
          'The files of the configuration go there, now and with each further backup, and with them the senders’ password hashes. Private keys never do. Use a private repository of yours.',
        button: 'Back Up',
      });
    }
    const { backUpConfiguration: backUp } = await import('../host/backup/configBackup');
    const { installGit, freshHistory } = args;
    try {
      const result = await inProgress(`Backing up the configuration of ${session.name}…`, async signal =>
        backUp(await session.rootShell(), {
          message: 'Back up the configuration',
          ...(remote ? { remote } : {}),
          ...(installGit ? { installGit } : {}),
          ...(freshHistory ? { freshHistory } : {}),
          signal,
        }),
      );
      if (interactive) {
        await announceBackup(app, session, result);
        await remindOfFormerBackups(app, session);
      }
      return result;
    } catch (error) {
      if ((error as { code?: string }).code !== 'no-git') throw error;
      const again = {
        ...args,
        ...(remote ? { remote } : {}),
        server: session.name,
        installGit: true,
      };
      throw new RemediableError(error as Error, [
        { title: 'Install git', run: () => followUp('backUpConfiguration', again) },
      ]);
    }
  },
);

export const restoreConfiguration = defineCommand(
  async (app: App, args: RestoreArgs, { interactive, mustConfirm }): Promise<Restored> => {
    const title = 'Restore Configuration';
    const session = await connected(await pickServer(app, args, title));
    const [{ restoreConfiguration: restore }, { restartService, serviceProblem }] = await Promise.all([
      import('../host/backup/configBackup'),
      import('../host/services/services'),
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
      if (restored.unusable.length > 0) {
        throw new RemediableError(
          new Error(
            `The configuration was restored as it was then, but chasquid cannot use ${some(restored.unusable)}: its user may not read the file or run the hook. The step Permissions corrects that.`,
          ),
          [
            {
              title: 'Run the Step Permissions',
              run: () =>
                followUp('runStep', {
                  server: session.name,
                  step: 'permissions',
                }),
            },
          ],
        );
      }
      if (interactive) {
        const count = restored.files.length;
        void showInformation(
          count === 0
            ? `The configuration of ${session.name} was in that state already.`
            : `Restored ${count} ${count === 1 ? 'file' : 'files'} on ${session.name}; chasquid runs with them.`,
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

async function chooseCommit(title: string, session: ServerSession): Promise<string> {
  const { formerBackups, listBackups: list } = await import('../host/backup/configBackup');
  const found = await inProgress('Reading the backups…', async signal => list(await session.rootShell(), 200, signal));
  if (found.length === 0) {
    const former = await formerBackups(await session.rootShell());
    throw new Error(
      `${session.name} has no backup yet. Back Up Configuration makes one. Copies of single files are in /var/backups/chasquid-setup on the server${
        former ? `, and backups of earlier versions in the git repository ${former.folder}` : ''
      }.`,
    );
  }
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
      'Configuration, aliases, users, hooks and certificates become what they were then, with owner and permissions; private keys stay as they are. What is there now is backed up first. chasquid is restarted.',
    button: 'Restore',
  });
}
