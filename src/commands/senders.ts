import type { App } from './composedApp';
import { report } from '../app/report';
import { autoCommit } from '../app/autoCommit';
import type { ServerSession } from '../app/session';
import { confirm, showInformation, showWarning, uninterrupted } from '../app/window';
import { passwordRule, reasonOf, senderRule, shortestPassword } from '../chasquid/rules';
import { askChoice, askText } from '../views/wizard';
import { connected, defineCommand, followUp, pickDomain, pickServer, type ServerArgs } from './command';

interface SenderArgs extends ServerArgs {
  password?: string;
}

const loadSenders = () => import('../host/senders/senders');

export const addSender = defineCommand(async (app: App, args: SenderArgs, { interactive }) => {
  const session = await connected(await pickServer(app, args, 'Add Sender'));
  const { addSender: add } = await loadSenders();
  const title = `Add Sender · ${session.name}`;
  let { address } = args;
  if (address === undefined) {
    const domain = await pickDomain(session, args, title);
    const taken = session.knownFacts()?.chasquid?.domains.find(d => d.name === domain)?.senders ?? [];
    const user = await askText(title, {
      prompt: `Address of the new sender: the part before @${domain}, or the whole address.`,
      placeholder: 'newsletter',
      validate: text => {
        const candidate = withDomain(text, domain);
        return (
          reasonOf(senderRule(candidate)) ??
          (taken.includes(candidate.slice(0, candidate.lastIndexOf('@')))
            ? `${candidate} exists already. Use Change Sender Password to give it a new password.`
            : undefined)
        );
      },
    });
    address = withDomain(user, domain);
  }
  const password = args.password ?? (await askNewPassword(title, address));
  await uninterrupted(`Adding ${address}…`, async () => add(await session.rootShell(), address, password));
  await session.refresh();
  void autoCommit(app.log, session, `Add sender ${address}`);
  if (interactive) offerTestMail(session, address, `${address} can send now, on ports 465 and 587.`);
  return { server: session.name, address };
});

export const removeSender = defineCommand(async (app: App, args: SenderArgs, { interactive, mustConfirm }) => {
  const session = await connected(await pickServer(app, args, 'Remove Sender'));
  const address = args.address ?? (await pickSender(session, args, 'Remove Sender'));
  if (mustConfirm) {
    await confirm(`Remove sender ${address}?`, {
      detail: 'It can no longer log in to send mail. You can undo this: its entry is kept on the server.',
      button: 'Remove',
    });
  }
  const { removeSender: remove } = await loadSenders();
  const result = await uninterrupted(`Removing ${address}…`, async () => remove(await session.rootShell(), address));
  await session.refresh();
  void autoCommit(app.log, session, `Remove sender ${address}`);
  if (interactive) offerUndo(app, session, address, result.backup);
  return { server: session.name, address, ...result };
});

function offerUndo(app: App, session: ServerSession, address: string, backup: string | undefined): void {
  const undo = async (): Promise<void> => {
    const { restoreSender } = await loadSenders();
    await uninterrupted(`Restoring ${address}…`, async () =>
      restoreSender(await session.rootShell(), address, backup!),
    );
    await session.refresh();
    void showInformation(`${address} can send again, with the password it had.`);
  };
  void showInformation(`${address} was removed.`, ...(backup ? ['Undo'] : []))
    .then(choice => (choice === 'Undo' ? undo() : undefined))
    .then(undefined, (error: unknown) => report(app.log, error));
}

export const changeSenderPassword = defineCommand(async (app: App, args: SenderArgs, { interactive, mustConfirm }) => {
  const title = 'Change Sender Password';
  const session = await connected(await pickServer(app, args, title));
  const address = args.address ?? (await pickSender(session, args, title));
  // Whoever types the new password twice has confirmed it.
  if (args.password !== undefined && mustConfirm) {
    await confirm(`Change the password of ${address}?`, {
      detail: 'Whoever has the new password can send mail as this sender. Programs that use the old one are refused.',
      button: 'Change Password',
    });
  }
  const password = args.password ?? (await askNewPassword(title, address));
  const { changePassword } = await loadSenders();
  await uninterrupted(`Changing the password of ${address}…`, async () =>
    changePassword(await session.rootShell(), address, password),
  );
  void autoCommit(app.log, session, `Change the password of ${address}`);
  if (interactive)
    offerTestMail(session, address, `${address} has a new password. chasquid uses it within 30 seconds.`);
  return { server: session.name, address };
});

export const checkSenderPassword = defineCommand(async (app: App, args: SenderArgs, { interactive }) => {
  const title = 'Check Sender Password';
  const session = await connected(await pickServer(app, args, title));
  const address = args.address ?? (await pickSender(session, args, title));
  const password =
    args.password ??
    (await askText(title, {
      prompt: `Password of ${address} to try.`,
      password: true,
      validate: text => (text === '' ? 'Enter the password that you want to check.' : undefined),
    }));
  const { checkPassword } = await loadSenders();
  const result = await uninterrupted(`Checking the password of ${address}…`, async () =>
    checkPassword(await session.rootShell(), address, password),
  );
  if (interactive) {
    if (result.ok) void showInformation(`The password of ${address} is correct.`);
    else
      void showWarning(
        result.reason ?? `The password of ${address} is wrong. Use Change Sender Password to set a new one.`,
      );
  }
  return result;
});

export async function pickSender(session: ServerSession, args: ServerArgs, title: string): Promise<string> {
  const facts = session.knownFacts() ?? (await session.refresh());
  const addresses = (facts.chasquid?.domains ?? [])
    .filter(domain => args.domain === undefined || domain.name === args.domain)
    .flatMap(domain => domain.senders.map(user => `${user}@${domain.name}`));
  if (addresses.length === 0)
    throw new Error(
      `${session.name} has no sender yet. A sender is an account that may send mail. Use Add Sender to make one.`,
    );
  if (addresses.length === 1) return addresses[0]!;
  return askChoice(
    title,
    'Choose a sender',
    addresses.map(address => ({ label: address, value: address })),
  );
}

function withDomain(text: string, domain: string): string {
  const address = text.trim();
  return address.includes('@') ? address : `${address}@${domain}`;
}

async function askNewPassword(title: string, address: string): Promise<string> {
  const password = await askText(title, {
    prompt: `Password for ${address}: at least ${shortestPassword} characters. It is stored on the server only, as a hash.`,
    password: true,
    validate: text => reasonOf(passwordRule(text)),
  });
  await askText(title, {
    prompt: 'The same password again.',
    password: true,
    validate: text =>
      text === password ? undefined : 'The two passwords differ. Type the same one, or press Escape and begin again.',
  });
  return password;
}

function offerTestMail(session: ServerSession, address: string, message: string): void {
  void showInformation(message, 'Send Test Mail').then(choice => {
    if (choice)
      void followUp('sendTestMail', {
        server: session.name,
        from: address,
      });
  });
}
