import * as vscode from 'vscode';
import type { App } from './app';
import { report, type Remedy } from '../app/report';
import type { ServerSession } from '../app/session';
import type { Row } from '../views/servers/row';
import { askChoice, Cancelled } from '../views/wizard';

/** Inputs that most commands share. A row of the tree has these fields too, so it can be passed as it is. */
export interface ServerArgs {
  server?: string;
  domain?: string;
  address?: string;
}

/** Asks for what `args` lacks and returns the result object. */
export interface Command {
  /** `gesture`: called by a person (palette, tree, key), not by a program that passed its own arguments. */
  run(app: App, args: never, gesture: boolean): unknown;
}

export function defineCommand<A>(run: (app: App, args: A, gesture: boolean) => unknown): Command {
  return { run };
}

/** An error together with the buttons that mend it. */
export class RemediableError extends Error {
  constructor(
    cause: Error,
    readonly remedies: Remedy[],
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Registers `chasquid.<name>`, which is loaded when it is first used. A gesture (palette, tree, keybinding) gets its errors shown and leaving a quick input is
 * silence; a caller that passed its own argument object gets them thrown.
 */
export function registerCommand(app: App, name: string, load: () => Promise<Command>): vscode.Disposable {
  return vscode.commands.registerCommand(`chasquid.${name}`, async (args?: unknown) => {
    const inputs = inputsOf(args);
    const gesture = !isRecord(args) || 'context' in args;
    try {
      const command = await load();
      return await (command.run as (app: App, args: unknown, gesture: boolean) => unknown)(app, inputs, gesture);
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      if (!gesture) throw error;
      report(app.log, error, error instanceof RemediableError ? error.remedies : []);
      return undefined;
    }
  });
}

/** A row of the tree gives what it stands for; its own ID, label and the like are no inputs. */
function inputsOf(args: unknown): object {
  if (!isRecord(args)) return {};
  if (!('children' in args)) return args;
  const { server, domain, address, context } = args as unknown as Row;
  return { server, domain, address, context };
}

/** The session that `args.server` names; asked for when there are several, taken when there is one. */
export async function pickServer(app: App, args: ServerArgs, title: string): Promise<ServerSession> {
  const { sessions } = app;
  if (args.server !== undefined) {
    const session = sessions.get(args.server);
    if (session) return session;
    throw new Error(
      `There is no server named “${args.server}”. The setting chasquid.servers lists: ${
        sessions
          .all()
          .map(s => s.name)
          .join(', ') || 'none'
      }. Use Add Server, or correct the name.`,
    );
  }
  const all = sessions.all();
  if (all.length === 1) return all[0]!;
  if (all.length === 0) {
    throw new RemediableError(
      new Error('There is no server yet. This command needs one to work on. Add your server first.'),
      [{ title: 'Add Server', run: () => vscode.commands.executeCommand('chasquid.addServer') }],
    );
  }
  return askChoice(
    title,
    'Choose a server',
    all.map(session => ({ label: session.name, description: session.snapshot().address, value: session })),
  );
}

/** Connects when there is no connection, with progress that can be cancelled. */
export async function connected(session: ServerSession): Promise<ServerSession> {
  if (session.connected) return session;
  await inProgress(`Connecting to ${session.name}…`, signal => session.connect(signal));
  return session;
}

/** Work that a person waits for: shown as a notification, which can be cancelled. @throws Cancelled, or what `work` throws */
export function inProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort(new Cancelled()));
      try {
        return await work(abort.signal);
      } catch (error) {
        throw token.isCancellationRequested ? new Cancelled() : error;
      }
    },
  );
}

/** The domain that `args` names (or the domain of its address); asked for when the server has several. */
export async function pickDomain(session: ServerSession, args: ServerArgs, title: string): Promise<string> {
  if (args.domain !== undefined) return args.domain;
  const facts = session.knownFacts() ?? (await session.refresh());
  const domains = facts.chasquid?.domains.map(domain => domain.name) ?? [];
  if (domains.length === 1) return domains[0]!;
  if (domains.length === 0) {
    throw new RemediableError(
      new Error(
        `${session.name} has no mail domain yet. Senders, aliases and DNS records belong to a domain. Set the server up first.`,
      ),
      [
        {
          title: 'Set Up Server',
          run: () =>
            vscode.commands.executeCommand('chasquid.setUpServer', { server: session.name, context: 'server' }),
        },
      ],
    );
  }
  return askChoice(
    title,
    'Choose a domain',
    domains.map(domain => ({ label: domain, value: domain })),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
