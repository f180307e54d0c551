import type { HostConfig } from './config';
import { ConnectError, sentence } from './errors';

type Where = Pick<HostConfig, 'host' | 'port'>;

/** Puts an error from before the login into words. `banner` is what the other side has said so far. */
export function explainHandshake(
  cause: Error & { level?: string; code?: unknown },
  where: Where,
  banner: string,
): ConnectError {
  const { message } = cause;
  const unmatched = /no matching ([\w\s→>-]+?)(?: algorithm| format)?$/i.exec(message)?.[1];
  if (unmatched) {
    return new ConnectError(
      'algorithms',
      {
        what: `${where.host} and this program have no common cryptography.`,
        why: `The server offers no ${unmatched} algorithm that is known here: it is very old, or restricted to special ones.`,
        next: 'Update the SSH server, or allow a current algorithm in its sshd_config.',
      },
      { cause },
    );
  }
  if (/identification string|greeting lines|Header line|Invalid header|packet length/i.test(message)) {
    return new ConnectError(
      'not-ssh',
      {
        what: `What listens on port ${where.port} of ${where.host} does not speak SSH.`,
        why: banner ? `It says: ${sentence(firstLine(banner))}` : `Its greeting is not one of SSH (${message}).`,
        next: 'Check the port of the server.',
      },
      { cause },
    );
  }
  if (/before handshake/i.test(message) || cause.code === 'ECONNRESET' || cause.code === 'EPIPE') {
    return hungUp(where, banner, cause);
  }
  return new ConnectError(
    'handshake',
    {
      what: `Setting up the encrypted connection to ${where.host} failed.`,
      why: `The reason given is: ${sentence(message)}`,
      next: 'Try again; if it stays so, look at the log of the SSH server.',
    },
    { cause },
  );
}

/** The other side closed the connection before the login began. */
export function hungUp(where: Where, banner: string, cause?: Error): ConnectError {
  return new ConnectError(
    'closed',
    {
      what: `${where.host} closed the connection at once.`,
      why: banner
        ? `Before that it said: ${sentence(firstLine(banner))}`
        : 'It gave no reason; often it blocks addresses after failed logins (fail2ban), or has too many connections.',
      next: 'Wait some minutes and try again; if it stays so, look at the log of the SSH server from your provider’s console.',
    },
    { cause },
  );
}

function firstLine(text: string): string {
  return text.trim().split(/\r?\n/)[0]!.slice(0, 200);
}
