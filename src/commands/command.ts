import * as vscode from 'vscode';
import type { App } from './app';
import { Cancelled } from '../app/cancelled';
import { report, type Remedy } from '../app/report';
import type { ServerSession } from '../app/session';
import { inProgress } from '../app/window';
import { quotable } from '../text/visible';
import type { Row } from '../views/servers/row';
import { askChoice } from '../views/wizard';

/** Inputs that most commands share. A row of the tree has these fields too, so it can be passed as it is. */
export interface ServerArgs {
  server?: string;
  domain?: string;
  address?: string;
}

/** Asks for what `args` lacks and returns the result object. */
export interface Command {
  /**
   * @param gesture called by a person (palette, tree, key), not by a program that passed its own arguments
   * @param mustConfirm whether a command which sends mail elsewhere, removes something or hands out access has to ask first:
   * a link in some text could have called it, whatever its arguments say. False only for `CommandApi.run`.
   */
  run(app: App, args: never, gesture: boolean, mustConfirm: boolean): unknown;
}

export function defineCommand<A>(run: (app: App, args: A, gesture: boolean, mustConfirm: boolean) => unknown): Command {
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
      return start(await load(), app, args, false, false);
    },
  };
}

function start(command: Command, app: App, args: object, gesture: boolean, mustConfirm: boolean): unknown {
  return (command.run as (...all: [App, object, boolean, boolean]) => unknown)(app, args, gesture, mustConfirm);
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
      return await start(await load(), app, inputs, gesture, true);
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
