import { dnsChoices } from '../app/dnsChoices';
import type { ServerSession } from '../app/session';
import { setting } from '../app/settings';
import type { DkimRotation } from '../host/domains/dkimRotation';
import type { App } from './composedApp';
import { connected, defineCommand, pickDomain, pickServer, type ServerArgs } from './command';
import { RotationFlow, type RotateArgs, type Rotated } from './rotation/flow';
import { readSteps } from './setup/setUpServer';

export const rotateDkimKey = defineCommand(
  async (app: App, args: ServerArgs & RotateArgs, { interactive }): Promise<Rotated> => {
    const title = 'Rotate DKIM Key';
    const session = await connected(await pickServer(app, args, title));
    const domain = await pickDomain(session, args, title);
    const rotation = await openRotation(app, session, domain);
    const flow = new RotationFlow(app, session, rotation, `${title} · ${domain}`);
    if (!(await flow.look())) await flow.begin(args, interactive);
    return interactive ? flow.guide() : flow.advance(args);
  },
);

async function openRotation(app: App, session: ServerSession, domain: string): Promise<DkimRotation> {
  const [steps, { DkimRotation }, { recordFacts }, { openView }, { parseServer }, proof] = await Promise.all([
    readSteps(app),
    import('../host/domains/dkimRotation'),
    import('../host/facts/recordFacts'),
    import('../dns/check/view'),
    import('../dns/resolver/wire'),
    import('../provision/dkimProof'),
  ]);
  const remote = await session.remote();
  return new DkimRotation(
    {
      server: session.name,
      shell: () => session.rootShell(),
      facts: () => session.refresh(),
      records: facts => recordFacts(facts, domain, remote.peer.address, dnsChoices(domain)),
      view: records =>
        openView(records, {
          servers: setting<string[]>('dns.resolvers', []).map(parseServer),
          timeoutMs: setting('dns.timeout', 2000),
        }),
      unsignedReason: async () => proof.unsignedReason(await session.rootShell(), steps, domain),
    },
    domain,
  );
}
