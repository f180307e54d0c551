import * as vscode from 'vscode';
import { Cancelled } from '../../app/cancelled';
import type { ServerSession } from '../../app/session';
import { ask, inProgress, showInformation, showInStatusBar } from '../../app/window';
import { sleep } from '../../dns/check/watch';
import type { RotationStep, RotationView } from '../../dns/dkim/rotation';
import type { RotationWait } from '../../dns/dkim/rotationState';
import type { DkimRotation } from '../../host/domains/dkimRotation';
import { signatureProblem } from '../../mail/signatureProblem';
import { rotationPage } from '../../views/pages/rotation';
import { askChoice } from '../../views/wizard';
import { chooseSource, dnsResolver } from '../analyze';
import type { App } from '../composedApp';
import { followUp } from '../command';
import { choicesOf, type RotationChoice } from './choices';
import { newKey, type NewKey } from './newKey';
import { sendRotationRecords } from './sendRecords';

export interface RotateArgs extends NewKey {
  /** The original text of a message that was received after the new key signed. */
  message?: string;
  /** Waits that shall be cut short. */
  skip?: RotationWait[];
}

/** Where the rotation stands when nothing more can be done without the caller. */
export type Rotated = Pick<RotationView, 'milestones'> & RotationStep & { selector: string };

/** The conversation around one rotation. */
export class RotationFlow {
  constructor(
    private readonly app: App,
    private readonly session: ServerSession,
    private readonly rotation: DkimRotation,
    private readonly title: string,
  ) {}

  look(): Promise<RotationView | undefined> {
    return inProgress('Checking the keys and their records…', signal => this.rotation.look(signal));
  }

  async begin(args: RotateArgs, interactive: boolean): Promise<void> {
    const { dkim = [] } =
      this.session.knownFacts()?.chasquid?.domains.find(each => each.name === this.rotation.domain) ?? {};
    const { selector, algorithm } = await newKey(
      this.title,
      args,
      dkim.map(key => key.selector),
      interactive,
    );
    await this.rotation.begin(selector, algorithm);
  }

  /** Everything that needs nobody, until something does. */
  async advance(args: RotateArgs): Promise<Rotated> {
    const { isAutomatic } = await import('../../host/domains/dkimRotation');
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
        void showInformation(view.step.what);
        return result(view);
      }
      const chosen = await askChoice(this.title, view.step.what, choicesOf(view.step));
      if (chosen === 'stop') return result(view);
      if (chosen === 'give-up') return this.giveUp(view);
      await this.choose(chosen, view);
    }
  }

  private async choose(chosen: Exclude<RotationChoice, 'stop' | 'give-up'>, view: RotationView): Promise<void> {
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
        return void (await followUp('sendTestMail', { server: this.session.name, domain: this.rotation.domain }));
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
          await sleep(pauseMs, signal);
        }
      });
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }

  private async send(step: RotationStep): Promise<void> {
    const { secrets, context } = this.app;
    const keeping = { secrets, globalState: context.globalState, server: this.session.name };
    const resolver = await dnsResolver();
    const sent = await inProgress('Sending the record…', signal =>
      sendRotationRecords(keeping, resolver, step, this.rotation.domain, signal),
    );
    if (sent !== undefined) void showInformation(sent);
  }

  /** @throws Error when the message has no good signature by the new key */
  private async verify({ state }: RotationView, raw: Uint8Array): Promise<void> {
    const { analyzeMessage } = await import('../../mail/analyze');
    const resolver = await dnsResolver();
    const { dkim } = await inProgress('Checking its signatures…', signal => analyzeMessage(raw, resolver, signal));
    const problem = signatureProblem(dkim, state.domain, state.next.selector);
    if (problem !== undefined) throw new Error(problem);
    await this.rotation.tell(state, { did: 'verify', at: Date.now() });
  }

  private async giveUp(view: RotationView): Promise<Rotated> {
    const isSure = await ask(`Give up the rotation of ${this.rotation.domain}?`, {
      detail:
        'Keys stay where they are now: what signs goes on signing. The new key, where it was not moved in yet, stays in a separate folder on the server.',
      button: 'Give Up',
    });
    if (isSure) await this.rotation.forget();
    return result(view);
  }
}

const result = ({ step, milestones, state }: RotationView): Rotated => ({
  ...step,
  milestones,
  selector: state.next.selector,
});
