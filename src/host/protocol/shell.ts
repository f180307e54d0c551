/** Options of one script run on the server. */
export interface ShellRun {
  /** Become shell variables of the script. They travel on the channel's standard input, so they may be secret and of any size, but hold no NUL. */
  inputs?: Record<string, string>;
  /** Called with what the script writes for people, as it arrives. */
  onOutput?: (text: string) => void;
  signal?: AbortSignal;
  /** Milliseconds. */
  timeoutMs?: number;
}

export interface ShellResult {
  /** Exit status; null when a signal ended the script. */
  code: number | null;
  /** The JSON lines that the script wrote to file descriptor 3, parsed, in order. */
  result: unknown[];
  /** What the script wrote for people. */
  output: string;
}

/**
 * Runs POSIX sh scripts on a server, as root where it can. Everything in `host/` that asks or changes a server does so
 * through this shape. Rejects only when the connection fails or the signal aborts; a script that fails is a result.
 */
export interface Shell {
  run(script: string, options?: ShellRun): Promise<ShellResult>;
}

/** A change or a question which the server could not carry out; `message` is written for people. */
export class HostError extends Error {
  override name = 'HostError';
  constructor(
    /** Kebab-case and stable. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
