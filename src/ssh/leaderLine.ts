import { randomBytes } from 'node:crypto';

/** So much may stand before the line (start-up files that print) until it is given up. */
const maxHeld = 64 * 1024;

/**
 * A first line on stderr that tells which process group a command runs in, so that it can be ended: OpenSSH delivers no
 * signals to root's sessions, and closing a channel ends nothing. The line is taken out of what the caller gets.
 */
export class LeaderLine {
  readonly #mark = randomBytes(12).toString('hex');
  #held: Buffer | undefined = Buffer.alloc(0);
  /** Known once the line has come. */
  pid: number | undefined;

  /** `$PPID` of a child is the login shell, which leads the session's process group. Understood by every login shell. */
  announce(command: string): string {
    return `sh -c 'echo ${this.#mark} $PPID >&2'; ${command}`;
  }

  /** Takes the line out of the next chunk of stderr; what may be part of it is held back. */
  strip(chunk: Buffer): Buffer {
    if (!this.#held) return chunk;
    const seen = Buffer.concat([this.#held, chunk]);
    const start = seen.indexOf(this.#mark);
    const end = start < 0 ? -1 : seen.indexOf('\n', start);
    if (end < 0) {
      this.#held = seen;
      return seen.length > maxHeld ? this.rest() : Buffer.alloc(0);
    }
    this.#held = undefined;
    this.pid = Number(seen.toString('latin1', start + this.#mark.length, end)) || undefined;
    return Buffer.concat([seen.subarray(0, start), seen.subarray(end + 1)]);
  }

  /** What was held back for a line that never came. */
  rest(): Buffer {
    const held = this.#held ?? Buffer.alloc(0);
    this.#held = undefined;
    return held;
  }
}
