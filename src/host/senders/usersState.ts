import { answerLines, bytesOf, find, listOf, need, quoteOf, textOf } from '../protocol/answer';
import { quotable } from '../../text/visible';
import { HostError, type Shell } from '../protocol/shell';
import type { SenderAddress } from './senderAddress';
import { type Version, versionOf } from '../../chasquid/versions';
import { shellScript } from '../../ssh/shellScript';

/** One domain's users file as it is now. */
export interface UsersState {
  /** Relative to the configuration folder. */
  path: string;
  configDir: string;
  bytes: Buffer | undefined;
  daemonUser: string;
  /** Whether the daemon's user can open it. True when there is no file. */
  readable: boolean;
  version: Version;
}

const script = shellScript(import.meta.url, './usersState.sh');

/**
 * @throws HostError `no-chasquid`, `no-domain` (naming those that exist), `read-refused`.
 */
export async function readUsersState(
  shell: Shell,
  { domain }: SenderAddress,
  signal?: AbortSignal,
): Promise<UsersState> {
  const answer = await shell.run(script, { inputs: { ...domain }, timeoutMs: 60_000, ...(signal && { signal }) });
  const lines = answerLines(answer);
  const configDir = textOf(need(lines, 'config', answer, 'its senders'));
  if (find(lines, 'lost')) {
    throw new HostError(
      'no-chasquid',
      `This server has no chasquid: ${quotable(configDir, 200)} is not there. A sender belongs to chasquid. Run Set Up Server first.`,
    );
  }
  const domains = find(lines, 'domains');
  if (domains) {
    const names = listOf(domains)
      .map(path => path.slice('domains/'.length))
      .sort();
    throw new HostError(
      'no-domain',
      `The server does not know the domain ${domain.unicode}. ` +
        (names.length ? `It has: ${quotable(names.slice(0, 10).join(', '))}. ` : 'It has no domain yet. ') +
        'Choose an address in one of its domains, or add the domain first.',
    );
  }
  const path = textOf(need(lines, 'path', answer, 'its senders'));
  const refused = find(lines, 'refused');
  if (refused) {
    throw new HostError(
      'read-refused',
      `${quotable(path, 200)} could not be read: ${quoteOf(refused)} may not open it. Connect as root, or as a user who may use sudo.`,
    );
  }
  const users = find(lines, 'users');
  return {
    path,
    configDir,
    bytes: users && bytesOf(users),
    daemonUser: textOf(find(lines, 'daemon')),
    readable: !find(lines, 'unreadable'),
    version: versionOf(/^chasquid (\S+)/.exec(textOf(find(lines, 'version')))?.[1]),
  };
}
