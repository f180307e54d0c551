import { autoCommit } from '../app/autoCommit';
import { report } from '../app/report';
import type { ServerSession } from '../app/session';
import { confirm, inProgress, showInformation } from '../app/window';
import { forwardTargetProblem, type Forwarding } from '../chasquid/aliases/forward';
import type { World } from '../chasquid/tree/world';
import { askText } from '../views/wizard';
import type { App } from './composedApp';
import {
  connected,
  defineCommand,
  followUp,
  pickDomain,
  pickServer,
  RemediableError,
  type ServerArgs,
} from './command';

interface ForwardArgs extends ServerArgs {
  /** Where the mail shall go. */
  to?: string;
}

interface Forwarded extends Omit<Forwarding, 'text'> {
  server: string;
  domain: string;
  to: string;
}

export const forwardMail = defineCommand(
  async (app: App, args: ForwardArgs, { interactive, mustConfirm }): Promise<Forwarded> => {
    const session = await connected(await pickServer(app, args, 'Forward Mail'));
    const domain = await pickDomain(session, args, 'Forward Mail');
    const title = `Forward Mail · ${domain}`;
    const { readConfigTree } = await import('../host/files/configTree');
    const [{ worldOf }, { versionOf }, { runSliced }] = await Promise.all([
      import('../chasquid/tree/world'),
      import('../chasquid/versions'),
      import('../input/slices'),
    ]);
    const facts = await session.refresh();
    const { chasquid } = facts;
    const tree = await inProgress(`Reading the aliases of ${session.name}…`, async signal =>
      readConfigTree(await session.rootShell(), signal),
    );
    const world = await runSliced(worldOf(tree, { version: versionOf(chasquid?.version) }));
    const to = args.to ?? (await askTarget(title, world));
    const problem = forwardTargetProblem(to, world.domains);
    if (problem) throw new Error(problem);

    const path = `domains/${domain}/aliases`;
    const { present, forwarding } = await plan(session, path, domain, world, to);
    const { added, replaced, kept } = forwarding;
    const result = { server: session.name, domain, to, added, replaced, kept };
    if (added.length === 0 && replaced === undefined) {
      if (interactive) void showInformation(`Mail to ${domain} goes to ${to} already.${staying(kept)}`);
      return result;
    }
    if (mustConfirm) await confirmForwarding(domain, to, forwarding);
    const { writeTextFile } = await import('../host/files/configFiles');
    const { encodeText } = await import('../chasquid/text');
    const shell = await session.rootShell();
    const { hash } = await writeTextFile(shell, path, encodeText(forwarding.text), { expectedHash: present.hash });
    await session.refresh();
    void autoCommit(app.log, session, `Forward mail to ${domain} to ${to}`);
    if (interactive) tell(app, session, result, { path, before: present.bytes, hash });
    return result;
  },
);

/** What would be written. `present`: the file as it was read for it. */
async function plan(session: ServerSession, path: string, domain: string, world: World, to: string) {
  const [{ readTextFile }, { decodeText }, { AliasFile }, { aliasContext }, { forwardAll }] = await Promise.all([
    import('../host/files/configFiles'),
    import('../chasquid/text'),
    import('../chasquid/aliases/file'),
    import('../chasquid/aliases/context'),
    import('../chasquid/aliases/forward'),
  ]);
  const present = await readTextFile(await session.rootShell(), path);
  const text = decodeText(present.bytes ?? new Uint8Array());
  const file = new AliasFile(text, aliasContext(domain, world.version, world));
  const { error } = file.entries;
  if (error) {
    throw new RemediableError(
      new Error(
        `${path} has an error in line ${error.line + 1}: ${error.upstream}. chasquid rejects the file as it is. Correct that line first.`,
      ),
      [
        {
          title: 'Edit Aliases',
          run: () => followUp('openAliases', { server: session.name, domain }),
        },
      ],
    );
  }
  const senders = session.knownFacts()?.chasquid?.domains.find(one => one.name === domain)?.senders ?? [];
  return { present, forwarding: forwardAll(file, senders, to) };
}

function askTarget(title: string, world: World): Promise<string> {
  return askText(title, {
    prompt: 'Where should all mail to this domain go? An address of another mail service.',
    placeholder: 'you@gmail.com',
    validate: text => forwardTargetProblem(text.trim(), world.domains),
  }).then(text => text.trim());
}

function confirmForwarding(domain: string, to: string, { added, replaced, kept }: Forwarding): Promise<void> {
  const lines = [
    ...(replaced === undefined ? [] : [`− ${replaced}`, `+ *: ${to}`]),
    ...added.map(line => `+ ${line}`),
    ...(kept.length > 0 ? ['', 'These lines lead elsewhere and stay:', ...kept] : []),
  ];
  return confirm(`Forward all mail to ${domain} to ${to}?`, {
    detail: `In domains/${domain}/aliases:\n${lines.join('\n')}\n\nThe MX record of ${domain} must point to this server.`,
    button: 'Forward',
  });
}

interface Written {
  path: string;
  before: Uint8Array | undefined;
  hash: string;
}

function tell(app: App, session: ServerSession, { domain, to }: Forwarded, written: Written): void {
  const undo = async (): Promise<void> => {
    const { writeTextFile } = await import('../host/files/configFiles');
    const { path, before, hash } = written;
    await writeTextFile(await session.rootShell(), path, before ?? new Uint8Array(), { expectedHash: hash });
    await session.refresh();
    void showInformation(`The aliases of ${domain} are as they were.`);
  };
  void showInformation(`Within 30 seconds mail to ${domain} goes to ${to}.`, 'Show DNS Records', 'Undo')
    .then(choice => {
      if (choice === 'Undo') return undo();
      return choice ? followUp('showDnsRecords', { server: session.name, domain }) : undefined;
    })
    .then(undefined, (error: unknown) => report(app.log, error));
}

function staying(kept: readonly string[]): string {
  return kept.length === 0 ? '' : ` Other lines stay as they are: ${kept.join('; ')}.`;
}
