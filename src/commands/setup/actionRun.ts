import type { ServerSession } from '../../app/session';
import type { Applied } from '../../provision/applyStep';
import type { Inputs } from '../../provision/inputs';
import type { StepAction } from '../../provision/stepAction';
import type { Step, Steps } from '../../provision/step';
import { SetupTerminal } from '../../views/setup/terminal';
import { terminalPassword } from './planRun';

const words: Record<StepAction, { title: string; done: string }> = {
  undo: { title: 'Undo', done: 'taken back; the files are as they were before' },
  renew: { title: 'Renew', done: 'renewed' },
};

/** Runs one action of a step in a terminal. @throws Error with cause and cure when it fails; the signal's reason after Ctrl+C */
export async function runActionInTerminal(
  session: ServerSession,
  steps: Steps,
  step: Step,
  action: StepAction,
  inputs: Inputs,
): Promise<Applied> {
  const { runAction } = await import('../../provision/stepAction');
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
      signal: terminal.signal,
      onOutput: text => void terminal.draw(screen => screen.output(text)),
    });
    const { failure } = applied;
    await terminal.draw(screen =>
      failure
        ? screen.finish('failed', 'not done', Date.now() - started, [failure.cause, `→ ${failure.cure}`])
        : screen.finish('applied', done, Date.now() - started),
    );
    if (failure) throw new Error(`${failure.cause} ${failure.cure}`);
    return applied;
  } catch (error) {
    await terminal.draw(screen => screen.finish('stopped', terminal.signal.aborted ? 'stopped' : 'not finished'));
    throw error;
  } finally {
    terminal.end();
    await session.refresh().catch(() => undefined);
  }
}
