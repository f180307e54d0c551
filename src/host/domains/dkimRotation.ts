import { reasonOf, selectorRule } from '../../chasquid/rules';
import { versionOf } from '../../chasquid/versions';
import { nextStep, type RotationAction, type RotationStep, type RotationView } from '../../dns/dkim/rotation';
import { lookAtRotation } from '../../dns/dkim/rotationLook';
import {
  beginRotation,
  parseRotation,
  recordEvent,
  type RotationEvent,
  type RotationState,
} from '../../dns/dkim/rotationState';
import { NameError } from '../../input/domainName';
import type { DomainRecordFacts } from '../../dns/records/facts';
import type { DnsView } from '../../dns/check/view';
import { keepRotation, moveKeyBack, moveKeyIn, readRotation, stageKey, takeKeysOut } from './dkimKeys';
import type { HostFacts } from '../facts/facts';
import { restartService, serviceProblem } from '../services/services';
import { HostError, type Shell } from '../protocol/shell';

/** How a rotation sees and reaches the server and the DNS. */
export interface RotationPorts {
  /** The server's name, for errors. */
  server: string;
  shell(): Promise<Shell>;
  /** A new look at the server. */
  facts(): Promise<HostFacts>;
  records(facts: HostFacts): DomainRecordFacts;
  view(records: DomainRecordFacts): DnsView;
  /** Why mail of the domain is not signed with its keys as they are on the server now, in sentences; undefined when it is. */
  unsignedReason(): Promise<string | undefined>;
}

/** What only the server has to do; nobody needs to be asked. */
const automatic: readonly RotationAction[] = ['stage', 'move-in', 'restart', 'take-out'];
export const isAutomatic = (step: RotationStep): boolean => automatic.includes(step.action);

/**
 * The change of a domain's DKIM key. Its state is kept on the server after each step, so that it goes on from any point and
 * any computer. Steps are found by looking; one that was done by hand is not done again.
 */
export class DkimRotation {
  constructor(
    private readonly ports: RotationPorts,
    readonly domain: string,
  ) {}

  /**
   * Begins a rotation; nothing but its note is written.
   * @throws NameError for a selector that is none or in use; HostError, `ed25519-too-early` where the hook signs
   */
  async begin(selector: string, algorithm: 'rsa' | 'ed25519', now = Date.now()): Promise<void> {
    const reason = reasonOf(selectorRule(selector));
    if (reason !== undefined) throw new NameError(reason);
    const facts = await this.ports.facts();
    if (algorithm === 'ed25519' && !signsByItself(facts))
      throw new HostError(
        'ed25519-too-early',
        `chasquid ${facts.chasquid?.version ?? ''} on ${this.ports.server} cannot sign with Ed25519: its hook uses RSA keys only. Choose RSA.`,
      );
    const { dkim } = this.ports.records(facts);
    await this.keep(beginRotation({ domain: this.domain, folder: dkim, selector, algorithm, now }));
  }

  /** Where the rotation stands now; undefined when none is under way. */
  async look(signal?: AbortSignal, now = Date.now()): Promise<RotationView | undefined> {
    const facts = await this.ports.facts();
    const { staged, note } = await readRotation(await this.ports.shell(), this.domain, signal);
    const state = parseRotation(note);
    if (!state) return undefined;
    const records = this.ports.records(facts);
    const published = await lookAtRotation(state, this.ports.view(records), signal);
    const { since, queueLength } = facts.chasquid ?? {};
    const view = nextStep(state, {
      now,
      folder: records.dkim,
      staged,
      published,
      ...(since === undefined ? {} : { daemonSince: since }),
      ...(queueLength === undefined ? {} : { queueLength }),
    });
    if (JSON.stringify(view.state) !== JSON.stringify(state)) await this.keep(view.state);
    return view;
  }

  /** Does a step that is the server's alone. @throws HostError; RangeError for a step that somebody else has to do */
  async act({ step, state }: RotationView): Promise<void> {
    const shell = await this.ports.shell();
    switch (step.action) {
      case 'stage':
        return void (await stageKey(shell, this.domain, state.next));
      case 'move-in':
        await this.moveIn(shell, state);
        return this.restart(shell);
      case 'take-out': {
        const { chasquid } = await this.ports.facts();
        const since = chasquid?.since;
        await this.tell(state, {
          did: 'take-out',
          at: Date.now(),
          ...(since === undefined ? {} : { daemonSince: since }),
        });
        await takeKeysOut(
          shell,
          this.domain,
          state.old.map(key => key.selector),
        );
        return this.restart(shell);
      }
      case 'restart':
        return this.restart(shell);
      default:
        throw new RangeError(`The step “${step.action}” is not done on the server. ${step.what} Then check again.`);
    }
  }

  /** Writes down what cannot be seen. @returns the state after it */
  async tell(state: RotationState, event: RotationEvent): Promise<RotationState> {
    const after = recordEvent(state, event);
    await this.keep(after);
    return after;
  }

  /** Forgets the rotation: it is over, or given up. Keys stay where they are. */
  async forget(): Promise<void> {
    await keepRotation(await this.ports.shell(), this.domain, undefined);
  }

  private async keep(state: RotationState): Promise<void> {
    await keepRotation(await this.ports.shell(), this.domain, state);
  }

  /** A key with which nothing is signed goes back, so that mail stays signed with the old one. */
  private async moveIn(shell: Shell, { next, old }: RotationState): Promise<void> {
    const place = { selector: next.selector, builtIn: signsByItself(await this.ports.facts()) };
    await moveKeyIn(shell, this.domain, place);
    const reason = await this.ports.unsignedReason();
    if (reason === undefined) return;
    await moveKeyBack(shell, this.domain, { ...place, former: old[0]?.selector });
    throw new HostError(
      'not-signed',
      `The new key ${next.selector} was moved back, because mail would not have been signed with it. ${reason}`,
    );
  }

  /** chasquid reads keys when it starts. */
  private async restart(shell: Shell): Promise<void> {
    const status = await restartService(shell);
    if (status.state !== 'active') throw new HostError('service-failed', serviceProblem(this.ports.server, status));
  }
}

const signsByItself = ({ chasquid }: HostFacts): boolean => versionOf(chasquid?.version).features.builtInDkim;
