import type { App } from './app';
import { setting } from '../app/settings';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const showLogs = defineCommand('showLogs', async (app: App, args: ServerArgs & { lines?: number }) => {
  const session = await connected(await pickServer(app, args, 'Show Logs'));
  await app.logs.show(session, args.lines ?? setting('logs.lines', 200));
});
