import { confirm } from '../app/window';
import { askChoice } from '../views/wizard';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';
import type { Undone } from '../provision/applyStep';
import { ActionError, runActionInTerminal } from './setup/actionRun';
import { readSteps } from './setup/setUpServer';

interface UndoArgs extends ServerArgs {
  step?: string;
  inputs?: Record<string, string>;
  /** Undo although that takes away what was edited since; the edited version is kept in the backups. */
  force?: boolean;
}

interface UndoResult extends Undone {
  /** The log on the server. */
  log?: string;
}

export const undoStep = defineCommand(async (app: App, args: UndoArgs, { interactive, mustConfirm }) => {
  const title = 'Undo Step';
  const session = await connected(await pickServer(app, args, title));
  const [steps, { stepsWith }] = await Promise.all([readSteps(app), import('../provision/stepAction')]);
  const able = stepsWith(steps, 'undo');
  const id =
    args.step ??
    (await askChoice(
      `${title} · ${session.name}`,
      'Which step’s last change do you want to undo?',
      able.map(each => ({ label: each.title, description: each.id, detail: each.why, value: each.id })),
    ));
  const step = steps.list.find(each => each.id === id);
  if (!step)
    throw new Error(
      `There is no step “${id}”. These can be undone: ${able.map(each => each.id).join(', ')}. Choose one of them.`,
    );
  if (interactive || (mustConfirm && args.force)) {
    await confirm(`Undo the last change of “${step.title}” on ${session.name}?`, {
      detail: args.force
        ? 'The files are restored as they were before that change, whatever was edited since. The present versions are kept in the backups on the server.'
        : 'The files are restored as they were before that change, from the backup that it left on the server. What was edited since stays.',
      button: 'Undo',
    });
  }
  const facts = session.knownFacts();
  const { chasquid } = facts ?? {};
  const hostname = chasquid?.hostname ?? facts?.hostname;
  const domain = args.domain ?? chasquid?.domains[0]?.name;
  const inputs = {
    ...(hostname === undefined ? {} : { hostname }),
    ...(domain === undefined ? {} : { domain }),
    ...args.inputs,
  };
  const undo = async (force: boolean): Promise<UndoResult> => {
    const { log, undone } = await runActionInTerminal(session, steps, step, 'undo', inputs, { force });
    return { restored: [], merged: [], removed: [], kept: '', ...undone, ...(log === undefined ? {} : { log }) };
  };
  try {
    return await undo(args.force === true);
  } catch (error) {
    if (!interactive || !(error instanceof ActionError) || error.code !== 'changed-since') throw error;
    await confirm(`Files of “${step.title}” were edited since. Undo anyway?`, {
      detail: error.message,
      button: 'Undo Anyway',
    });
    return undo(true);
  }
});
