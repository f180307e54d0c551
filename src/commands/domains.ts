import { autoCommit } from '../app/autoCommit';
import type { ServerSession } from '../app/session';
import { confirm, inProgress, showError, showInformation } from '../app/window';
import type { App } from './composedApp';
import { connected, defineCommand, pickDomain, pickServer, type ServerArgs } from './command';
import { setUp } from './setup/setUpServer';

interface AddDomainArgs extends ServerArgs {
  inputs?: Record<string, string>;
}

/** The steps that a further domain needs on a server that is set up. chasquid takes a new domain when it starts. */
const domainSteps = ['domain', 'dkim', 'permissions', 'service'];

export const addDomain = defineCommand(async (app: App, args: AddDomainArgs, { interactive }) => {
  const session = await connected(await pickServer(app, args, 'Add Domain'));
  const facts = session.knownFacts() ?? (await session.refresh());
  if (!facts.chasquid)
    throw new Error(
      `chasquid is not installed on ${session.name} yet, so no domain can be added. The first domain comes with the set-up. Use Set Up Server.`,
    );
  // The domain is asked for even where the server has one already: this is for another.
  return setUp(
    app,
    session,
    {
      ...(args.domain === undefined ? {} : { domain: args.domain }),
      ...(args.inputs === undefined ? {} : { inputs: args.inputs }),
      hostname: facts.chasquid.hostname ?? facts.hostname,
      steps: domainSteps,
    },
    `Add Domain · ${session.name}`,
    { interactive, anotherDomain: true },
  );
});

export interface RemovedDomain {
  server: string;
  domain: string;
  /** Where its folder lies on the server now. */
  backup: string;
}

export const removeDomain = defineCommand(
  async (app: App, args: ServerArgs, { interactive, mustConfirm }): Promise<RemovedDomain> => {
    const session = await connected(await pickServer(app, args, 'Remove Domain'));
    const domain = await pickDomain(session, args, 'Remove Domain');
    if (mustConfirm) await confirmRemoval(session, domain);
    const { removeDomain: remove } = await import('../host/domains/domains');
    const backup = await inProgress(`Removing ${domain}…`, async () => {
      const moved = await remove(await session.rootShell(), domain);
      await restart(session);
      return moved;
    });
    void autoCommit(app.log, session, `Remove domain ${domain}`);
    if (interactive) {
      void showInformation(`${domain} was removed from ${session.name}. Its folder is kept in ${backup}.`, 'Undo')
        .then(choice => (choice ? restoreDomain(session, domain, backup) : undefined))
        .then(undefined, (error: Error) => void showError(error.message));
    }
    return { server: session.name, domain, backup };
  },
);

function confirmRemoval(session: ServerSession, domain: string): Promise<void> {
  const senders = session.knownFacts()?.chasquid?.domains.find(each => each.name === domain)?.senders.length ?? 0;
  const who = senders === 0 ? '' : ` Its ${senders === 1 ? 'sender' : `${senders} senders`} can no longer send.`;
  return confirm(`Remove domain ${domain} from ${session.name}?`, {
    detail: `Mail to it will be refused.${who} Its folder is moved to a backup on the server; its DNS records stay as they are.`,
    button: 'Remove',
  });
}

async function restoreDomain(session: ServerSession, domain: string, backup: string): Promise<void> {
  const { restoreDomain } = await import('../host/domains/domains');
  await inProgress(`Restoring ${domain}…`, async () => {
    await restoreDomain(await session.rootShell(), domain, backup);
    await restart(session);
  });
}

/** chasquid reads its domains when it starts. @throws Error when it does not stay up */
async function restart(session: ServerSession): Promise<void> {
  const { restartService, serviceProblem } = await import('../host/services/services');
  const status = await restartService(await session.rootShell());
  await session.refresh();
  if (status.state !== 'active') throw new Error(serviceProblem(session.name, status));
}
