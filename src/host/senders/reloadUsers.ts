import type { Version } from '../../chasquid/versions';
import type { Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

/**
 * Makes the running daemon read users and aliases at once, instead of within its 30 seconds (server.go:periodicallyReload).
 * Where a signal does not do that, it is restarted.
 * With socket units nothing is refused while it restarts. Does nothing when the service is not running.
 */
export async function reloadUsers(
  shell: Shell,
  { features }: Version,
  newFile: boolean,
): Promise<'reloaded' | 'restarted' | 'not-running'> {
  const how = !features.signalReloads || (newFile && !features.watchesNewFiles) ? 'restart' : 'reload';
  const answer = await shell.run(script, { inputs: { how }, timeoutMs: 60_000 });
  const said = answer.result.at(-1) as { did?: string } | undefined;
  if (said?.did === 'reload') return 'reloaded';
  return said?.did === 'restart' ? 'restarted' : 'not-running';
}

const script = shellScript(import.meta.url, './takeUpUsers.sh');
