import { sizeText } from '../input/size';
import { type Problem, problemText } from '../text/problem';
import { quotable } from '../text/visible';

/** Why something about a connection went wrong: stable, for the layers above to branch on. */
export type SshErrorCode =
  | 'config'
  | 'proxy-command'
  | 'dns'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'network'
  | 'not-ssh'
  | 'algorithms'
  | 'handshake'
  | 'closed'
  | 'jump'
  | 'key-file'
  | 'authentication'
  | 'cancelled'
  | 'host-key-unknown'
  | 'host-key-declined'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'known-hosts-unreadable'
  | 'lost'
  | 'channel'
  | 'command-timeout'
  | 'output-too-large';

/** The three short sentences of an error: what happened, why, what to do next. */
export type Explanation = Required<Omit<Problem, 'code'>>;

/** Every failure of this layer. `message` is its three sentences, fit to be shown to a user; it never holds a secret. */
export class SshError extends Error {
  readonly problem: Required<Problem>;

  constructor(
    readonly code: SshErrorCode,
    explanation: Explanation,
    options?: ErrorOptions,
  ) {
    super(problemText(explanation), options);
    this.problem = { code, ...explanation };
    this.name = new.target.name;
  }
}

/** The machine could not be reached, or the two sides did not get as far as a login. */
export class ConnectError extends SshError {}

/** The OpenSSH configuration cannot be read or asks for something that is not supported. */
export class SshConfigError extends SshError {}

/** A private key that was named cannot be used. */
export class KeyFileError extends SshError {
  constructor(
    readonly file: string,
    readonly reason: 'missing' | 'unreadable' | 'unprotected' | 'unsupported' | 'passphrase',
    explanation: Explanation,
    options?: ErrorOptions,
  ) {
    super('key-file', explanation, options);
  }
}

/** One thing that was tried to log in: the method, with what (a file, an agent's key), and what came of it. */
export interface Attempt {
  method: 'none' | 'publickey' | 'keyboard-interactive' | 'password';
  what: string;
  result: string;
}

/** The server let nobody in. */
export class AuthenticationError extends SshError {
  constructor(
    /** In the order of trying; things which were skipped are listed with the reason. */
    readonly tried: readonly Attempt[],
    /** The methods the server says it accepts, as it names them (RFC 4252 §5). */
    readonly offered: readonly string[],
    /** What the server greets with before a login. */
    readonly banner: string,
    explanation: Explanation,
    options?: ErrorOptions,
  ) {
    super('authentication', explanation, options);
  }
}

/** The user closed a question (password, passphrase, code) without an answer. */
export class PromptCancelledError extends SshError {
  constructor(what: string) {
    super('cancelled', {
      what: `Logging in to ${what} was cancelled.`,
      why: 'The question for a secret was closed without an answer.',
      fix: 'Connect again when you have it at hand.',
    });
  }
}

/** A host key as error messages show it. */
export interface ShownKey {
  type: string;
  /** `SHA256:…` */
  sha256: string;
  /** `file:line` of the place that knows it. */
  where?: string;
}

/** The server could not show that it is the one that is meant. Always thrown before anything secret is sent. */
export class HostKeyError extends SshError {
  constructor(
    code: 'host-key-unknown' | 'host-key-declined' | 'host-key-changed' | 'host-key-revoked' | 'known-hosts-unreadable',
    explanation: Explanation,
    /** What the server presented. */
    readonly presented?: ShownKey,
    options?: ErrorOptions,
  ) {
    super(code, explanation, options);
  }
}

/** The server's key is not the one it had. There is no way past this but to fix the entry that knows the old key. */
export class HostKeyChangedError extends HostKeyError {
  constructor(
    explanation: Explanation,
    presented: ShownKey,
    /** The keys that are known for this server, and where they are written. */
    readonly known: readonly ShownKey[],
  ) {
    super('host-key-changed', explanation, presented);
  }
}

/** An established connection, or the channel a command ran on, went away before the command had answered. */
export class ConnectionLostError extends SshError {
  constructor(
    readonly server: string,
    cause?: unknown,
  ) {
    super(
      'lost',
      {
        what: `The connection to ${server} was lost.`,
        why:
          cause instanceof Error && cause.message ? `Reason: ${sentence(cause.message)}` : 'The other side closed it.',
        fix: 'Connect again; what was running on the server may not have finished.',
      },
      { cause },
    );
  }
}

/** The server refused to open a channel, or ended one without telling an exit status. */
export class ChannelError extends SshError {
  constructor(explanation: Explanation, options?: ErrorOptions) {
    super('channel', explanation, options);
  }
}

/** A command took longer than it was given. */
export class CommandTimeoutError extends SshError {
  constructor(
    server: string,
    readonly timeoutMs: number,
  ) {
    super('command-timeout', {
      what: `A command on ${server} did not end in time.`,
      why: `It was given ${timeoutMs / 1000} s and has been stopped.`,
      fix: 'Check the load of the server, then try again.',
    });
  }
}

/** A command, or the server's start-up files, printed more than is collected. */
export class OutputTooLargeError extends SshError {
  constructor(
    server: string,
    /** In bytes. */
    readonly limit: number,
  ) {
    super('output-too-large', {
      what: `A command on ${server} was stopped.`,
      why: `It printed more than ${sizeText(limit)}, which is more than any answer that is expected.`,
      fix: 'Log in with a terminal and check what the login shell prints, then try again.',
    });
  }
}

/** How ciphers say that what arrived is not what was sent: OpenSSL's errors, Node's for AEAD ciphers, ssh2's. */
const damaged = /^error:[0-9A-F]+:|unable to authenticate data|Invalid MAC|(?:Bad|Invalid) packet length/i;

/** What the other side, or a library, gave as a reason, as it may be quoted in a message. */
export function reasonText(text: string): string {
  return damaged.test(text) ? 'what arrived was damaged on the way' : quotable(text, 200);
}

/** The same as a sentence: with a full stop at its end. */
export function sentence(text: string): string {
  const reason = reasonText(text);
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}
