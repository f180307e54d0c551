import type {
  KeyboardAsk,
  PassphraseAsk,
  PasswordAsk,
  SshDeps,
  SshTarget,
  UnknownHostKeyAsk,
} from '../../src/ssh/config/target';
import { MemoryTrustStore, type TrustStore } from '../../src/ssh/hostKeys/trustStore';
import type { Sshd } from './sshd';

type Question =
  | ({ kind: 'password' } & PasswordAsk)
  | ({ kind: 'passphrase' } & PassphraseAsk)
  | ({ kind: 'keyboard' } & KeyboardAsk)
  | ({ kind: 'hostKey' } & UnknownHostKeyAsk);

export interface Answers {
  password?: (ask: PasswordAsk) => string | undefined;
  passphrase?: (ask: PassphraseAsk) => string | undefined;
  keyboard?: (ask: KeyboardAsk) => string[] | undefined;
  /** Whether an unknown host key is accepted; true by default. */
  hostKey?: (ask: UnknownHostKeyAsk) => boolean | Promise<boolean>;
  trustStore?: TrustStore;
}

/** A user at the keyboard, as a list of answers; keeps what was asked and logged. */
export class Person implements SshDeps {
  readonly asked: Question[] = [];
  readonly logged: string[] = [];
  readonly trustStore: TrustStore;

  constructor(private readonly answers: Answers = {}) {
    this.trustStore = answers.trustStore ?? new MemoryTrustStore();
  }

  readonly prompts: SshDeps['prompts'] = {
    password: async ask => {
      this.asked.push({ kind: 'password', ...ask });
      return this.answers.password?.(ask);
    },
    passphrase: async ask => {
      this.asked.push({ kind: 'passphrase', ...ask });
      return this.answers.passphrase?.(ask);
    },
    keyboardInteractive: async ask => {
      this.asked.push({ kind: 'keyboard', ...ask });
      return this.answers.keyboard?.(ask);
    },
    unknownHostKey: async ask => {
      this.asked.push({ kind: 'hostKey', ...ask });
      return this.answers.hostKey?.(ask) ?? true;
    },
  };

  log(level: string, text: string): void {
    this.logged.push(`${level} ${text}`);
  }

  kinds(): string[] {
    return this.asked.map(question => question.kind);
  }
}

/** A target that uses nothing of the configuration, keys and agent of whoever runs the tests. */
export function targetOf(sshd: Pick<Sshd, 'host' | 'port' | 'user' | 'key'>, more: Partial<SshTarget> = {}): SshTarget {
  return {
    host: sshd.host,
    port: sshd.port,
    user: sshd.user,
    identityFile: sshd.key,
    configFile: 'none',
    knownHostsFiles: [],
    agent: 'none',
    ...more,
  };
}

/** As `targetOf`, but without a chosen key. */
export function keylessTarget(sshd: Pick<Sshd, 'host' | 'port' | 'user' | 'key'>, more: Partial<SshTarget>): SshTarget {
  const target = targetOf(sshd, more);
  delete target.identityFile;
  return target;
}
