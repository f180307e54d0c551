import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { asSentence } from '../text/visible';
import { smtpRefusal } from './refusals';
import { smtpSession } from './smtpSession';
import { testMessage } from './testMessage';
import { startTls, type TlsReport } from './tls';

export interface TestMail {
  /** The sender: who logs in, and From. */
  address: string;
  password: string;
  to: string;
  subject?: string;
  text?: string;
  /** The way to the submission port with implicit TLS (465). */
  via:
    | { host: string; port?: number }
    /** A channel through a connection whose other end has already proved who it is: an untrusted certificate is no reason to stop. */
    | { openSocket: () => Promise<Duplex> };
  /** What the certificate must be for: the server's name. */
  servername: string;
  /** Further certificates to trust, PEM. */
  ca?: string;
  signal?: AbortSignal;
  /** Milliseconds of silence after which it is given up (30 000). */
  timeoutMs?: number;
  onTrace?: (line: TraceLine) => void;
}

/** One step of a submission, for people. */
export interface TraceLine {
  /** Milliseconds since the epoch. */
  time: number;
  text: string;
}

export interface Submission {
  /** The server took the message and is responsible for it now. */
  accepted: boolean;
  /** The server's last words, e.g. `250 2.0.0 …`. */
  response: string;
  /** When it was refused: what happened, why, what to do. */
  reason?: string;
  /** With angle brackets. */
  messageId: string;
  tls: TlsReport;
  trace: TraceLine[];
}

/** The submission did not get as far as an answer. `message` is written for people and holds no secret. */
export class SubmitError extends Error {
  override name = 'SubmitError';
  constructor(
    readonly code: 'unreachable' | 'untrusted' | 'tls' | 'broken' | 'timeout',
    message: string,
    readonly trace: readonly TraceLine[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Submits a test mail as a mail program would: implicit TLS (RFC 8314), AUTH PLAIN, one recipient. chasquid's answer does
 * not name the queue ID; the log does.
 * @throws SubmitError when there is no answer; the signal's reason when it aborts.
 */
export async function submitTestMail(mail: TestMail): Promise<Submission> {
  const { signal, servername } = mail;
  signal?.throwIfAborted();
  const trace: TraceLine[] = [];
  const tell = (text: string): void => {
    const line = { time: Date.now(), text };
    trace.push(line);
    mail.onTrace?.(line);
  };
  const { raw, messageId } = await testMessage({ ...mail, from: mail.address });
  const channel = await open(mail, trace, tell);
  let secured: { socket: TLSSocket; report: TlsReport } | undefined;
  try {
    secured = await startTls(channel, servername, {
      ...(mail.ca && { ca: mail.ca }),
      signal: withTimeout(signal, mail.timeoutMs),
    }).catch((error: Error) => {
      signal?.throwIfAborted();
      throw tlsFailure(error, trace);
    });
    const { socket, report } = secured;
    tell(
      `${report.protocol}, ${report.cipher}; certificate ${report.authorized ? `trusted for ${servername}` : 'not trusted'}`,
    );
    if (report.reason) {
      tell(report.reason);
      if (!('openSocket' in mail.via)) {
        throw new SubmitError(
          'untrusted',
          `The mail was not sent: this computer does not trust ${servername}. ${report.reason} Renew or replace the certificate, then try again.`,
          trace,
        );
      }
      tell('Going on: the SSH connection has already proved that this is your server.');
    }
    const answer = await smtpSession(socket, {
      user: mail.address,
      password: mail.password,
      to: mail.to,
      raw,
      timeoutMs: mail.timeoutMs ?? 30_000,
      ...(signal && { signal }),
      tell,
    });
    if (answer.kind === 'broken') {
      signal?.throwIfAborted();
      throw new SubmitError(
        answer.timedOut ? 'timeout' : 'broken',
        `The connection to ${servername} broke while the mail was being submitted. Reason: ${asSentence(answer.reason, 200)} Check the server's log, then try again.`,
        trace,
      );
    }
    const reason = answer.accepted ? undefined : smtpRefusal(answer.stage, answer.response, mail);
    return {
      accepted: answer.accepted,
      response: answer.response,
      ...(reason && { reason }),
      messageId,
      tls: report,
      trace,
    };
  } finally {
    secured?.socket.destroy();
    channel.destroy();
  }
}

async function open(mail: TestMail, trace: TraceLine[], tell: (text: string) => void): Promise<Duplex> {
  if ('openSocket' in mail.via) {
    tell('Opening port 465 on the server through the SSH connection');
    try {
      return await mail.via.openSocket();
    } catch (error) {
      throw new SubmitError(
        'unreachable',
        `Port 465 on the server did not answer. ${(error as Error).message} Check that chasquid is running (Show Status), then try again.`,
        trace,
        { cause: error },
      );
    }
  }
  const { host, port = 465 } = mail.via;
  tell(`Connecting to ${host} port ${port}`);
  const signal = withTimeout(mail.signal, mail.timeoutMs);
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port });
    const onAbort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      reject(mail.signal?.aborted ? (mail.signal.reason as Error) : unreachable(host, port, error, trace)),
    );
  });
}

function unreachable(host: string, port: number, error: NodeJS.ErrnoException, trace: TraceLine[]): SubmitError {
  const why =
    {
      ECONNREFUSED:
        'The machine is reachable, but nothing listens on that port: chasquid is not running, or not on it.',
      ENOTFOUND: `There is no machine of that name in the DNS.`,
      EAI_AGAIN: 'The name server did not answer; is this computer online?',
      ETIMEDOUT: 'Nothing answered: a firewall drops it, here or there.',
      EHOSTUNREACH: 'There is no way to that machine from here.',
      ENETUNREACH: 'There is no way to that network from here.',
    }[error.name === 'TimeoutError' ? 'ETIMEDOUT' : (error.code ?? '')] ?? `The system reports: ${error.message}.`;
  return new SubmitError(
    'unreachable',
    `${host} cannot be reached on port ${port}. ${why} Send through the SSH connection instead, or open the port.`,
    trace,
    { cause: error },
  );
}

function tlsFailure(error: NodeJS.ErrnoException, trace: TraceLine[]): SubmitError {
  const timeout = error.name === 'TimeoutError';
  const why = timeout
    ? 'The server accepted the connection and then sent nothing.'
    : /wrong version number|packet length too long/i.test(error.message)
      ? 'What answers there does not speak TLS; it may be another port or another program.'
      : `The other side reports: ${error.message.replace(/^.*:SSL routines:[^:]*:/, '').replace(/:[^:]*$/, '')}.`;
  return new SubmitError(
    timeout ? 'timeout' : 'tls',
    `TLS could not be established on port 465. ${why} Check the server's log, then try again.`,
    trace,
    { cause: error },
  );
}

function withTimeout(signal: AbortSignal | undefined, timeoutMs = 30_000): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
