import * as vscode from 'vscode';
import { Cancelled } from '../app/cancelled';
import { dnsChoices } from '../app/dnsChoices';
import type { ServerSession } from '../app/session';
import { setting } from '../app/settings';
import { ask, inProgress, showInformation, showInStatusBar } from '../app/window';
import type { RotationStep, RotationView } from '../dns/dkim/rotation';
import type { RotationWait } from '../dns/dkim/rotationState';
import type { RecordVerdict } from '../dns/records/record';
import type { DkimRotation } from '../host/domains/dkimRotation';
import { rotationPage } from '../views/pages/rotation';
import { askChoice, Wizard, type Choice } from '../views/wizard';
import { chooseSource, dnsResolver } from './analyze';
import type { App } from './app';
import { connected, defineCommand, followUp, pickDomain, pickServer, type ServerArgs } from './command';
import { readSteps } from './setup/setUpServer';

interface RotateArgs extends ServerArgs {
  /** Of the new key. Default: today's date. */
  selector?: string;
  algorithm?: 'rsa' | 'ed25519';
  /** The original text of a message that was received after the new key signed. */
  message?: string;
  /** Waits that shall be cut short. */
  skip?: RotationWait[];
}

/** Where the rotation stands when nothing more can be done without the caller. */
export type Rotated = Pick<RotationView, 'milestones'> & RotationStep & { selector: string };

export const rotateDkimKey = defineCommand(async (app: App, args: RotateArgs, { interactive }): Promise<Rotated> => {
  const title = 'Rotate DKIM Key';
  const session = await connected(await pickServer(app, args, title));
  const domain = await pickDomain(session, args, title);
  const rotation = await openRotation(app, session, domain);
  const flow = new Flow(app, session, rotation, `${title} · ${domain}`);
  if (!(await flow.look())) await flow.begin(args, interactive);
  return interactive ? flow.guide() : flow.advance(args);
});

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

type Choices = 'act' | 'look' | 'watch' | 'copy' | 'send' | 'skip' | 'mail' | 'check' | 'give-up' | 'stop';

/** The conversation around one rotation. */
class Flow {
  constructor(
    private readonly app: App,
    private readonly session: ServerSession,
    private readonly rotation: DkimRotation,
    private readonly title: string,
  ) {}

  look(): Promise<RotationView | undefined> {
    return inProgress('Looking at the keys and their records…', signal => this.rotation.look(signal));
  }

  async begin(args: RotateArgs, interactive: boolean): Promise<void> {
    const { dkim = [] } =
      this.session.knownFacts()?.chasquid?.domains.find(each => each.name === this.rotation.domain) ?? {};
    const taken = dkim.map(key => key.selector);
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    let selector =
      args.selector ?? [today, ...[...'bcdefghij'].map(letter => today + letter)].find(name => !taken.includes(name))!;
    let { algorithm = 'rsa' } = args;
    if (interactive) {
      await new Wizard(this.title, [
        async wizard => {
          if (args.algorithm === undefined) algorithm = await wizard.pick('Which kind of key?', kinds);
        },
        async wizard => {
          selector = await wizard.text({
            prompt: `Selector of the new key: the name of its record. In use now: ${taken.join(', ') || 'none'}.`,
            value: selector,
            validate: text =>
              /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)
                ? taken.includes(text)
                  ? `${text} is in use. Caches hold its old key, so take another name, such as the date.`
                  : undefined
                : 'A selector has 1 to 63 small letters, digits or hyphens, such as 20261124.',
          });
        },
      ]).run();
    }
    await this.rotation.begin(selector, algorithm);
  }

  /** Everything that needs nobody, until something does. */
  async advance(args: RotateArgs): Promise<Rotated> {
    const { isAutomatic } = await import('../host/domains/dkimRotation');
    let { message } = args;
    for (;;) {
      const view = (await this.look())!;
      const { step, state } = view;
      if (isAutomatic(step)) await this.act(view);
      else if (step.action === 'verify' && message !== undefined) {
        await this.verify(view, Buffer.from(message, 'utf8'));
        message = undefined;
      } else if (step.wait && args.skip?.includes(step.wait) && !state.skipped.includes(step.wait))
        await this.rotation.tell(state, { did: 'skip', wait: step.wait });
      else {
        if (step.action === 'done') await this.rotation.forget();
        return result(view);
      }
    }
  }

  /** Shows where it stands, asks what to do, does it, and so on until it is done or left. */
  async guide(): Promise<Rotated> {
    for (;;) {
      const view = (await this.look())!;
      await this.app.reports.show(this.title, rotationPage(this.rotation.domain, view));
      if (view.step.action === 'done') {
        await this.rotation.forget();
        void showInformation(`${view.step.what} ${view.step.why}`.trim());
        return result(view);
      }
      const chosen = await askChoice(this.title, view.step.what, choicesOf(view.step));
      if (chosen === 'stop') return result(view);
      if (chosen === 'give-up') return this.giveUp(view);
      await this.choose(chosen, view);
    }
  }

  private async choose(chosen: Exclude<Choices, 'stop' | 'give-up'>, view: RotationView): Promise<void> {
    const { step, state } = view;
    switch (chosen) {
      case 'look':
        return;
      case 'act':
        return void (await this.act(view));
      case 'watch':
        return void (await this.watch(step));
      case 'copy': {
        const [record] = step.records!;
        await vscode.env.clipboard.writeText(record!.value);
        showInStatusBar(`Copied: the value for ${record!.name}`);
        return;
      }
      case 'send':
        return this.send(step);
      case 'skip':
        return void (await this.rotation.tell(state, { did: 'skip', wait: step.wait! }));
      case 'mail':
        return void (await followUp('sendTestMail', {
          server: this.session.name,
          domain: this.rotation.domain,
        }));
      case 'check':
        return this.verify(view, await chooseSource());
    }
  }

  private act(view: RotationView): Promise<void> {
    return inProgress(view.step.what, async () => {
      await this.rotation.act(view);
    });
  }

  /** Looks again and again until there is another step. Cancelling ends the looking, not the rotation. */
  private async watch(step: RotationStep): Promise<void> {
    const pauseMs = 5000;
    try {
      await inProgress(step.what, async signal => {
        for (;;) {
          const now = await this.rotation.look(signal);
          if (now?.step.action !== step.action) return;
          await pause(pauseMs, signal);
        }
      });
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }

  private async send(step: RotationStep): Promise<void> {
    const [{ sendRecords }, { relativeName }] = await Promise.all([
      import('../views/dnsPanel/sendUpdate'),
      import('../dns/name'),
    ]);
    const resolver = await dnsResolver();
    const sent = await inProgress('Sending the record…', async signal => {
      const records = await Promise.all(
        step.records!.map(async ({ name, type, value }): Promise<RecordVerdict> => {
          const { zone = this.rotation.domain } = await resolver.query(name, 'SOA', signal);
          const observed = [...new Set((step.seen ?? []).flatMap(seen => seen.values))];
          const placed = { name, type, value, zone, relativeName: relativeName(name, zone) };
          return { ...placed, ...due, observed, status: observed.length > 0 ? 'wrong' : 'missing' };
        }),
      );
      const { secrets, context } = this.app;
      const keeping = { secrets, globalState: context.globalState, server: this.session.name };
      return sendRecords(keeping, records, signal);
    });
    if (sent !== undefined) void showInformation(sent);
  }

  /** @throws Error when the message has no good signature by the new key */
  private async verify({ state }: RotationView, raw: Uint8Array): Promise<void> {
    const { analyzeMessage } = await import('../mail/analyze');
    const resolver = await dnsResolver();
    const { dkim } = await inProgress('Judging its signatures…', signal => analyzeMessage(raw, resolver, signal));
    const { selector } = state.next;
    const own = dkim.filter(
      one => one.domain.toLowerCase() === state.domain && one.selector.toLowerCase() === selector,
    );
    if (!own.some(one => one.result === 'pass')) {
      throw new Error(
        own[0]
          ? `The signature by ${selector} is not good: ${own[0].reason} The old key stays until a message verifies.`
          : `This message has no signature by ${selector} for ${state.domain}. It was sent before chasquid used the new key, or through another server. Send a new test mail and take its original.`,
      );
    }
    await this.rotation.tell(state, { did: 'verify', at: Date.now() });
  }

  private async giveUp(view: RotationView): Promise<Rotated> {
    const isSure = await ask(`Give up the rotation of ${this.rotation.domain}?`, {
      detail:
        'Keys stay where they are now: what signs goes on signing. The new key, where it was not moved in yet, stays aside on the server.',
      button: 'Give Up',
    });
    if (isSure) await this.rotation.forget();
    return result(view);
  }
}

/** Of a record that is to be sent: all that the update asks about. */
const due: Pick<RecordVerdict, 'purpose' | 'requirement' | 'why' | 'findings'> = {
  purpose: 'dkim',
  requirement: 'required',
  why: '',
  findings: [],
};

const result = ({ step, milestones, state }: RotationView): Rotated => ({
  ...step,
  milestones,
  selector: state.next.selector,
});

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}

const kinds: Choice<'rsa' | 'ed25519'>[] = [
  { label: 'RSA, 2048 bits', detail: 'Understood by every receiver.', value: 'rsa' },
  {
    label: 'Ed25519',
    detail: 'Short and strong, but some large receivers do not know it yet: keep an RSA key beside it.',
    value: 'ed25519',
  },
];

function choicesOf(step: RotationStep): Choice<Choices>[] {
  const leave: Choice<Choices>[] = [
    { label: '$(debug-pause) Stop here', description: 'and go on later', value: 'stop' },
    { label: '$(discard) Give the rotation up…', value: 'give-up' },
  ];
  const again: Choice<Choices> = { label: '$(refresh) Look again', value: 'look' };
  switch (step.action) {
    case 'publish':
    case 'revoke':
      return [
        { label: '$(copy) Copy the value', detail: step.records?.[0]?.name ?? '', value: 'copy' },
        {
          label: '$(cloud-upload) Send it as DNS update…',
          detail: 'To a DNS server of yours (RFC 2136)',
          value: 'send',
        },
        { ...again, label: '$(refresh) It is published: look' },
        ...leave,
      ];
    case 'verify':
      return [
        { label: '$(send) Send a test mail…', detail: 'To an address whose mail you can read', value: 'mail' },
        {
          label: '$(mail-read) Check the received original…',
          detail: 'From the clipboard, an editor or a file',
          value: 'check',
        },
        ...leave,
      ];
    case 'wait-servers':
    case 'wait-caches':
    case 'wait-mail':
      return [
        { label: '$(eye) Watch until it is so', value: 'watch' },
        again,
        { label: '$(debug-step-over) Do not wait', detail: step.risk ?? '', value: 'skip' },
        ...leave,
      ];
    default:
      return [{ label: `$(play) ${step.what}`, detail: step.why, value: 'act' }, ...leave];
  }
}
