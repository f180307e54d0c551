import type { App } from './composedApp';
import { setting } from '../app/settings';
import type { LogChoice } from '../views/logs';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const showLogs = defineCommand(async (app: App, args: ServerArgs & { lines?: number }) => {
  const session = await connected(await pickServer(app, args, 'Show Logs'));
  const wanted = () => setting<LogChoice>('logs.source', 'all');
  await app.logs.show(session, args.lines ?? setting('logs.lines', 200), wanted);
});
