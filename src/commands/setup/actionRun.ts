import type { ServerSession } from '../../app/session';
import type { Applied } from '../../provision/applyStep';
import type { Inputs } from '../../provision/inputs';
import type { StepAction } from '../../provision/stepAction';
import type { Step, Steps } from '../../provision/step';
import { SetupTerminal } from '../../views/setup/terminal';
import { causeOf, type Problem, problemText } from '../../text/problem';
import { terminalPassword } from './planRun';

const words: Record<StepAction, { title: string; done: string }> = {
  undo: { title: 'Undo', done: 'undone' },
  renew: { title: 'Renew', done: 'renewed' },
};

/** Why an action failed, with what to do. */
export class ActionError extends Error {
  override name = 'ActionError';
  /** As the failure's: kebab-case and stable. */
  readonly code: string;

  constructor(failure: Problem) {
    super(problemText(failure));
    this.code = failure.code;
  }
}

/**
 * Runs one action of a step in a terminal.
 * @param options.force undo although that loses what was edited since
 * @throws ActionError; the signal's reason after Ctrl+C
 */
export async function runActionInTerminal(
  session: ServerSession,
  steps: Steps,
  step: Step,
  action: StepAction,
  inputs: Inputs,
  { force = false }: { force?: boolean } = {},
): Promise<Applied> {
  const [{ runAction }, { undoneLines }] = await Promise.all([
    import('../../provision/stepAction'),
    import('../../views/setup/undone'),
  ]);
  const { title, done } = words[action];
  const terminal = new SetupTerminal(`${title} · ${session.name}`);
  const started = Date.now();
  await terminal.draw(screen =>
    screen.begin(`${title}: ${step.title} · ${session.name}`, 'Ctrl+C stops it: what runs on the server is ended.'),
  );
  try {
    const shell = await session.rootShell(terminalPassword(terminal));
    await terminal.draw(screen => screen.start(step, 'working…'));
    const applied = await runAction(shell, steps, step, action, inputs, {
      force,
      signal: terminal.signal,
      onOutput: text => void terminal.draw(screen => screen.output(text)),
    });
    const { failure, undone } = applied;
    await terminal.draw(screen =>
      failure
        ? screen.finish('failed', 'not done', Date.now() - started, [causeOf(failure), `→ ${failure.fix}`])
        : screen.finish('applied', done, Date.now() - started, undone && undoneLines(undone)),
    );
    if (failure) throw new ActionError(failure);
    return applied;
  } catch (error) {
    await terminal.draw(screen => screen.finish('stopped', terminal.signal.aborted ? 'stopped' : 'not finished'));
    throw error;
  } finally {
    terminal.end();
    await session.refresh().catch(() => undefined);
  }
}
