import type { Duplex } from 'node:stream';

/**
 * What a remote command answered. `code` is null when the command was ended by a signal, which `signal` then names.
 * A connection or channel that was cut is never a result: it rejects (`ConnectionLostError`, `ChannelError`).
 */
export interface ExecResult {
  code: number | null;
  signal?: string;
  stdout: string;
  stderr: string;
}

export interface ExecOptions {
  /** Written to the command's standard input, which is then closed. Secrets travel here, never in `command`. */
  stdin?: string | Uint8Array;
  /** Called with each chunk as it arrives; the chunk is then not collected into the result. */
  onStdout?: (chunk: Buffer) => void;
  onStderr?: (chunk: Buffer) => void;
  /**
   * Aborting ends the remote command with all that it has started (TERM, after 2 s KILL), waits until it is gone, and
   * rejects with the signal's reason. Without root, processes started through sudo are out of reach and go on.
   */
  signal?: AbortSignal;
  /** Milliseconds, after which the command is ended as by `signal`, with a `CommandTimeoutError`. None by default. */
  timeoutMs?: number;
}

/**
 * A machine on which commands can be run: one authenticated connection, shared by everything that talks to that server.
 * Implemented by `SshConnection`; the layers above depend on this shape only.
 */
export interface Remote {
  /**
   * Runs `command` on a channel of its own, through the login shell of the connected user. Output without a listener is
   * collected up to 16 MiB for each stream; more ends the command, with an `OutputTooLargeError`.
   */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Opens a TCP tunnel from the server (direct-tcpip, RFC 4254 §7.2). */
  tunnel(host: string, port: number): Promise<Duplex>;
  /**
   * The server's end of the established connection, as seen from here: used to tell its public address. `direct` is
   * false behind a jump host: the address is then the one the last hop was asked for, and may be a name.
   */
  readonly peer: { address: string; port: number; direct: boolean };
  readonly user: string;
}
