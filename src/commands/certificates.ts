import type { ServerSession } from '../app/session';
import { confirm, showInformation } from '../app/window';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';
import { runActionInTerminal } from './setup/actionRun';
import { readSteps, setUp } from './setup/setUpServer';

interface CertificateArgs extends ServerArgs {
  hostname?: string;
  inputs?: Record<string, string>;
}

/** What a new certificate needs to be served, and to be served again after each renewal. */
const certificateSteps = ['certificate', 'permissions', 'service', 'renewal-hook'];

export const issueCertificate = defineCommand(async (app: App, args: CertificateArgs, { interactive }) => {
  const title = 'Issue Certificate';
  const session = await connected(await pickServer(app, args, title));
  const facts = session.knownFacts() ?? (await session.refresh());
  const hostname = args.hostname ?? facts.chasquid?.hostname;
  return setUp(
    app,
    session,
    {
      ...(args.inputs === undefined ? {} : { inputs: args.inputs }),
      ...(hostname === undefined ? {} : { hostname }),
      domain: args.domain ?? facts.chasquid?.domains[0]?.name ?? hostname ?? session.entry.host,
      steps: certificateSteps,
    },
    `${title} · ${session.name}`,
    { interactive },
  );
});

export const renewCertificate = defineCommand(async (app: App, args: CertificateArgs, { interactive }) => {
  const session = await connected(await pickServer(app, args, 'Renew Certificate'));
  const hostname = args.hostname ?? (await nameOf(session));
  if (interactive) await confirmRenewal(session, hostname);
  const steps = await readSteps(app);
  const step = steps.list.find(each => each.id === 'renewal-hook')!;
  const applied = await runActionInTerminal(session, steps, step, 'renew', { hostname });
  const until = session
    .knownFacts()
    ?.chasquid?.certificates.filter(each => each.names.includes(hostname))
    .map(each => each.notAfter);
  if (interactive && until?.length) {
    const day = new Date(Math.max(...until) * 1000).toLocaleDateString();
    void showInformation(`${hostname} has a new certificate, until ${day}.`);
  }
  return applied;
});

async function nameOf(session: ServerSession): Promise<string> {
  const facts = session.knownFacts() ?? (await session.refresh());
  return facts.chasquid?.hostname ?? facts.hostname;
}

function confirmRenewal(session: ServerSession, hostname: string): Promise<void> {
  return confirm(`Renew the certificate of ${hostname} on ${session.name} now?`, {
    detail:
      'It is renewed automatically when a third of its time is left. Asking earlier counts against the limits of the certificate authority. chasquid is restarted with the new one.',
    button: 'Renew Now',
  });
}
