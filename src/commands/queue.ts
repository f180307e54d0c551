import { inProgress } from '../app/window';
import type { QueueItem } from '../chasquid/queue/item';
import type { QueueState } from '../host/queue';
import type { MessageTrace } from '../host/logs/trace';
import { queuePage } from '../views/pages/queue';
import { tracePage } from '../views/pages/trace';
import { askText, Wizard } from '../views/wizard';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';

export const showQueue = defineCommand(async (app: App, args: ServerArgs): Promise<QueueState> => {
  const session = await connected(await pickServer(app, args, 'Show Queue'));
  const { readQueue } = await import('../host/queue');
  const queue = await inProgress(`Reading the queue of ${session.name}…`, async signal =>
    readQueue(await session.rootShell(), signal),
  );
  await app.reports.show(`Queue of ${session.name}`, queuePage(session.name, queue, Date.now()));
  return queue;
});

interface TraceArgs extends ServerArgs {
  id?: string;
}

export const traceMessage = defineCommand(async (app: App, args: TraceArgs): Promise<MessageTrace> => {
  const title = 'Trace Message';
  const session = await connected(await pickServer(app, args, title));
  const [{ traceMessage: trace, queueIdProblem }, { readQueue }] = await Promise.all([
    import('../host/logs/trace'),
    import('../host/queue'),
  ]);
  const shell = await session.rootShell();
  let { id } = args;
  if (id === undefined) {
    const { items } = await inProgress('Looking for messages that wait…', signal => readQueue(shell, signal));
    id = await askId(title, items, queueIdProblem);
  }
  const found = await inProgress(`Following ${id}…`, signal => trace(shell, id, { signal }));
  await app.reports.show(`Message ${found.id}`, tracePage(session.name, found));
  return found;
});

/** One of the messages that wait, or an ID from the log. */
async function askId(title: string, items: QueueItem[], problem: (id: string) => string | undefined): Promise<string> {
  const ask = {
    prompt: 'Queue ID of the message. The log and Send Test Mail show it.',
    placeholder: '8AfWmd3XbTo',
    validate: (text: string) => problem(text.trim()),
  };
  if (items.length === 0) return (await askText(title, ask)).trim();
  let id: string | undefined;
  await new Wizard(title, [
    async wizard => {
      id = await wizard.pick('Which message?', [
        ...items.map(item => ({
          label: `${item.from || '(failure notice)'} → ${item.to.join(', ')}`,
          description: item.id,
          detail: lastFailure(item),
          value: item.id,
        })),
        { label: '$(edit) Another one, by its queue ID…', value: '' },
      ]);
    },
    async wizard => {
      if (id === '') id = (await wizard.text(ask)).trim();
    },
  ]).run();
  return id!;
}

const lastFailure = (item: QueueItem): string =>
  item.recipients.flatMap(recipient => recipient.lastFailure ?? []).at(-1) ?? 'not tried yet';
