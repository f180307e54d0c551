import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import { ChannelError, CommandTimeoutError, sentence } from './errors';
import { type Frame, FrameReader } from './frameReader';
import type { Link } from './link';
import { shellQuote } from './quote';
import type { ExecResult } from './remote';

const defaultTimeoutMs = 30_000;

/**
 * One long-lived `sh` for many small questions (`Remote.ask`): a fork instead of a channel for each. Questions are
 * answered one after the other. When the shell dies, or a question had to be stopped, the next one opens a new shell.
 */
export class ShellChannel {
  #shell: Promise<Shell> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly link: Link) {}

  /** @throws CommandTimeoutError, ConnectionLostError, ChannelError, RangeError (NUL in the script); the signal's reason */
  ask(script: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<ExecResult> {
    const { signal, timeoutMs = defaultTimeoutMs } = options;
    const quoted = shellQuote(script);
    const answer = this.#turn.then(() => this.#run(quoted, timeoutMs, signal));
    this.#turn = answer.catch(() => undefined);
    if (!signal) return answer;
    // One that waits for its turn can be aborted at once; in its turn it then gives way.
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(signal.reason);
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort);
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  close(): void {
    const shell = this.#shell;
    this.#shell = undefined;
    shell?.then(
      opened => opened.channel.end(),
      () => undefined,
    );
  }

  async #run(quoted: string, timeoutMs: number, signal?: AbortSignal): Promise<ExecResult> {
    signal?.throwIfAborted();
    let shell = await (this.#shell ??= this.#open());
    return new Promise((resolve, reject) => {
      let stopped = false;
      const stop = (reason: unknown) => {
        stopped = true;
        finish(() => reject(reason));
        this.#abandon(shell);
      };
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = () => stop(signal!.reason);
      const timer = setTimeout(() => stop(new CommandTimeoutError(this.link.name, timeoutMs)), timeoutMs);
      signal?.addEventListener('abort', onAbort);
      if (signal?.aborted) return onAbort();
      const askNewShell = async (error: unknown): Promise<ExecResult> => {
        if (stopped || !(error instanceof NotBegunError)) throw error;
        this.#shell = this.#open();
        shell = await this.#shell;
        if (stopped) throw error;
        return shell.ask(quoted);
      };
      shell
        .ask(quoted)
        .catch(askNewShell)
        .then(
          result => finish(() => resolve(result)),
          (error: unknown) => finish(() => reject(error)),
        );
    });
  }

  async #open(): Promise<Shell> {
    try {
      const shell = new Shell(await this.link.open('exec sh'), this.link);
      void shell.ended.then(() => this.#forget(shell));
      return shell;
    } catch (error) {
      this.#shell = undefined;
      throw error;
    }
  }

  #forget(shell: Shell): void {
    void this.#shell?.then(current => {
      if (current === shell) this.#shell = undefined;
    });
  }

  /** Ends a shell which is still busy; the next question does not wait for that. */
  #abandon({ channel, pid }: Shell): void {
    this.#shell = undefined;
    if (pid === undefined) channel.close();
    else void this.link.terminate(pid).then(() => channel.close());
  }
}

/** The shell had ended before it began this question, though it had answered others: nothing of the question was run. */
class NotBegunError extends Error {}

class Shell {
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #stdout = new FrameReader();
  readonly #stderr = new FrameReader();
  #sequence = 0;
  /** What came before the first answer: why a login shell would not start one. */
  #noise = '';
  pid: number | undefined;
  /** Resolves when the channel is gone. */
  readonly ended: Promise<void>;

  constructor(
    readonly channel: ClientChannel,
    private readonly link: Link,
  ) {
    channel.on('error', () => undefined);
    channel.on('data', (chunk: Buffer) => {
      this.#remember(chunk);
      this.#stdout.push(chunk);
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      this.#remember(chunk);
      this.#stderr.push(chunk);
    });
    this.ended = new Promise(resolve => channel.once('close', () => resolve()));
  }

  /** `quoted`: the script as one shell word. */
  async ask(quoted: string): Promise<ExecResult> {
    const mark = `${this.#nonce} ${++this.#sequence}`;
    const hasAnswered = this.pid !== undefined;
    let begun = false;
    const out = this.#stdout.expect(mark, head => {
      begun = true;
      this.pid = Number(head) || undefined;
    });
    const err = this.#stderr.expect(mark);
    // In a subshell, so that `exit`, `cd` and variables stay inside; eval makes a syntax error its own affair.
    this.channel.write(
      `printf '\\n%s begin %s\\n' '${mark}' "$$"; printf '\\n%s begin \\n' '${mark}' >&2\n` +
        `( eval ${quoted} ) </dev/null\n` +
        `printf '\\n%s end %s\\n' '${mark}' "$?"; printf '\\n%s end \\n' '${mark}' >&2\n`,
    );
    const frames = await Promise.race([Promise.all([out, err]), this.ended.then(() => undefined)]);
    if (!frames) {
      const error = this.#died();
      throw hasAnswered && !begun && error instanceof ChannelError
        ? new NotBegunError(error.message, { cause: error })
        : error;
    }
    const [stdout, stderr]: [Frame, Frame] = frames;
    return { code: Number(stdout.tail), stdout: stdout.body.toString('utf8'), stderr: stderr.body.toString('utf8') };
  }

  #remember(chunk: Buffer): void {
    if (this.pid === undefined && this.#noise.length < 1000) this.#noise += chunk.toString('utf8');
  }

  #died(): Error {
    const error = this.link.cutOff();
    const said = this.#noise.trim();
    if (this.pid !== undefined || !said || !(error instanceof ChannelError)) return error;
    return new ChannelError({
      what: `${this.link.name} cannot run commands.`,
      why: `Its login shell ended with: ${sentence(said)}`,
      next: 'Give the account an ordinary shell, or log in as another user.',
    });
  }
}
