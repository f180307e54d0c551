import * as vscode from 'vscode';
import type { KeyboardAsk, PassphraseAsk, PasswordAsk, SshPrompts, UnknownHostKeyAsk } from '../ssh/target';
import { ask as askModal, createInputBox } from './window';
import type { SecretKind, ServerSecrets } from './secrets';

/** The questions of an SSH login, as VS Code asks them. Remembered answers are tried first, once. */
export class LoginPrompts implements SshPrompts {
  /** Answers to keep once the login has succeeded. */
  private readonly toRemember = new Map<SecretKind, string>();
  /** Titles of the questions of this login, jump hosts included. Its methods count their attempts each for itself. */
  private readonly asked = new Set<string>();

  constructor(
    private readonly server: string,
    private readonly secrets: ServerSecrets,
  ) {}

  password(ask: PasswordAsk, signal?: AbortSignal): Promise<string | undefined> {
    return this.secret('password', ask.attempt, `Password of ${ask.user}@${ask.host}`, signal);
  }

  passphrase(ask: PassphraseAsk, signal?: AbortSignal): Promise<string | undefined> {
    return this.secret('passphrase', ask.attempt, `Passphrase of the key ${ask.keyFile}`, signal);
  }

  async keyboardInteractive(ask: KeyboardAsk, signal?: AbortSignal): Promise<string[] | undefined> {
    const answers: string[] = [];
    for (const question of ask.questions) {
      const label = question.text.trim().replace(/:$/, '') || 'Answer';
      const isPassword = !question.echo && /password/i.test(question.text) && ask.questions.length === 1;
      const answer = isPassword
        ? await this.secret('password', ask.attempt, `${label} of ${ask.user}@${ask.host}`, signal)
        : await inputBox(
            {
              title: `${ask.user}@${ask.host}`,
              prompt: [ask.instructions, label].filter(Boolean).join(' · '),
              password: !question.echo,
            },
            signal,
          );
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
    return answers;
  }

  async unknownHostKey(ask: UnknownHostKeyAsk): Promise<boolean> {
    const detail = [
      `${ask.type}\n${ask.sha256}`,
      'Compare the fingerprint with the one in your provider’s console. On the server it is printed by:\nssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      ask.note ?? '',
    ];
    return askModal(`${ask.host}${ask.port === 22 ? '' : `:${ask.port}`} is not known yet. Is this its host key?`, {
      detail: detail.filter(Boolean).join('\n\n'),
      button: 'Trust This Server',
    });
  }

  /** Keeps what the person wanted remembered, now that the server has accepted it. */
  async succeeded(): Promise<void> {
    for (const [kind, value] of this.toRemember) await this.secrets.set(this.server, kind, value);
    this.toRemember.clear();
  }

  private async secret(
    kind: SecretKind,
    attempt: number,
    title: string,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    const again = attempt > 1 || this.asked.has(title);
    this.asked.add(title);
    const remembered = again ? undefined : await this.secrets.get(this.server, kind);
    if (remembered !== undefined) return remembered;
    this.toRemember.delete(kind);
    const answer = await inputBox(
      {
        title,
        prompt: again ? 'That was not accepted. Try again.' : 'Sent only after the host key was verified.',
        password: true,
      },
      signal,
      remembered => (remembered === undefined ? this.toRemember.delete(kind) : this.toRemember.set(kind, remembered)),
    );
    return answer;
  }
}

interface InputOptions {
  title: string;
  prompt: string;
  password: boolean;
}

const rememberButton = { iconPath: new vscode.ThemeIcon('save'), tooltip: 'Remember in VS Code’s secret storage' };
const forgetButton = {
  iconPath: new vscode.ThemeIcon('check'),
  tooltip: 'Will be remembered in VS Code’s secret storage',
};

/** An input box that is withdrawn when `signal` aborts; with `onRemember` it has a button that says whether to keep the answer. */
function inputBox(
  options: InputOptions,
  signal: AbortSignal | undefined,
  onRemember?: (answer: string | undefined) => void,
): Promise<string | undefined> {
  const input = createInputBox();
  let remember = false;
  input.title = options.title;
  input.prompt = options.prompt;
  input.password = options.password;
  input.ignoreFocusOut = true;
  if (onRemember) input.buttons = [rememberButton];
  return new Promise<string | undefined>(resolve => {
    input.onDidTriggerButton(() => {
      remember = !remember;
      input.buttons = [remember ? forgetButton : rememberButton];
      input.prompt = `${options.prompt}${remember ? ' Will be remembered.' : ''}`;
    });
    input.onDidAccept(() => {
      onRemember?.(remember ? input.value : undefined);
      resolve(input.value);
      input.hide();
    });
    input.onDidHide(() => resolve(undefined));
    signal?.addEventListener('abort', () => input.hide(), { once: true });
    input.show();
  }).finally(() => input.dispose());
}

/** The password of sudo: kept in memory only, as long as the connection lives. */
export function askSudoPassword(title: string, problem: string | undefined): Promise<string | undefined> {
  return inputBox(
    { title, prompt: problem ?? 'sudo on the server wants this user’s password. It is not stored.', password: true },
    undefined,
  );
}
