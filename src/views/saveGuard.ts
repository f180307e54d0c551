import * as vscode from 'vscode';
import { ask, showWarning } from '../app/window';
import type { Consequence } from '../chasquid/beforeSave';

/** So many are listed in a dialog; the editor shows all of them. */
const listed = 3;

/** Asks before something is saved that chasquid would not accept. Whether it is saved. */
export async function saveAnyway(name: string, version: string, errors: readonly Consequence[]): Promise<boolean> {
  return ask(`chasquid ${version} will not accept ${name}. Save it anyway?`, {
    detail: lines(errors),
    button: 'Save Anyway',
  });
}

/** Says after a save which lines are of no use to the server's chasquid. */
export function tellLost(name: string, version: string, lost: readonly Consequence[]): void {
  if (lost.length === 0) return;
  const what = lost.length === 1 ? 'one line' : `${lost.length} lines`;
  const show = 'Show Problems';
  void showWarning(
    `${name} is saved, but ${what} of it ${lost.length === 1 ? 'has' : 'have'} no effect on chasquid ${version}.`,
    show,
  ).then(choice => {
    if (choice === show) void vscode.commands.executeCommand('workbench.actions.view.problems');
  });
}

function lines(all: readonly Consequence[]): string {
  const shown = all.slice(0, listed).map(({ line, message }) => `Line ${line}: ${message}`);
  const more = all.length - shown.length;
  return [...shown, ...(more > 0 ? [`And ${more} more, marked in the editor.`] : [])].join('\n\n');
}
