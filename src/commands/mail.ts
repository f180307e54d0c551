import { inProgress, showError, showInformation, showWarning } from '../app/window';
import type { ServerSession } from '../app/session';
import { addressRule, reasonOf } from '../chasquid/rules';
import type { DeliveryOutcome } from '../host/logs/delivery';
import type { Submission } from '../mail/submit';
import { block, code, escape } from '../text/markdown';
import { askText } from '../views/wizard';
import type { App } from './composedApp';
import { connected, defineCommand, pickServer, type ServerArgs } from './command';
import { pickSender } from './senders';

interface TestMailArgs extends ServerArgs {
  from?: string;
  password?: string;
  to?: string;
}

export interface TestMailResult {
  accepted: boolean;
  queueId: string | undefined;
  state: DeliveryOutcome['state'];
  trace: string[];
}

export const sendTestMail = defineCommand(
  async (app: App, args: TestMailArgs, { interactive }): Promise<TestMailResult> => {
    const session = await connected(await pickServer(app, args, 'Send Test Mail'));
    const title = `Send Test Mail · ${session.name}`;
    const from = args.from ?? args.address ?? (await pickSender(session, args, title));
    const password =
      args.password ??
      (await askText(title, {
        prompt: `Password of ${from}. It is only used for this mail.`,
        password: true,
        validate: text => (text === '' ? 'The server requires it before it accepts mail.' : undefined),
      }));
    const to =
      args.to ??
      (await askText(title, {
        prompt: 'Where to? An address of yours at another provider shows what others see.',
        placeholder: 'you@gmail.com',
        value: app.context.globalState.get<string>(lastRecipient, ''),
        validate: text => reasonOf(addressRule(text.trim())),
      }));
    await app.context.globalState.update(lastRecipient, to.trim());
    const result = await send(app, session, { from, password, to: to.trim() });
    if (interactive) announce(app, session, result, from, to.trim());
    return {
      accepted: result.submission.accepted,
      queueId: result.outcome?.id || undefined,
      state: result.outcome?.state ?? 'not-seen',
      trace: result.trace,
    };
  },
);

const lastRecipient = 'chasquid.lastTestRecipient';

interface Sent {
  submission: Submission;
  outcome: DeliveryOutcome | undefined;
  trace: string[];
}

/** Watches the log, submits through the SSH connection, and follows the message to the receiver's answer. */
async function send(
  app: App,
  session: ServerSession,
  mail: { from: string; password: string; to: string },
): Promise<Sent> {
  const [{ submitTestMail }, { watchDelivery }] = await Promise.all([
    import('../mail/submit'),
    import('../host/logs/delivery'),
  ]);
  const remote = await session.remote();
  const facts = session.knownFacts() ?? (await session.refresh());
  const trace: string[] = [];
  return inProgress(`Test mail to ${mail.to}`, async (signal, tell) => {
    const note = (time: number, text: string): void => {
      trace.push(`${new Date(time).toISOString().slice(11, 23)}  ${text}`);
      app.log.info(`${session.name}: test mail: ${text}`);
      tell(text);
    };
    const watch = await watchDelivery({
      shell: () => session.rootShell(),
      from: mail.from,
      to: mail.to,
      signal,
      onEntry: entry => note(entry.time, entry.text),
    });
    try {
      const submission = await submitTestMail({
        address: mail.from,
        password: mail.password,
        to: mail.to,
        via: { openSocket: () => remote.tunnel('127.0.0.1', 465) },
        servername: facts.chasquid?.hostname ?? facts.hostname,
        signal,
        onTrace: line => note(line.time, line.text),
      });
      return { submission, outcome: submission.accepted ? await watch.outcome() : undefined, trace };
    } finally {
      watch.close();
    }
  });
}

function announce(
  app: App,
  session: ServerSession,
  { submission, outcome, trace }: Sent,
  from: string,
  to: string,
): void {
  const show = 'Show Trace';
  const open = async (choice: string | undefined): Promise<void> => {
    if (choice !== show) return;
    await app.reports.show(`Test mail to ${to}`, [
      `# Test mail to ${code(to)}`,
      `From ${code(from)}, through ${escape(session.name)}.`,
      block(trace),
    ]);
  };
  if (!submission.accepted) {
    void showError(submission.reason ?? `The server did not accept the mail: ${submission.response}`, show).then(open);
  } else if (outcome?.state === 'sent') {
    void showInformation(`The mail was delivered to the server of ${to} (queue ID ${outcome.id}).`, show).then(open);
  } else if (outcome?.state === 'failed') {
    void showError(`${to} was refused by its server: ${outcome.answer ?? 'it gave no reason'}.`, show).then(open);
  } else {
    void showWarning(
      outcome?.answer
        ? `Not delivered yet, chasquid tries again: ${outcome.answer}.`
        : 'The server accepted the mail, but its delivery is not confirmed yet.',
      show,
    ).then(open);
  }
}
