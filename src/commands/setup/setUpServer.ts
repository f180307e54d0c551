import * as path from 'node:path';
import * as vscode from 'vscode';
import { Cancelled } from '../../app/cancelled';
import { autoCommit } from '../../app/autoCommit';
import type { ServerSession } from '../../app/session';
import { showInformation } from '../../app/window';
import type { StepCheck } from '../../provision/check';
import type { Inputs } from '../../provision/inputs';
import type { PlanOutcome, StepResult } from '../../provision/plan';
import type { Step, Steps } from '../../provision/step';
import { remoteUri } from '../../views/remoteUri';
import { dryRunSummary, summary, unfinished, unfinishedSummary } from '../../views/setup/summary';
import { SetupTerminal, StoppedError } from '../../views/setup/terminal';
import { Wizard, type Choice } from '../../views/wizard';
import type { App } from '../composedApp';
import { connected, defineCommand, followUp, pickServer, type ServerArgs } from '../command';
import { runInTerminal, terminalPassword } from './planRun';
import { askNames, askRest } from './questions';

interface SetUpArgs extends ServerArgs {
  hostname?: string;
  steps?: string[];
  inputs?: Record<string, string>;
  dryRun?: boolean;
}

export const setUpServer = defineCommand(async (app: App, args: SetUpArgs, { interactive }): Promise<StepResult[]> => {
  const session = await connected(await pickServer(app, args, 'Set Up Server'));
  return (await setUp(app, session, args, `Set Up ${session.name}`, { interactive })).results;
});

export const runStep = defineCommand(async (app: App, args: SetUpArgs & { step?: string }, { interactive }) => {
  const session = await connected(await pickServer(app, args, 'Run Step'));
  const steps = await readSteps(app);
  let { step } = args;
  await new Wizard(`Run Step · ${session.name}`, [
    async wizard => {
      step ??= await wizard.pick(
        'Which step?',
        steps.list.map(item => ({ label: item.title, description: item.id, detail: item.why, value: item.id })),
      );
    },
  ]).run();
  const name = steps.list.find(({ id }) => id === step)?.title ?? step;
  const title = `Run Step · ${name} · ${session.name}`;
  const outcome = await setUp(app, session, { ...args, steps: [step!] }, title, { interactive });
  return outcome.results[0]?.state;
});

interface SetUpOptions {
  /** A user is there to choose steps and to say how to go on after a failure. A program gets all steps that a server needs. */
  interactive: boolean;
  anotherDomain?: boolean;
}

/** Runs the plan, or the chosen steps of it, in a terminal, asking for what they need. */
export async function setUp(
  app: App,
  session: ServerSession,
  args: SetUpArgs,
  title: string,
  { interactive, anotherDomain = false }: SetUpOptions,
) {
  const steps = await readSteps(app);
  const facts = session.knownFacts() ?? (await session.refresh());
  const given: Inputs = {
    ...args.inputs,
    ...(args.domain === undefined ? {} : { domain: args.domain }),
    ...(args.hostname === undefined ? {} : { hostname: args.hostname }),
  };
  const wanted = args.steps ? steps.list.filter(step => args.steps!.includes(step.id)) : steps.list;
  const names = await askNames(title, steps, wanted, given, session.entry.host, anotherDomain ? undefined : facts);
  const terminal = new SetupTerminal(`Set Up · ${session.name}`);
  const askPassword = terminalPassword(terminal);
  try {
    await terminal.draw(screen => screen.begin(title, 'Ctrl+C stops it: what runs on the server is ended.'));
    const usual = interactive ? undefined : steps.list.filter(step => !step.optional).map(step => step.id);
    const decided = args.steps ?? usual;
    const selection: Selection = decided
      ? { chosen: decided, alreadyDone: [], dryRun: false }
      : await choose(session, terminal, steps, names, title, askPassword);
    const { chosen, alreadyDone } = selection;
    const dryRun = args.dryRun ?? selection.dryRun;
    const open = steps.list.filter(step => chosen.includes(step.id) && !alreadyDone.includes(step.id));
    const inputs = dryRun ? names : await askRest(app, title, open, names, { secretsFor: session.name });
    terminal.show();
    const outcome = await runInTerminal({
      session,
      terminal,
      steps,
      chosen,
      // A dry run changes nothing, so it needs to be told nothing.
      alreadyDone: dryRun ? chosen : alreadyDone,
      inputs,
      mode: dryRun ? 'dryRun' : 'apply',
      asks: interactive,
      askPassword,
      log: text => app.log.info(`${session.name}: ${text}`),
      showLog: file => void showLog(session.name, file),
    });
    await session.refresh();
    if (outcome.changed > 0) void autoCommit(app.log, session, title);
    const isWhole = steps.list.every(
      step => step.optional || chosen.includes(step.id) || alreadyDone.includes(step.id),
    );
    await conclude(session, terminal, outcome, { dryRun, isWhole, interactive, domain: inputs.domain ?? '' });
    return outcome;
  } catch (error) {
    await interrupted(terminal, error);
    // Whoever gives no password knows that nothing goes on.
    throw (error as { code?: unknown }).code === 'privilege-cancelled' ? new Cancelled() : error;
  } finally {
    terminal.end();
  }
}

/** What the terminal says when the run did not come to its end. */
async function interrupted(terminal: SetupTerminal, error: unknown): Promise<void> {
  const left = error instanceof Cancelled && !(error instanceof StoppedError);
  const reason = left
    ? 'Cancelled before anything was changed.'
    : error instanceof Error
      ? error.message
      : String(error);
  await terminal.draw(
    screen =>
      screen.finish('stopped', terminal.signal.aborted ? 'stopped' : 'not finished') +
      screen.notice(`\n${reason}\nRun Set Up Server again to go on: what is done already is left as it is.`, 'warning'),
  );
}

/** The whole output of a step, in an editor beside the terminal, which keeps the keys. */
async function showLog(server: string, file: string): Promise<void> {
  await vscode.window.showTextDocument(remoteUri(server, file), { preview: true, preserveFocus: true });
}

export async function readSteps(app: App): Promise<Steps> {
  const { loadSteps } = await import('../../provision/loadSteps');
  return loadSteps(path.join(app.context.extensionPath, 'src', 'provision', 'steps'));
}

interface Selection {
  chosen: string[];
  /** Those that were found done. */
  alreadyDone: string[];
  dryRun: boolean;
}

/** The quick pick with the present state of each step. The needed ones are ticked; when there is none, all are, to look again. */
async function choose(
  session: ServerSession,
  terminal: SetupTerminal,
  steps: Steps,
  names: Inputs,
  title: string,
  askPassword: ReturnType<typeof terminalPassword>,
): Promise<Selection> {
  const { planState } = await import('../../provision/check');
  const { completeInputs } = await import('../../provision/inputs');
  const shell = await session.rootShell(askPassword);
  await terminal.draw(screen => screen.start({ id: '', title: 'Looking' }, 'at the present state of every step…'));
  const started = Date.now();
  const { banner } = await session.remote();
  const inputs = completeInputs(steps, [], {
    ...names,
    greeting: banner,
    clientTime: String(Math.floor(started / 1000)),
  });
  const checks = await planState(shell, steps, steps.list, inputs, { signal: terminal.signal });
  const needed = steps.list.filter(step => stateOf(checks, step) !== 'done');
  const todo = needed.filter(step => !step.optional).length;
  await terminal.draw(screen =>
    screen.finish(
      'done',
      todo === 0 ? 'nothing to do' : `${todo} of ${steps.list.filter(step => !step.optional).length} steps to do`,
      Date.now() - started,
    ),
  );
  const dryRun = 'dry-run';
  const items: (Choice<string> | vscode.QuickPickItem)[] = [
    ...steps.list.map(step => choiceOf(step, checks)),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(eye) Dry run', description: 'show what would change, change nothing', value: dryRun },
  ];
  const ticked = needed.filter(step => !step.optional).map(step => step.id);
  let picked: string[] = [];
  await new Wizard(title, [
    async wizard =>
      void (picked = await wizard.pickMany(
        'Which steps? The ticked ones are needed.',
        items,
        ticked.length > 0 ? ticked : steps.list.filter(step => !step.optional).map(step => step.id),
      )),
  ]).run();
  return {
    chosen: picked.filter(id => id !== dryRun),
    alreadyDone: steps.list.filter(step => !needed.includes(step)).map(step => step.id),
    dryRun: picked.includes(dryRun),
  };
}

function stateOf(checks: readonly StepCheck[], step: Step): StepCheck['state'] {
  return checks.find(check => check.id === step.id)?.state ?? 'needed';
}

const signs = { done: '$(check)', needed: '$(circle-filled)', impossible: '$(circle-slash)', failed: '$(error)' };
const words = { done: 'done', needed: 'needed', impossible: 'not possible', failed: 'could not be checked' };

function choiceOf(step: Step, checks: readonly StepCheck[]): Choice<string> {
  const check = checks.find(candidate => candidate.id === step.id);
  const state = check?.state ?? 'needed';
  return {
    label: `${signs[state]} ${step.title}`,
    description: `${words[state]}${check?.detail ? ` · ${check.detail}` : ''}`,
    value: step.id,
  };
}

interface Ending {
  dryRun: boolean;
  /** Whether every step that a server needs has been run or found done. */
  isWhole: boolean;
  interactive: boolean;
  domain: string;
}

/** The end: a summary, and what remains to be done outside of the server. */
async function conclude(
  session: ServerSession,
  terminal: SetupTerminal,
  outcome: PlanOutcome,
  { dryRun, isWhole, interactive, domain }: Ending,
): Promise<void> {
  const say = (text: string, kind: 'plain' | 'warning' | 'good' = 'plain'): Promise<void> =>
    terminal.draw(screen => screen.notice(text, kind));
  if (dryRun) return say(dryRunSummary(outcome));
  if (outcome.stopped || unfinished(outcome) > 0) return say(unfinishedSummary(outcome), 'warning');
  await say(summary(outcome), 'good');
  if (!isWhole || session.snapshot().dns[domain]?.errors.length === 0) return;
  await say(
    `What remains is outside of the server: publish the DNS records of ${domain}, and the reverse DNS at your provider.\nShow DNS Records lists them, ready to copy.`,
  );
  if (!interactive) return;
  void showInformation(
    `${session.name} is set up. Publish the DNS records of ${domain} next.`,
    'Show DNS Records',
  ).then(choice => {
    if (choice)
      void followUp('showDnsRecords', {
        server: session.name,
        domain,
      });
  });
}
