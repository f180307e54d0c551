import { loginAddress } from '../ssh/config/address';
import type {
  Asking,
  KeyboardAsk,
  PassphraseAsk,
  PasswordAsk,
  SshPrompts,
  UnknownHostKeyAsk,
} from '../ssh/config/target';
import type { SecretName, Secrets } from './secrets';

export interface LoginQuestion {
  title: string;
  prompt: string;
  password: boolean;
  /** Whether it can be chosen that the answer is remembered. */
  rememberable?: boolean;
}

/** How a login asks; `prompts.ts` does it in VS Code. */
export interface LoginWindow {
  /** Undefined when the question was closed without an answer. */
  input(
    question: LoginQuestion,
    signal: AbortSignal | undefined,
  ): Promise<{ text: string; remember: boolean } | undefined>;
  ask(question: string, answer: { detail: string; button: string }): Promise<boolean>;
}

/** Asks nothing, so that only what is stored counts. @param onQuestion called in place of each question, which stays without an answer */
export function silentWindow(onQuestion: () => void): LoginWindow {
  return {
    input: async () => {
      onQuestion();
      return undefined;
    },
    ask: async () => {
      onQuestion();
      return false;
    },
  };
}

/**
 * Answers the questions of an SSH login, jump hosts included. What is stored for the very login (or key file) that asks is
 * tried first, once.
 */
export class LoginPrompts implements SshPrompts {
  /** Once the login has succeeded, to be stored; undefined: to be deleted, as another answer was the right one. */
  readonly #changes = new Map<string, { name: SecretName; value: string | undefined }>();
  /** What was asked for in this login. Its methods count their attempts each for itself. */
  readonly #asked = new Set<string>();

  /** @param server name of the server entry */
  constructor(
    private readonly server: string,
    private readonly secrets: Secrets,
    private readonly window: LoginWindow,
  ) {}

  password(ask: PasswordAsk, signal?: AbortSignal): Promise<string | undefined> {
    return this.#secret(['password', loginAddress(ask)], ask.attempt, `Password of ${shown(ask)}`, signal);
  }

  passphrase(ask: PassphraseAsk, signal?: AbortSignal): Promise<string | undefined> {
    return this.#secret(['passphrase', ask.keyFile], ask.attempt, `Passphrase of the key ${ask.keyFile}`, signal);
  }

  async keyboardInteractive(ask: KeyboardAsk, signal?: AbortSignal): Promise<string[] | undefined> {
    const answers: string[] = [];
    for (const { text, echo } of ask.questions) {
      const label = text.trim().replace(/:$/, '') || 'Answer';
      const isPassword = !echo && ask.questions.length === 1 && asksForPassword(text);
      const prompt = [ask.instructions, label].filter(Boolean).join(' · ');
      const answer = isPassword
        ? await this.#secret(['password', loginAddress(ask)], ask.attempt, `${label} of ${shown(ask)}`, signal)
        : (await this.window.input({ title: shown(ask), prompt, password: !echo }, signal))?.text;
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
    return answers;
  }

  unknownHostKey(ask: UnknownHostKeyAsk): Promise<boolean> {
    const detail = [
      `${ask.type}\n${ask.sha256}`,
      'Compare the fingerprint with the one in your provider’s console. On the server it is printed by:\nssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      ask.note ?? '',
    ];
    return this.window.ask(
      `${ask.host}${ask.port === 22 ? '' : `:${ask.port}`} is a new server. Is this its host key?`,
      { detail: detail.filter(Boolean).join('\n\n'), button: 'Trust This Server' },
    );
  }

  /** Stores what is to be remembered, now that the server has accepted it. */
  async succeeded(): Promise<void> {
    for (const { name, value } of this.#changes.values()) {
      if (value === undefined) await this.secrets.delete(name);
      else await this.secrets.set(name, value, this.server);
    }
    this.#changes.clear();
  }

  async #secret(name: SecretName, attempt: number, title: string, signal?: AbortSignal): Promise<string | undefined> {
    const id = JSON.stringify(name);
    const again = attempt > 1 || this.#asked.has(id);
    this.#asked.add(id);
    const stored = again ? undefined : await this.secrets.get(name);
    if (stored !== undefined) return stored;
    const prompt = again ? 'That was not accepted. Try again.' : 'Sent only after the host key was verified.';
    const answer = await this.window.input({ title, prompt, password: true, rememberable: true }, signal);
    this.#changes.set(id, { name, value: answer?.remember ? answer.text : undefined });
    return answer?.text;
  }
}

/** `user@host`, with the port where it is not 22. */
function shown({ user, host, port }: Asking): string {
  return port === 22 ? `${user}@${host}` : loginAddress({ user, host, port });
}

/**
 * Whether the server asks for the password of the account, in the words of PAM, Kerberos and the like. A one-time password
 * or a new one is another secret: it is neither answered with the stored one nor stored in its place.
 */
function asksForPassword(text: string): boolean {
  const words = 'please|enter|type|your|the|current|login|account|unix|ldap|system|[^\\s@]+@\\S+';
  const sentence = `^(?:(?:${words}) +)*password(?: +(?:for|of) +\\S+)? *[:?]?$`;
  return text.length < 200 && new RegExp(sentence, 'i').test(text.trim());
}
