import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import type { HostConfig } from '../config/config';
import { errorOf, messageOf } from '../../text/problem';
import { quotable } from '../../text/visible';
import { type Attempt, AuthenticationError, ConnectError, PromptCancelledError, reasonText } from '../errors';
import { installing } from './banner';
import type { Identity } from '../keys/identities';
import type { Ssh2 } from '../library';
import type { Asking, SshDeps } from '../config/target';
import type { Watchdog } from './watchdog';

const passwordTries = 3;
const replyTimeoutMs = 30_000;
const mostMethods = 8;
/** Of keyboard-interactive: how often the server may ask again within one attempt, and how many questions at once. */
const mostRounds = 20;
const mostQuestions = 20;
/** Characters of a question; that of a second factor may be a menu of several lines. */
const questionLimit = 2000;

const sha1Wanted = 'the server wants its signature with SHA-1 (ssh-rsa)';

type KeyboardQuestions = { prompt: string; echo?: boolean }[];

interface AuthContext {
  config: HostConfig;
  ssh2: Ssh2;
  identities: readonly Identity[];
  skipped: readonly Attempt[];
  deps: Pick<SshDeps, 'prompts' | 'log'>;
  watchdog: Watchdog;
  /** Aborts when the attempt is over: open questions are then withdrawn. */
  signal: AbortSignal;
  /** Ends the attempt at once. */
  giveUp: (error: Error) => void;
}

/**
 * Chooses what to try next to log in, in OpenSSH's order: none, keys, keyboard-interactive, password. Remembers what
 * was tried and what came of it. Partial success (RFC 4252 §5.1) leads on to the next method.
 */
export class Authenticator {
  readonly #tried: Attempt[];
  #offered: string[] = [];
  readonly #identities: Identity[];
  readonly #counts = { password: 0, 'keyboard-interactive': 0 };
  #pending: Attempt | undefined;
  /** A reason to stop trying, e.g. that the user gave up. */
  #failure: Error | undefined;
  #cancelled = false;
  #begun = false;

  constructor(private readonly context: AuthContext) {
    this.#tried = [...context.skipped];
    this.#identities = [...context.identities];
  }

  /** What let us in: the last thing tried, once the server has accepted it. */
  get accepted(): Attempt | undefined {
    return this.#pending && { ...this.#pending, result: 'accepted' };
  }

  /** The server has refused what was tried, and names the methods that can go on (SSH_MSG_USERAUTH_FAILURE). */
  refused(left: readonly string[], partial: boolean): void {
    // Names of RFC 4251 §6; there are about five methods.
    this.#offered = left.filter(name => /^[\w@.+-]{1,64}$/.test(name)).slice(0, mostMethods);
    this.#settle(partial ? 'accepted, but more is asked for' : undefined);
  }

  /** The next thing to try, or false to give up. Never rejects: a reason to give up is kept for `error`. */
  async next(): Promise<AnyAuthMethod | false> {
    this.context.watchdog.pause();
    // Still pending: ssh2 passed over it by itself.
    this.#settle();
    try {
      const method = this.#begun ? await this.#choose() : this.#start('none', 'no secret', { type: 'none' as const });
      this.#begun = true;
      if (method) this.context.watchdog.arm('an answer to the login', replyTimeoutMs);
      return method;
    } catch (error) {
      this.#failure = errorOf(error);
      return false;
    }
  }

  /** Why nothing let us in. `banner` is what the server greets with, `hungUp` why it closed the connection. */
  error(banner: string, hungUp?: string): Error {
    this.#settle();
    if (this.#failure) return this.#failure;
    const { config } = this.context;
    const tried = this.#tried.filter(attempt => attempt.method !== 'none');
    const offers = this.#offered.length > 0 ? this.#offered.join(', ') : 'nothing';
    const list = quotable(tried.map(attempt => `${attempt.what}: ${attempt.result}`).join('; '), 400);
    const ending = hungUp ? `; then it hung up: ${reasonText(hungUp).replace(/\.$/, '')}` : '';
    return new AuthenticationError(tried, this.#offered, banner, {
      what: `The server refused to let ${config.user}@${config.host} in.`,
      why: `It accepts: ${offers}; tried: ${list || 'nothing, as there was nothing to try'}${ending}.`,
      fix: this.#advice(tried, banner, hungUp ?? ''),
    });
  }

  #advice(tried: readonly Attempt[], banner: string, hungUp: string): string {
    if (installing(banner)) {
      return 'Its greeting says that the operating system is still being installed: wait some minutes, then try again.';
    }
    if (/too many auth/i.test(hungUp)) {
      return 'It allows only a few attempts: choose the identity file for this server, or set IdentitiesOnly yes in your SSH configuration.';
    }
    if (tried.some(({ result }) => result === sha1Wanted)) {
      return 'Use an Ed25519 key; or add "PubkeyAcceptedAlgorithms +ssh-rsa" for this host to your SSH configuration.';
    }
    if (!this.#offered.includes('publickey')) return 'Check the user name and the password.';
    if (tried.some(attempt => attempt.method === 'publickey')) {
      return 'Choose another identity file or user name, or add the public key to ~/.ssh/authorized_keys on the server.';
    }
    return 'Choose an identity file, or load your key into the SSH agent with ssh-add.';
  }

  async #choose(): Promise<AnyAuthMethod | false> {
    for (const method of this.context.config.methods) {
      if (!this.#offered.includes(method)) continue;
      const attempt = await this.#attempt(method);
      if (attempt) return attempt;
    }
    if (this.#cancelled) throw new PromptCancelledError(`${this.context.config.user}@${this.context.config.host}`);
    return false;
  }

  async #attempt(method: HostConfig['methods'][number]): Promise<AnyAuthMethod | undefined> {
    if (method === 'publickey') return this.#key();
    if (this.#cancelled || this.#counts[method] >= passwordTries) return undefined;
    const attempt = ++this.#counts[method];
    return method === 'password' ? this.#password(attempt) : this.#keyboard(attempt);
  }

  async #key(): Promise<AnyAuthMethod | undefined> {
    for (let identity = this.#identities.shift(); identity; identity = this.#identities.shift()) {
      try {
        const key = await identity.publicKey();
        return this.#start('publickey', identity.label, { type: 'agent' as const, agent: this.#signer(identity, key) });
      } catch (error) {
        this.#tried.push({ method: 'publickey', what: identity.label, result: reasonOf(error) });
      }
    }
    return undefined;
  }

  /** One key as an agent of its own: ssh2 then offers the public half first and signs asynchronously. */
  #signer(identity: Identity, publicKey: ParsedKey) {
    const { ssh2, watchdog, config } = this.context;
    const sign = async (data: Buffer, hash: 'sha256' | 'sha512' | undefined) => {
      watchdog.pause();
      try {
        const isSha1 = publicKey.type === 'ssh-rsa' && hash !== 'sha256' && hash !== 'sha512';
        if (isSha1 && !config.sha1.logins) throw new Error(sha1Wanted);
        return await identity.sign(data, hash);
      } catch (error) {
        if (this.#pending) this.#pending.result = reasonOf(error);
        throw error;
      } finally {
        watchdog.arm('an answer to the login', replyTimeoutMs);
      }
    };
    return new (class extends ssh2.BaseAgent<ParsedKey> {
      getIdentities(done: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
        done(undefined, [publicKey]);
      }
      sign(_key: ParsedKey, data: Buffer, options: unknown, done?: unknown): void {
        const answer = (done ?? options) as (error: Error | undefined, signature?: Buffer) => void;
        const { hash } = (done ? options : {}) as { hash?: 'sha256' | 'sha512' };
        sign(data, hash).then(
          signature => answer(undefined, signature),
          (error: unknown) => answer(errorOf(error)),
        );
      }
    })();
  }

  async #password(attempt: number): Promise<AnyAuthMethod | undefined> {
    const { config, deps, signal } = this.context;
    const password = await deps.prompts.password({ ...asking(config), attempt }, signal);
    if (password === undefined) return this.#cancel('password', 'a password');
    return this.#start('password', `password (attempt ${attempt})`, { type: 'password' as const, password });
  }

  async #keyboard(attempt: number): Promise<AnyAuthMethod> {
    const { config, deps, signal, watchdog, giveUp } = this.context;
    let rounds = 0;
    const prompt = (
      name: string,
      instructions: string,
      _: string,
      asked: KeyboardQuestions,
      done: (a: string[]) => void,
    ) => {
      if (++rounds > mostRounds || asked.length > mostQuestions) return giveUp(endlessQuestions(config));
      watchdog.pause();
      const questions = asked.map(({ prompt: text, echo }) => ({ text: bounded(text), echo: echo ?? false }));
      const said = { name: bounded(name), instructions: bounded(instructions), questions };
      deps.prompts.keyboardInteractive({ ...asking(config), attempt, ...said }, signal).then(
        answers => {
          if (!answers) this.#cancelled = true;
          watchdog.arm('an answer to the login', replyTimeoutMs);
          // Without an answer the server is sent empty ones: it then refuses, and the sequence goes on to its end.
          done(answers ?? questions.map(() => ''));
        },
        (error: unknown) => {
          this.#failure = errorOf(error);
          this.#cancelled = true;
          done(questions.map(() => ''));
        },
      );
    };
    const what = `answers to the server's questions (attempt ${attempt})`;
    return this.#start('keyboard-interactive', what, { type: 'keyboard-interactive' as const, prompt });
  }

  #cancel(method: Attempt['method'], what: string): undefined {
    this.#cancelled = true;
    this.#tried.push({ method, what, result: 'not given' });
    return undefined;
  }

  #start<T extends object>(method: Attempt['method'], what: string, details: T) {
    this.#pending = { method, what, result: 'refused' };
    return { username: this.context.config.user, ...details };
  }

  #settle(result?: string): void {
    if (!this.#pending) return;
    if (result) this.#pending.result = result;
    this.#tried.push(this.#pending);
    this.context.deps.log('debug', `Login with ${this.#pending.what}: ${this.#pending.result}.`);
    this.#pending = undefined;
  }
}

function bounded(text: string): string {
  return text.length > questionLimit ? `${text.slice(0, questionLimit)}…` : text;
}

function endlessQuestions({ user, host }: HostConfig): ConnectError {
  return new ConnectError('closed', {
    what: `The login of ${user}@${host} was given up.`,
    why: 'The server goes on asking questions, more than any login needs.',
    fix: 'Log in once in a terminal to see them, or use a key.',
  });
}

function asking({ host, port, user, hostKeyAlias }: HostConfig): Asking {
  return { host, port, user, ...(hostKeyAlias !== undefined && { hostKeyAlias }) };
}

function reasonOf(error: unknown): string {
  return messageOf(error).replace(/\.$/, '');
}
