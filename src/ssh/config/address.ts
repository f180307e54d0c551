import type { HostConfig } from './config';

/**
 * Whom a login is for: `user@host:port`, as they are after the OpenSSH configuration. With HostKeyAlias, several machines may
 * share these (forwarded ports, the private addresses behind different jump hosts), so the name of the host key is part of it.
 */
export function loginAddress(login: Pick<HostConfig, 'user' | 'host' | 'port' | 'hostKeyAlias'>): string {
  const { user, host, port, hostKeyAlias } = login;
  // So that no user name can look like another user at another host.
  const name = user.replace(/[%@]/g, encodeURIComponent);
  return `${name}@${host.includes(':') ? `[${host}]` : host}:${port}${hostKeyAlias ? ` (${hostKeyAlias})` : ''}`;
}
