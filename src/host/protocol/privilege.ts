import { StringDecoder } from 'node:string_decoder';
import { LastText } from '../../input/lastText';
import type { ExecOptions, Remote } from '../../ssh/remote';
import { lastWords } from '../../text/visible';
import { AnswerReader } from './answerReader';
import { AfterMark, bootstrap, channelInput, newMark } from './channel';
import { HostError, type Shell, type ShellResult, type ShellRun } from './shell';

export type Privilege = 'root' | 'sudo' | 'sudo-password';

/** Runs scripts as root. Each run has a session of its own on the server; aborting one ends all of its processes there. */
export interface RootShell extends Shell {
  readonly remote: Remote;
  readonly privilege: Privilege;
}

/** Asked when sudo wants a password; `problem` tells why the last one was no good. Undefined: the user gave up. */
export type AskPassword = (ask: { user: string; attempt: number; problem?: string }) => Promise<string | undefined>;

const passwordTries = 3;

/**
 * Becomes root on the server: already root, sudo without a password, or sudo with one, which is checked once and then kept
 * in memory only.
 * @throws HostError `privilege-none` (no sudo), `privilege-denied` (sudo refuses this user), `privilege-password`
 * (three wrong ones), `privilege-cancelled`; connection errors as they come.
 */
export async function rootShell(remote: Remote, askPassword: AskPassword, signal?: AbortSignal): Promise<RootShell> {
  const abort = signal ? { signal } : {};
  const seen = await remote.exec(
    `sh -c 'id -u; command -v sudo >/dev/null 2>&1 && echo sudo || echo bare; setsid -w true >/dev/null 2>&1 && echo waits || echo plain'`,
    { timeoutMs: 30_000, ...abort },
  );
  const words = seen.stdout.trim().split(/\s+/).slice(-3);
  const waits = words[2] === 'waits';
  if (words[0] === '0') return new ChannelShell<Privilege>(remote, 'root', '', waits);
  if (words[1] !== 'sudo') throw noSudo(remote.user);
  const free = await remote.exec(sudo('-n', 'true'), { timeoutMs: 30_000, ...abort });
  if (free.code === 0) return new ChannelShell<Privilege>(remote, 'sudo', sudo('-n'), waits);
  if (!/password is required|terminal is required/i.test(free.stderr)) throw refused(remote.user, free.stderr);
  const password = await validPassword(remote, askPassword, abort);
  return new ChannelShell<Privilege>(remote, 'sudo-password', sudo('-S', '-k', '-p', "''"), waits, password);
}

/** Runs scripts as the connected user: for looking at a server where root is not to be had without a question. */
export function userShell(remote: Remote): Shell {
  return new ChannelShell(remote, 'none', '', false);
}

/** sudo's messages in English, whatever the user's language, so that they can be told apart. */
const sudo = (...words: string[]): string => ['env LC_ALL=C sudo', ...words].join(' ');

async function validPassword(remote: Remote, ask: AskPassword, abort: Pick<ExecOptions, 'signal'>): Promise<string> {
  let problem: string | undefined;
  for (let attempt = 1; attempt <= passwordTries; attempt++) {
    const password = await ask({ user: remote.user, attempt, ...(problem ? { problem } : {}) });
    if (password === undefined) {
      throw new HostError(
        'privilege-cancelled',
        `Setting the server up needs root, and sudo wants the password of ${remote.user}. None was given. Start again when you have it.`,
      );
    }
    if (/[\n\r\0]/.test(password)) {
      problem = 'A password cannot hold a line break.';
      continue;
    }
    // One line, then the end: after a wrong password sudo finds nothing more to read, and gives up.
    const tried = await remote.exec(sudo('-S', '-k', '-p', "''", 'true'), {
      stdin: `${password}\n`,
      timeoutMs: 60_000,
      ...abort,
    });
    if (tried.code === 0) return password;
    if (/not in the sudoers|may not run|not allowed/i.test(tried.stderr)) throw refused(remote.user, tried.stderr);
    problem = 'sudo did not accept this password.';
  }
  throw new HostError(
    'privilege-password',
    `sudo on the server did not accept the password of ${remote.user}, three times. It is the password of that account on the server, not the passphrase of your SSH key. ` +
      'Try again, or connect as root.',
  );
}

const noSudo = (user: string): HostError =>
  new HostError(
    'privilege-none',
    `${user} is not root on this server, and sudo is not installed there. Without either, nothing can be set up. ` +
      `Connect as root, or as root run: apt-get install sudo && adduser ${user} sudo`,
  );

function refused(user: string, said: string): HostError {
  const reason = lastWords(said, 200);
  return new HostError(
    'privilege-denied',
    `sudo on the server does not let ${user} become root. It reports: “${reason}”. Connect as root, or as root run: adduser ${user} sudo`,
  );
}

class ChannelShell<P extends Privilege | 'none'> implements Shell {
  readonly #password: string | undefined;

  constructor(
    readonly remote: Remote,
    readonly privilege: P,
    private readonly prefix: string,
    private readonly waits: boolean,
    password?: string,
  ) {
    this.#password = password;
  }

  async run(script: string, options: ShellRun = {}): Promise<ShellResult> {
    options.signal?.throwIfAborted();
    const mark = newMark();
    const output = new LastText(outputKept);
    const answer = new AnswerReader();
    const out = new AfterMark(mark, bytes => answer.push(bytes));
    const decoder = new StringDecoder('utf8');
    const err = new AfterMark(mark, bytes => {
      const text = decoder.write(bytes);
      output.push(text);
      options.onOutput?.(text);
    });
    const stop = new AbortController();
    let ended: { reason: unknown } | undefined;
    const abort = (reason: unknown): void => {
      ended ??= { reason };
      // The processes first, then the channel: closing a channel ends nothing on the server.
      void this.end(out.marked).finally(() => stop.abort(reason));
    };
    const heard = (part: AfterMark) => (chunk: Buffer) => {
      if (ended) return;
      try {
        part.push(chunk);
      } catch (error) {
        abort(error);
      }
    };
    const onAbort = (): void => abort(options.signal?.reason);
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const timer = options.timeoutMs
      ? setTimeout(() => abort(tooLong(options.timeoutMs!)), options.timeoutMs)
      : undefined;
    try {
      const answered = await this.remote.exec(`${this.prefix} ${bootstrap(mark, this.waits)}`.trim(), {
        stdin: channelInput(mark, script, options, this.#password),
        onStdout: heard(out),
        onStderr: heard(err),
        signal: stop.signal,
      });
      if (ended) throw ended.reason;
      if (out.marked === undefined) throw notStarted(this.privilege, err.unmarked || out.unmarked);
      return { code: answered.code, result: answer.end(), output: output.text };
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the session that `leader` leads: asked first, after two seconds forced. */
  private async end(leader: string | undefined): Promise<void> {
    if (!leader || !/^\d+$/.test(leader)) return;
    const mark = newMark();
    await this.remote
      .exec(`${this.prefix} ${bootstrap(mark, this.waits)}`.trim(), {
        stdin: channelInput(mark, endScript, { inputs: { leader } }, this.#password),
        timeoutMs: 10_000,
      })
      // A connection that is gone cannot carry this either; the run itself reports it.
      .catch(() => undefined);
  }
}

/** Characters of human output kept for the result. */
const outputKept = 256 * 1024;

const endScript = `
kill -s TERM -- -"$leader" || kill -s TERM "$leader"
n=0
while kill -s 0 -- -"$leader" && [ $n -lt 20 ]; do sleep 0.1; n=$((n+1)); done
kill -s KILL -- -"$leader" || :
`;

const tooLong = (ms: number): HostError =>
  new HostError(
    'script-timeout',
    `The server did not finish within ${Math.round(ms / 1000)} seconds. What was running there has been ended. Check the server's load and disk, then try again.`,
  );

function notStarted(privilege: Privilege | 'none', said: string): HostError {
  const reason = lastWords(said, 200);
  return new HostError(
    'shell-not-started',
    `The server did not start a shell. ${reason ? `It reported: “${reason}”.` : 'It printed nothing.'} ` +
      (privilege === 'none' || privilege === 'root'
        ? 'Check the login shell of this user.'
        : 'Check that sudo still lets this user become root.'),
  );
}
