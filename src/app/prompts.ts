import * as vscode from 'vscode';
import type { LoginQuestion, LoginWindow } from './login';
import { ask, createInputBox } from './window';

const rememberButton = { iconPath: new vscode.ThemeIcon('save'), tooltip: 'Remember in VS Code’s secret storage' };
const forgetButton = {
  iconPath: new vscode.ThemeIcon('check'),
  tooltip: 'Will be remembered in VS Code’s secret storage',
};

/** The questions of a login, as VS Code asks them. */
export const loginWindow: LoginWindow = { ask, input };

/** An input box that is withdrawn when `signal` aborts; where the answer can be remembered, a button says whether it will be. */
function input(
  question: LoginQuestion,
  signal: AbortSignal | undefined,
): Promise<{ text: string; remember: boolean } | undefined> {
  const box = createInputBox();
  let remember = false;
  box.title = question.title;
  box.prompt = question.prompt;
  box.password = question.password;
  box.ignoreFocusOut = true;
  if (question.rememberable) box.buttons = [rememberButton];
  return new Promise<{ text: string; remember: boolean } | undefined>(resolve => {
    box.onDidTriggerButton(() => {
      remember = !remember;
      box.buttons = [remember ? forgetButton : rememberButton];
      box.prompt = `${question.prompt}${remember ? ' Will be remembered.' : ''}`;
    });
    box.onDidAccept(() => {
      resolve({ text: box.value, remember });
      box.hide();
    });
    box.onDidHide(() => resolve(undefined));
    signal?.addEventListener('abort', () => box.hide(), { once: true });
    box.show();
  }).finally(() => box.dispose());
}

/** The password of sudo: kept in memory only, as long as the connection lives. */
export async function askSudoPassword(title: string, problem: string | undefined): Promise<string | undefined> {
  const prompt = problem ?? 'sudo on the server wants this user’s password. It is not stored.';
  return (await input({ title, prompt, password: true }, undefined))?.text;
}
