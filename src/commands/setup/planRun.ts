import type { ServerSession } from '../../app/session';
import type { AskPassword, RootShell } from '../../host/protocol/privilege';
import type { Inputs } from '../../provision/inputs';
import type { PlanEvent, PlanMode, PlanOutcome, StepResult } from '../../provision/plan';
import type { Steps } from '../../provision/step';
import type { SetupTerminal } from '../../views/setup/terminal';
import type { StepMark } from '../../views/setup/screen';
import { causeOf } from '../../text/problem';

/** sudo's password, asked in the terminal without echo. */
export function terminalPassword(terminal: SetupTerminal): AskPassword {
  return async ({ user, problem }) => {
    await terminal.draw(screen =>
      screen.notice(
        problem ?? 'sudo on the server wants a password. Nothing is shown while you type it.',
        problem ? 'bad' : 'plain',
      ),
    );
    return terminal.askSecret(`Password of ${user} on the server:`);
  };
}

export interface PlanRunOptions {
  session: ServerSession;
  terminal: SetupTerminal;
  steps: Steps;
  chosen: readonly string[];
  inputs: Inputs;
  /** Steps that were found done. */
  alreadyDone: readonly string[];
  mode: PlanMode;
  /** Whether a user is asked how to go on after a failure; else it ends there. */
  asks: boolean;
  askPassword: AskPassword;
  log(text: string): void;
  /** Shows the log of a step, a file of the server. */
  showLog(file: string): void;
}

/** Runs the plan and shows it in the terminal. @throws as `runPlan` does. */
export async function runInTerminal(options: PlanRunOptions): Promise<PlanOutcome> {
  const { session, terminal, steps, chosen, inputs, alreadyDone, mode } = options;
  const { runPlan } = await import('../../provision/runner');
  const drawing = new Drawing(terminal, options);
  const outcome = await runPlan({
    shell: await session.rootShell(options.askPassword),
    steps,
    chosen,
    inputs: { ...inputs, ...(await clientContext(session)) },
    alreadyDone,
    mode,
    signal: terminal.signal,
    reconnect: () => reconnect(session, terminal, options.askPassword),
    ui: {
      onEvent: event => drawing.take(event),
      onFailure: result => (options.asks ? drawing.askWhatNext(result) : Promise.resolve('stop')),
    },
  });
  await drawing.settled;
  return outcome;
}

/** What only this side knows: the greeting of the SSH server and the time. */
async function clientContext(session: ServerSession): Promise<Inputs> {
  const { banner } = await session.remote();
  return { greeting: banner, clientTime: String(Math.floor(Date.now() / 1000)) };
}

const reconnectDelays = [500, 1000, 2000, 4000, 8000, 8000, 8000, 15000, 15000, 15000, 30000];

async function reconnect(
  session: ServerSession,
  terminal: SetupTerminal,
  askPassword: AskPassword,
): Promise<RootShell> {
  for (let attempt = 0; ; attempt++) {
    terminal.signal.throwIfAborted();
    try {
      return await session.rootShell(askPassword);
    } catch (error) {
      const delay = reconnectDelays[attempt];
      if (delay === undefined || !mayPass(error)) throw error;
      await new Promise(resolve => setTimeout(resolve, delay));
    }
  }
}

/** A changed host key or a refused login does not pass by waiting. */
function mayPass(error: unknown): boolean {
  return [
    'refused',
    'timeout',
    'unreachable',
    'network',
    'dns',
    'closed',
    'lost',
    'handshake',
    'not-ssh',
    'channel',
  ].includes((error as { code?: string }).code ?? '');
}

const phases = { checking: 'looking…', applying: 'working…', verifying: 'checking again…' };
const marks: Record<StepResult['state'], StepMark> = {
  done: 'done',
  applied: 'applied',
  needed: 'needed',
  failed: 'failed',
  skipped: 'skipped',
  impossible: 'impossible',
};

/** Every problem with its way out; a failed change has one. */
function reasons(result: StepResult): string[] {
  return (result.problems ?? [result])
    .flatMap(problem => [causeOf(problem), problem.fix && `→ ${problem.fix}`])
    .filter((line): line is string => Boolean(line));
}

/** Plan events → terminal, one after another. */
class Drawing {
  private running = '';
  /** The step about which the user was asked what next. */
  private asked = '';
  private titles = new Map<string, string>();
  settled: Promise<void> = Promise.resolve();

  constructor(
    private readonly terminal: SetupTerminal,
    private readonly options: Pick<PlanRunOptions, 'mode' | 'log' | 'showLog'>,
  ) {}

  take(event: PlanEvent): void {
    switch (event.type) {
      case 'plan':
        this.titles = new Map(event.steps.map(step => [step.id, step.title]));
        return;
      case 'step':
        this.options.log(`${event.id}: ${event.phase}`);
        if (this.running === event.id) return this.draw(screen => screen.phase(phases[event.phase]));
        this.running = event.id;
        return this.draw(screen => screen.start({ id: event.id, title: event.title }, phases[event.phase]));
      case 'output':
        return this.draw(screen => screen.output(event.text));
      case 'result':
        return this.finish(event.result);
      case 'connection':
        return this.connection(event);
    }
  }

  async askWhatNext(result: StepResult): Promise<'retry' | 'skip' | 'stop'> {
    this.finish(result);
    this.asked = result.id;
    await this.settled;
    const words = { r: 'retry', s: 'skip', q: 'stop', ...(result.log ? { l: 'log' } : {}) };
    for (;;) {
      const key = await this.terminal.askKey(`r retry · s skip${result.log ? ' · l log' : ''} · q stop:`, words);
      if (key === 'l' && result.log) {
        this.options.showLog(result.log);
        await this.terminal.draw(screen => screen.notice(`The log on the server: ${result.log}`, 'dim', '   '));
      } else if (key === 'r') return 'retry';
      else return key === 's' ? 'skip' : 'stop';
    }
  }

  private finish(result: StepResult): void {
    this.options.log(
      `step ${result.id}: ${result.state} after ${result.durationMs} ms — ${result.detail}${result.fix ? ` — ${result.fix}` : ''}`,
    );
    const shown = this.running === result.id;
    this.running = '';
    const explanation = [
      ...(result.state === 'failed' || result.state === 'impossible' ? reasons(result) : []),
      ...(result.state === 'needed' ? (result.diff ?? []) : []),
    ];
    // What was answered with skip or stop comes a second time, as the final result: it stands there already.
    if (!shown && this.asked === result.id) return;
    this.draw(screen => {
      const start = shown ? '' : screen.start({ id: result.id, title: this.titles.get(result.id) ?? result.id }, '');
      // The reason of a failure has rows of its own below. A dry run looks at all steps at once: a time of one would be made up.
      const detail = result.state === 'failed' ? 'not done' : result.detail;
      const ms = this.options.mode === 'dryRun' ? undefined : result.durationMs;
      return start + screen.finish(marks[result.state], detail, ms, explanation);
    });
  }

  private connection(event: Extract<PlanEvent, { type: 'connection' }>): void {
    const texts = {
      lost: 'The connection was lost. The command on the server goes on; connecting again…',
      restored: 'Connected again; going on where it was.',
      'given-up': `The server cannot be reached again. ${event.reason ?? ''}`,
    };
    this.options.log(texts[event.state]);
    this.draw(screen => screen.notice(texts[event.state], event.state === 'restored' ? 'good' : 'warning', '   '));
  }

  private draw(change: Parameters<SetupTerminal['draw']>[0]): void {
    this.settled = this.settled.then(() => this.terminal.draw(change));
  }
}
