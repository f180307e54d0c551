import type { Offers } from './algorithms';
import type { HostConfig } from '../config/config';
import { ConnectError, type Explanation, reasonText, sentence } from '../errors';

type Where = Pick<HostConfig, 'host' | 'port'>;

/** Puts an error from before the login into words. `banner` is what the other side has said so far, `offers` its algorithms. */
export function explainHandshake(
  cause: Error & { level?: string; code?: unknown },
  where: Where,
  { banner, offers }: { banner: string; offers: Offers },
): ConnectError {
  const { message } = cause;
  const unmatched = /no matching ([\w\s→>-]{1,80}?)(?: algorithm| format)?$/i.exec(message)?.[1];
  if (unmatched) {
    return new ConnectError('algorithms', noCommonAlgorithm(where, unmatched, offers), { cause });
  }
  if (/identification string|greeting lines|Header line|Invalid header|packet length/i.test(message)) {
    return notSsh(where, banner, cause);
  }
  if (/before handshake/i.test(message) || cause.code === 'ECONNRESET' || cause.code === 'EPIPE') {
    return hungUp(where, banner, cause);
  }
  return new ConnectError(
    'handshake',
    {
      what: `Setting up the encrypted connection to ${where.host} failed.`,
      why: `The reason given is: ${sentence(message)}`,
      fix: 'Try again; if it happens again, check the log of the SSH server.',
    },
    { cause },
  );
}

/** Kinds of algorithms: the name of the server's list in `Offers` where it is another, and what may be asked for beside the usual. */
const kinds: Record<string, { list?: string; words: string; keyword?: string; askable?: string[] }> = {
  'key exchange': { list: 'KEX method', words: 'key exchange algorithm' },
  'host key': {
    list: 'Host key format',
    words: 'host key algorithm',
    keyword: 'HostKeyAlgorithms',
    askable: ['ssh-rsa'],
  },
  MAC: { words: 'MAC', keyword: 'MACs', askable: ['hmac-sha1', 'hmac-sha1-etm@openssh.com'] },
};

/** @param unmatched as ssh2 names the kind of which there is no common algorithm: `host key`, `C->S MAC` */
function noCommonAlgorithm({ host }: Where, unmatched: string, offers: Offers): Explanation {
  const name = unmatched.replace(/^[CS]->[CS] /, '');
  const { list = unmatched, words, keyword, askable = [] } = kinds[name] ?? { words: name };
  const offered = offers.of(list);
  const sha1 = askable.find(algorithm => offered.includes(algorithm));
  return {
    what: `${host} and this program have no common cryptography.`,
    why: `As ${words} the server offers only ${offered.slice(0, 8).join(', ') || 'names that are unknown here'}${sha1 ? ', and SHA-1 is no longer safe' : ''}.`,
    fix: sha1
      ? `Update the SSH server; until then, add "${keyword} +${sha1}" for this host to your SSH configuration.`
      : 'Update the SSH server, or allow a current algorithm in its sshd_config.',
  };
}

/** How web and mail servers begin what they say. */
const otherProtocol = /^\s*(?:HTTP\/\d|\d{3}[ -])/;

function notSsh({ host, port }: Where, banner: string, cause: Error | undefined): ConnectError {
  return new ConnectError(
    'not-ssh',
    {
      what: `What listens on port ${port} of ${host} does not speak SSH.`,
      why: banner
        ? `It sent: ${sentence(firstLine(banner))}`
        : `Its greeting is not one of SSH (${reasonText(cause?.message ?? '')}).`,
      fix: 'Check the port of the server.',
    },
    { cause },
  );
}

/** The other side closed the connection before the login began. */
export function hungUp(where: Where, banner: string, cause?: Error): ConnectError {
  if (otherProtocol.test(banner)) return notSsh(where, banner, cause);
  return new ConnectError(
    'closed',
    {
      what: `${where.host} closed the connection at once.`,
      why: banner
        ? `Before that it sent: ${sentence(firstLine(banner))}`
        : 'It gave no reason; often it blocks addresses after failed logins (fail2ban), or has too many connections.',
      fix: 'Wait some minutes and try again; if it happens again, check the log of the SSH server from your provider’s console.',
    },
    { cause },
  );
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]!;
}
