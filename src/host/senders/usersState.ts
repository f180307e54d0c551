import {
  answerFunctions,
  answerLines,
  bytesOf,
  find,
  listOf,
  locateChasquid,
  need,
  quoteOf,
  textOf,
} from '../protocol/answer';
import { quotable } from '../../text/visible';
import { HostError, type Shell } from '../protocol/shell';
import type { SenderAddress } from './senderAddress';
import { type Version, versionOf } from '../../chasquid/versions';

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

const script = String.raw`
${answerFunctions}
${locateChasquid}
field config "" "$config"
field daemon "" "$daemon"
field version "" "$(chasquid -version 2>/dev/null)"
cd "$config" 2>/dev/null || { field lost "" ""; exit 0; }
for name in "$ascii" "$unicode"; do [ -d "domains/$name" ] && found=$name && break; done
if [ -z "$found" ]; then
  # chasquid takes folders in upper case too.
  for folder in domains/*/; do
    name=$(basename "$folder"); [ "$(printf %s "$name" | tr A-Z a-z)" = "$ascii" ] && found=$name && break
  done
fi
if [ -z "$found" ]; then find -L domains -mindepth 1 -maxdepth 1 -type d -print0 2>/dev/null | emit domains ""; exit 0; fi
file=domains/$found/users
field path "" "$file"
[ -e "$file" ] || exit 0
{ command : < "$file"; } 2>/dev/null || { field refused "" "$(id -un)"; exit 0; }
emit users "" < "$file"
id "$daemon" >/dev/null 2>&1 || exit 0
as_daemon sh -c '{ command : < "$1"; } 2>/dev/null' sh "$config/$file" || field unreadable "" ""
`;

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
