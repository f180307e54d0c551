import { join } from 'node:path';
import { type RootShell, rootShell } from '../../../src/host/privilege';
import { loadSteps } from '../../../src/provision/loadSteps';
import type { PlanEvent, PlanUi, StepResult } from '../../../src/provision/plan';
import type { Steps } from '../../../src/provision/step';
import { SshConnection } from '../../../src/ssh/connection';
import type { TrustedKey } from '../../../src/ssh/trustStore';
import type { Host } from '../../sandbox/host';

/** The steps as the extension ships them. */
export const shippedSteps = (): Promise<Steps> => loadSteps(join(import.meta.dirname, '../../../src/provision/steps'));
export const usual = (steps: Steps): string[] => steps.list.filter(step => !step.optional).map(step => step.id);

const refuse = () => Promise.resolve(undefined);

/** The product's own connection to a host of the world, with the person's key. */
export function connect(host: Host, user = 'root'): Promise<SshConnection> {
  const kept = new Map<string, TrustedKey[]>();
  return SshConnection.connect(
    { host: host.ipv4, user, identityFile: host.clientKeyFile, agent: 'none', configFile: 'none', knownHostsFiles: [] },
    {
      prompts: {
        password: refuse,
        passphrase: refuse,
        keyboardInteractive: refuse,
        unknownHostKey: () => Promise.resolve(true),
      },
      trustStore: {
        get: place => Promise.resolve(kept.get(place) ?? []),
        add: (place, key) => Promise.resolve(void kept.set(place, [...(kept.get(place) ?? []), key])),
      },
      log: () => undefined,
    },
  );
}

export async function shellOn(host: Host, user = 'root', password?: string): Promise<RootShell> {
  return rootShell(await connect(host, user), () => Promise.resolve(password));
}

/** Records what a run of the plan tells, and answers failures. */
export class Witness implements PlanUi {
  readonly events: PlanEvent[] = [];
  readonly failures: StepResult[] = [];
  /** Called with each event, before it is answered. */
  watch: (event: PlanEvent) => void = () => undefined;

  constructor(private readonly decisions: ('retry' | 'skip' | 'stop')[] = []) {}

  onEvent(event: PlanEvent): void {
    this.events.push(event);
    if (process.env.CHASQUID_TEST_VERBOSE) {
      console.log(
        event.type === 'output' ? `  | ${event.text.trimEnd().replaceAll('\n', '\n  | ')}` : JSON.stringify(event),
      );
    }
    this.watch(event);
  }

  onFailure(result: StepResult): Promise<'retry' | 'skip' | 'stop'> {
    this.failures.push(result);
    return Promise.resolve(this.decisions.shift() ?? 'stop');
  }

  get output(): string {
    return this.events.map(event => (event.type === 'output' ? event.text : '')).join('');
  }
}
