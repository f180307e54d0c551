import { confirm } from '../app/window';
import { askChoice } from '../views/wizard';
import type { App } from './app';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';
import { runActionInTerminal } from './setup/actionRun';
import { readSteps } from './setup/setUpServer';

interface UndoArgs extends ServerArgs {
  step?: string;
  inputs?: Record<string, string>;
}

export const undoStep = defineCommand(async (app: App, args: UndoArgs, gesture) => {
  const title = 'Undo Step';
  const session = await connected(await pickServer(app, args, title));
  const [steps, { stepsWith }] = await Promise.all([readSteps(app), import('../provision/stepAction')]);
  const able = stepsWith(steps, 'undo');
  const id =
    args.step ??
    (await askChoice(
      `${title} · ${session.name}`,
      'Which step’s last change shall be taken back?',
      able.map(each => ({ label: each.title, description: each.id, detail: each.why, value: each.id })),
    ));
  const step = steps.list.find(each => each.id === id);
  if (!step)
    throw new Error(
      `There is no step “${id}”. These can be undone: ${able.map(each => each.id).join(', ')}. Choose one of them.`,
    );
  if (gesture) {
    await confirm(`Undo the last change of “${step.title}” on ${session.name}?`, {
      detail: 'The files are restored as they were before that change, from the backup that it left on the server.',
      button: 'Undo',
    });
  }
  const facts = session.knownFacts();
  const { chasquid } = facts ?? {};
  const hostname = chasquid?.hostname ?? facts?.hostname;
  const domain = args.domain ?? chasquid?.domains[0]?.name;
  return runActionInTerminal(session, steps, step, 'undo', {
    ...(hostname === undefined ? {} : { hostname }),
    ...(domain === undefined ? {} : { domain }),
    ...args.inputs,
  });
});
