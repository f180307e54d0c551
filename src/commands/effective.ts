import type * as vscode from 'vscode';
import type { App } from './composedApp';
import { defineCommand } from './command';

interface EffectiveArgs {
  /** A chasquid.conf. Default: the one in the active editor. */
  file?: vscode.Uri;
}

export const showEffectiveConfiguration = defineCommand(async ({ languages }: App, { file }: EffectiveArgs) => {
  await languages.start();
  const { showEffectiveConfiguration: show } = await import('../language/effective');
  return show(file, languages.effective);
});
