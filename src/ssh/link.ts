import type { ClientChannel } from 'ssh2';

/** What commands need of the connection they run on. */
export interface Link {
  /** For error messages: `user@host`. */
  readonly name: string;
  /**
   * Starts `command` on a channel of its own, waiting for a free one (servers allow ten, MaxSessions of sshd_config(5)).
   * @throws ConnectionLostError, ChannelError; the signal's reason when aborted
   */
  open(command: string, signal?: AbortSignal): Promise<ClientChannel>;
  /** Ends the process group `leader` on the server: TERM, KILL after 2 s. Resolves when it is gone; never rejects. */
  terminate(leader: number): Promise<void>;
  /** The error for something that was cut off: ConnectionLostError when the connection is gone, else ChannelError. */
  cutOff(): Error;
}
