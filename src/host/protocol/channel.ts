import { randomBytes } from 'node:crypto';
import { ByteBuffer } from '../../input/byteBuffer';
import { sizeText } from '../../input/size';
import { quotable } from '../../text/visible';
import { shellQuote } from '../../ssh/quote';
import { HostError, type ShellRun } from './shell';

/**
 * How a script travels: on the standard input of one exec channel, so that neither it nor its inputs appear in an argument
 * list or on a disk. What starts there is a constant bootstrap (below) that skips to a mark, answers with its process id,
 * and becomes `sh -s`. The script follows as ONE compound command: a connection cut in the middle of it runs nothing.
 */

/** Shell variables of a script. Camel case keeps them apart from the environment (PATH, IFS, LD_PRELOAD …). */
const inputName = /^[a-z][A-Za-z0-9]*$/;

/** @throws RangeError for a name that is no plain camel-case word, or a value with a NUL. */
export function assignments(inputs: Record<string, string>): string {
  return Object.entries(inputs)
    .map(([name, value]) => {
      if (!inputName.test(name)) throw new RangeError(`“${name}” cannot be the name of a shell variable here.`);
      return `${name}=${shellQuote(value)}\n`;
    })
    .join('');
}

/** The standard input of the channel: an optional password line for sudo, the mark, the script. */
export function channelInput(
  mark: string,
  script: string,
  options: Pick<ShellRun, 'inputs'>,
  password?: string,
): string {
  return [
    password === undefined ? '' : `${password}\n`,
    `${mark}\n`,
    '{\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; LC_ALL=C; export PATH LC_ALL\n',
    assignments(options.inputs ?? {}),
    script,
    // An exit status of its own: the last command's must not be lost to the line break.
    '\n} </dev/null\n',
  ].join('');
}

export const newMark = (): string => `mark-${randomBytes(12).toString('hex')}`;

/**
 * The constant command. `read` takes one byte at a time, so nothing of the script is lost to it; everything before the mark
 * is passed over: the password, when sudo did not ask for it after all. The script's own output goes to standard error,
 * file descriptor 3 is the channel's standard output. The session leader's process id is also its group: what ends it ends
 * everything it started. `waits`: whether this server's setsid can wait (busybox's cannot).
 */
export function bootstrap(mark: string, waits: boolean): string {
  const shell = `while IFS= read -r l; do [ "$l" = ${mark} ] && break; done; printf "${mark} %s\\n" $$; printf "${mark}\\n" >&2; exec sh -s 3>&1 1>&2`;
  return `${waits ? 'setsid -w ' : ''}sh -c ${shellQuote(shell)}`;
}

/** Bytes that may come before the mark: greetings of start-up files, sudo's lecture. */
export const noiseLimit = 256 * 1024;

/** Hands on what comes after the mark's line; what comes before it (a start-up file's greeting, sudo's lecture) is kept apart. */
export class AfterMark {
  readonly #held = new ByteBuffer(noiseLimit);
  readonly #mark: Buffer;
  /** Where the mark begins in what is held. */
  #start = -1;
  #noise = '';
  /** The text beside the mark, once it was seen. */
  marked: string | undefined;

  constructor(
    mark: string,
    private readonly onBytes: (bytes: Buffer) => void,
  ) {
    this.#mark = Buffer.from(mark);
  }

  /** @throws HostError `shell-not-started` when too much comes without a mark */
  push(chunk: Buffer): void {
    if (this.marked !== undefined) return this.onBytes(chunk);
    const before = this.#held.length;
    if (!this.#held.push(chunk)) throw endlessNoise(this.unmarked);
    const held = this.#held.bytes;
    if (this.#start < 0) this.#start = held.indexOf(this.#mark, Math.max(0, before - this.#mark.length));
    if (this.#start < 0) return;
    const end = held.indexOf('\n', Math.max(this.#start, before));
    if (end < 0) return;
    this.#noise = held.toString('utf8', 0, this.#start);
    this.marked = held.toString('utf8', this.#start + this.#mark.length, end).trim();
    this.#held.drop(end + 1);
    if (this.#held.length > 0) this.onBytes(this.#held.bytes);
  }

  /** All that came without a mark: what went wrong instead. */
  get unmarked(): string {
    return this.marked === undefined ? this.#held.bytes.toString('utf8') : this.#noise;
  }
}

function endlessNoise(text: string): HostError {
  return new HostError(
    'shell-not-started',
    `The server printed more than ${sizeText(noiseLimit)} before it started a shell, beginning with “${quotable(text, 100)}”. ` +
      "A start-up file of this user's login shell may print without end. Check it in a terminal.",
  );
}
