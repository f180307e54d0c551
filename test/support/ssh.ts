import type { Host } from '../sandbox/host';
import { run, type Output } from '../sandbox/processes';

/** Runs a command on a host through OpenSSH's own client with the user's key: the yardstick, not the product's code. */
export function ssh(
  host: Host,
  user: string,
  command: string,
  options: { address?: string; stdin?: string } = {},
): Promise<Output> {
  const { address = host.ipv4, stdin = '' } = options;
  const settings = {
    BatchMode: 'yes',
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    ConnectTimeout: '3',
  };
  const flags = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  return run('ssh', ['-F', '/dev/null', '-i', host.clientKeyFile, ...flags, `${user}@${address}`, command], { stdin });
}
