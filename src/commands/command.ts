import * as vscode from 'vscode';
import type { App } from './composedApp';
import { Cancelled } from '../app/cancelled';
import { report, type Remedy } from '../app/report';
import type { ServerSession } from '../app/session';
import { inProgress } from '../app/window';
import { quotable } from '../text/visible';
import { askChoice } from '../views/wizard';
import { readCall, type Call } from './call';

/** Inputs that most commands share. A row of the tree has these fields too, so it can be passed as it is. */
export interface ServerArgs {
  server?: string;
  domain?: string;
  address?: string;
}

/** Asks for what `args` lacks and returns the result object. */
export interface Command {
  run(app: App, args: never, call: Call): unknown;
}

// The type parameter gives the caller's `args` their shape.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function defineCommand<A>(run: (app: App, args: A, call: Call) => unknown): Command {
  return { run };
}

/** What `activate` returns: `extensions.getExtension(ID).exports`. No link can reach it, so nothing has to be confirmed. */
export interface CommandApi {
  /**
   * Runs a command as for a program: errors are thrown, nothing is announced.
   * @param id without `chasquid.`
   * @param args the command's inputs; what is missing is asked for
   */
  run(id: string, args?: Record<string, unknown>): Promise<unknown>;
}

export function commandApi(
  app: App,
  commands: readonly (readonly [name: string, load: () => Promise<Command>])[],
): CommandApi {
  return {
    async run(id, args = {}) {
      const load = commands.find(([name]) => name === id)?.[1];
      if (!load) {
        throw new RangeError(
          `There is no command “${quotable(id)}”. The commands are: ${commands.map(([name]) => name).join(', ')}. Use one of these names.`,
        );
      }
      return start(await load(), app, args, { interactive: false, mustConfirm: false });
    },
  };
}

function start(command: Command, app: App, args: object, call: Call): unknown {
  return (command.run as (...all: [App, object, Call]) => unknown)(app, args, call);
}

/** Runs another command as the user's next step: what `inputs` lacks is asked for, results and errors are shown. */
export function followUp(name: string, inputs: object = {}): Thenable<unknown> {
  return vscode.commands.executeCommand(`chasquid.${name}`, { ...inputs, interactive: true });
}

/** An error together with the buttons that fix it. */
export class RemediableError extends Error {
  constructor(
    cause: Error,
    readonly remedies: Remedy[],
  ) {
    super(cause.message, { cause });
  }
}

/**
 * Registers `chasquid.<name>`, which is loaded when it is first used. The user gets errors shown, and leaving a quick input is
 * silence; a program gets them thrown.
 */
export function registerCommand(app: App, name: string, load: () => Promise<Command>): vscode.Disposable {
  return vscode.commands.registerCommand(`chasquid.${name}`, async (argument?: unknown) => {
    // Menus of an editor pass its file.
    const { inputs, interactive } =
      argument instanceof vscode.Uri ? { inputs: { file: argument }, interactive: true } : readCall(argument);
    try {
      return await start(await load(), app, inputs, { interactive, mustConfirm: true });
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      if (!interactive) throw error;
      report(app.log, error, error instanceof RemediableError ? error.remedies : []);
      return undefined;
    }
  });
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
      [{ title: 'Add Server', run: () => followUp('addServer') }],
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
          run: () => followUp('setUpServer', { server: session.name }),
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
