import * as vscode from 'vscode';
import { report } from '../app/report';
import type { ServerSession } from '../app/session';
import { inProgress, showInformation, showInStatusBar, showWarning } from '../app/window';
import type { ClientNews } from '../host/logs/clientWatch';
import { Wizard } from '../views/wizard';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';
import { pickSender } from './senders';

/** What a mail program asks for. */
interface MailSettings {
  address: string;
  host: string;
  /** TLS from the start, which RFC 8314 prefers. */
  port: 465;
  /** With STARTTLS. */
  startTlsPort: 587;
  user: string;
}

/** How long to wait for a confirmation, ms. */
const patienceMs = 15 * 60_000;

export const showMailSettings = defineCommand(
  async (app: App, args: ServerArgs, { interactive }): Promise<MailSettings> => {
    const title = 'Use in Gmail or a Mail Program';
    const session = await connected(await pickServer(app, args, title));
    const address = args.address ?? (await pickSender(session, args, title));
    const facts = session.knownFacts() ?? (await session.refresh());
    const host = facts.chasquid?.hostname ?? facts.hostname;
    const settings: MailSettings = { address, host, port: 465, startTlsPort: 587, user: address };
    if (interactive) await offer(app, session, settings, title);
    return settings;
  },
);

type Choice = { copy: string; name: string } | 'gmail' | 'watch';

/** The values one by one, each to be copied; the list stays until the user leaves it or has Gmail's answer awaited. */
async function offer(app: App, session: ServerSession, settings: MailSettings, title: string): Promise<void> {
  const { address, host, port, startTlsPort, user } = settings;
  const value = (name: string, copy: string, detail: string) => ({
    label: `$(copy) ${name}`,
    description: copy,
    detail,
    value: { copy, name } as Choice,
  });
  const items = [
    value('SMTP server', host, 'In Gmail: Settings, Accounts and Import, Send mail as, Add another email address'),
    value('Port', String(port), `Secured with SSL/TLS from the start; ${startTlsPort} is for STARTTLS`),
    value('User name', user, 'The whole address. The password is that of this sender; the server keeps only its hash'),
    value('Email address', address, 'The name beside it is up to you; leave “Treat as an alias” ticked'),
    {
      label: '$(link-external) Open the settings of Gmail',
      description: 'in the browser',
      value: 'gmail' as Choice,
    },
    {
      label: '$(watch) Wait for the confirmation that Gmail sends…',
      description: `to ${address}`,
      value: 'watch' as Choice,
    },
  ];
  for (;;) {
    let choice: Choice | undefined;
    await new Wizard(title, [
      async wizard =>
        void (choice = await wizard.pick(`Settings for ${address}. Choose one to copy it.`, items, choice)),
    ]).run();
    if (choice === 'watch') return void watch(session, address).catch((error: unknown) => report(app.log, error));
    if (choice === 'gmail')
      await vscode.env.openExternal(vscode.Uri.parse('https://mail.google.com/mail/#settings/accounts'));
    else if (choice) {
      await vscode.env.clipboard.writeText(choice.copy);
      showInStatusBar(`Copied: ${choice.name} ${choice.copy}`);
    }
  }
}

/** Follows the log until the confirmation was passed on, and tells what happens on the way. */
async function watch(session: ServerSession, address: string): Promise<void> {
  const [{ followLogs }, { ClientWatch }] = await Promise.all([
    import('../host/logs/followLogs'),
    import('../host/logs/clientWatch'),
  ]);
  const seen = new ClientWatch(address, ['google.com', 'gmail.com']);
  let last: ClientNews | undefined;
  await inProgress(`Waiting for Gmail to confirm ${address}`, async (signal, tell) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patienceMs);
    tell('press Add Account there…');
    try {
      await followLogs({
        shell: () => session.rootShell(),
        lines: 0,
        signal: AbortSignal.any([signal, stop.signal]),
        onEntries: entries => {
          for (const news of entries.flatMap(entry => seen.see(entry) ?? [])) {
            last = news;
            tell(news.text);
            if (news.done) stop.abort();
          }
        },
      });
    } finally {
      clearTimeout(timer);
    }
    signal.throwIfAborted();
  });
  if (last?.kind === 'delivered') void showInformation(last.text);
  else
    void showWarning(
      `${last?.text ?? 'Nothing came for this address in 15 minutes.'} Mail to ${address} must reach a mailbox of yours: see its alias, and the MX record of its domain.`,
    );
}
