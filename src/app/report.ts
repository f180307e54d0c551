import type * as vscode from 'vscode';
import { messageOf } from '../text/problem';
import { showError } from './window';

/** What a user can do about an error besides reading it. */
export interface Remedy {
  title: string;
  run: () => unknown;
}

/**
 * Shows an error once: its own text (what happened, why, what next), the remedies that the command knows, and the way
 * to the log. Does not wait for the answer.
 */
export function report(log: vscode.LogOutputChannel, error: unknown, remedies: Remedy[] = []): void {
  const message = messageOf(error);
  log.error(message);
  const showLog: Remedy = { title: 'Show Log', run: () => log.show(true) };
  const offered = [...remedies, showLog];
  void showError(message, ...offered.map(remedy => remedy.title)).then(title =>
    offered.find(remedy => remedy.title === title)?.run(),
  );
}
