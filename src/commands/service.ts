import { showInformation, uninterrupted } from '../app/window';
import { statusPage } from '../views/pages/status';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const restartService = defineCommand(async (app: App, args: ServerArgs, { interactive }) => {
  const session = await connected(await pickServer(app, args, 'Restart Service'));
  const { restartService: restart, serviceProblem } = await import('../host/services/services');
  const status = await uninterrupted(`Restarting chasquid on ${session.name}…`, async () =>
    restart(await session.rootShell()),
  );
  await session.refresh();
  if (status.state !== 'active') throw new Error(serviceProblem(session.name, status));
  if (interactive) void showInformation(`chasquid on ${session.name} was restarted and runs.`);
  return status;
});

export const showStatus = defineCommand(async (app: App, args: ServerArgs) => {
  const session = await connected(await pickServer(app, args, 'Show Service Status'));
  const { readStatus } = await import('../host/services/services');
  const status = await readStatus(await session.rootShell());
  await app.reports.show(`chasquid on ${session.name}`, statusPage(session.name, status, Date.now()));
  return status;
});
