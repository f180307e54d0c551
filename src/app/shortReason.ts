import type { SshErrorCode } from '../ssh/errors';

/** A failed connection in a word or two, for the row of the sidebar; its tooltip has the whole text. */
const words: Record<SshErrorCode, string> = {
  config: 'SSH config error',
  'proxy-command': 'ProxyCommand not supported',
  dns: 'name not found',
  refused: 'connection refused',
  timeout: 'no answer',
  unreachable: 'not reachable',
  network: 'network error',
  'not-ssh': 'not an SSH server',
  algorithms: 'no common algorithm',
  handshake: 'handshake failed',
  closed: 'closed by the server',
  jump: 'jump host failed',
  'key-file': 'key file not usable',
  authentication: 'login refused',
  cancelled: 'cancelled',
  'host-key-unknown': 'unknown host key',
  'host-key-declined': 'host key not accepted',
  'host-key-changed': 'host key changed',
  'host-key-revoked': 'host key revoked',
  'known-hosts-unreadable': 'known_hosts unreadable',
  lost: 'connection lost',
  channel: 'channel refused',
  'command-timeout': 'no answer',
  'output-too-large': 'answer too long',
};

export function shortReason(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code in words ? words[code as SshErrorCode] : 'not reachable';
}
