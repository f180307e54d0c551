import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSteps } from '../../../src/provision/loadSteps';
import type { PlanEvent, PlanUi, StepResult } from '../../../src/provision/plan';
import type { Step, Steps } from '../../../src/provision/step';
import { joinScripts } from '../../../src/ssh/shellScript';
import type { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';

/** The steps as the extension ships them. */
export const shippedSteps = (): Promise<Steps> => loadSteps(join(import.meta.dirname, '../../../src/provision/steps'));
export const usual = (steps: Steps): string[] => steps.list.filter(step => !step.optional).map(step => step.id);

/** What a user would answer for example.test, with the world's name server and certificate authority. */
export function answers(world: Sandbox, certificateClient: string, senderPassword: string): Record<string, string> {
  const { address, tsig } = world.dns;
  return {
    domain: 'example.test',
    hostname: 'mail.example.test',
    sender: 'i@example.test',
    senderPassword,
    certificateClient,
    challenge: 'dns-01',
    dnsProvider: 'rfc2136',
    dnsWait: '1',
    dnsCredentials: [
      `NSUPDATE_SERVER=${address}`,
      'NSUPDATE_ZONE=example.test',
      `TSIG_NAME=${tsig.name}`,
      `TSIG_ALGORITHM=${tsig.algorithm}`,
      `TSIG_SECRET=${tsig.secret}`,
    ].join('\n'),
    acmeServer: world.acme.directory,
    acmeEmail: 'postmaster@example.test',
  };
}

/** Records what a run of the plan tells, and answers failures in order; after that it stops. */
export class Witness implements PlanUi {
  readonly events: PlanEvent[] = [];
  readonly failures: StepResult[] = [];

  constructor(
    private readonly decide:
      ('retry' | 'skip' | 'stop')[] | ((result: StepResult) => Promise<'retry' | 'skip' | 'stop'>) = [],
    private readonly watch: (event: PlanEvent) => void = () => undefined,
  ) {}

  onEvent(event: PlanEvent): void {
    this.events.push(event);
    if (process.env.CHASQUID_TEST_VERBOSE) console.log(JSON.stringify(event));
    this.watch(event);
  }

  onFailure(result: StepResult): Promise<'retry' | 'skip' | 'stop'> {
    this.failures.push(result);
    return typeof this.decide === 'function' ? this.decide(result) : Promise.resolve(this.decide.shift() ?? 'stop');
  }

  get output(): string {
    return this.events.map(event => (event.type === 'output' ? event.text : '')).join('');
  }

  get connection(): string[] {
    return this.events.flatMap(event => (event.type === 'connection' ? [event.state] : []));
  }
}

const restoreFile = join(import.meta.dirname, '../../../src/provision/steps/restore.sh');

/** A step of a test's own; its scripts have the library of the real ones, and what undoes that of a real undo.sh. */
export const ownStep = (id: string, check: string, apply?: string, more: Partial<Step> = {}): Step => ({
  id,
  title: `Step ${id}`,
  why: 'A test needs it.',
  guide: [],
  inputs: [],
  uses: [],
  needs: [],
  optional: false,
  blocking: false,
  check,
  ...(apply === undefined ? {} : { apply }),
  ...more,
  ...(more.undo === undefined ? {} : { undo: joinScripts([readFileSync(restoreFile, 'utf8'), more.undo]) }),
});

/** Lines that were there before and are gone, and lines that are new. */
export const changes = (before: string[], after: string[]): string[] => [
  ...before.filter(line => !after.includes(line)).map(line => `- ${line}`),
  ...after.filter(line => !before.includes(line)).map(line => `+ ${line}`),
];

export const states = (results: readonly StepResult[]): Record<string, string> =>
  Object.fromEntries(results.map(result => [result.id, result.state]));

/** Looks at the command line of every process on a host, over and over. */
export class ProcessWatch {
  private readonly seen: Promise<string>;

  constructor(private readonly host: Host) {
    this.seen = host.sh(
      `rm -f /run/watched; until [ -e /run/watched ]; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; echo; sleep 0.1; done`,
    );
  }

  /** Everything that was seen. */
  async stop(): Promise<string> {
    await this.host.sh('touch /run/watched');
    return this.seen;
  }
}

/** What a setup could touch, a line each, to tell whether anything has changed. */
export const fingerprint = async (host: Host): Promise<string[]> =>
  (
    await host.sh(`{ find /etc /var/backups /root /usr/local /var/lib/dpkg/status /var/spool -xdev -type f -exec sha256sum {} +
      find /etc /var/backups -xdev ! -type s -printf '%p %m %u %g\\n'
      systemctl list-unit-files --no-legend --no-pager | grep -v transient; } | sort`)
  ).split('\n');

/**
 * Looks for secrets where other users of a machine could see them: in the command line of every process, and in the environment
 * of those that are not root's. From a world one sees the processes of all its hosts.
 */
export class SecretWatch {
  readonly #seen = new Set<string>();
  readonly #timer = setInterval(() => this.#look(), 25).unref();
  #rounds = 0;

  constructor(private readonly secrets: readonly string[]) {}

  /** Where secrets were seen, without them; and how often it looked. */
  stop(): { rounds: number; seen: string[] } {
    clearInterval(this.#timer);
    return { rounds: this.#rounds, seen: [...this.#seen].sort() };
  }

  #look(): void {
    this.#rounds++;
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      for (const file of ['cmdline', 'environ']) {
        try {
          if (file === 'environ' && statSync(`/proc/${pid}`).uid === 0) continue;
          const text = readFileSync(`/proc/${pid}/${file}`, 'utf8');
          if (!this.secrets.some(secret => text.includes(secret))) continue;
          const comm = readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
          this.#seen.add(`${file} of ${comm}: ${this.#without(text).slice(0, 300)}`);
        } catch {
          // It has ended meanwhile.
        }
      }
    }
  }

  #without(text: string): string {
    const shown = text.replaceAll('\0', ' ');
    return this.secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), shown);
  }
}
