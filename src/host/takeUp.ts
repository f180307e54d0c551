import type { Shell } from './shell';

/**
 * Makes the running daemon read users and aliases at once, instead of within its 30 seconds (server.go:periodicallyReload).
 * - ≥ 1.12: SIGHUP reloads them. ≤ 1.11: SIGHUP only reopens logs, so it is restarted.
 * - ≤ 1.14 learns of a domain's first users file only at start (research of `chasquid.go:loadDomain`; ≥ 1.15 always watches it).
 * With socket units nothing is refused while it restarts. Does nothing when the service is not running.
 */
export async function takeUpUsers(
  shell: Shell,
  version: string,
  newFile: boolean,
): Promise<'reloaded' | 'restarted' | 'not-running'> {
  const how = !atLeast(version, 1, 12) || (newFile && !atLeast(version, 1, 15)) ? 'restart' : 'reload';
  const answer = await shell.run(script, { inputs: { how }, timeoutMs: 60_000 });
  const said = answer.result.at(-1) as { did?: string } | undefined;
  if (said?.did === 'reload') return 'reloaded';
  return said?.did === 'restart' ? 'restarted' : 'not-running';
}

const script = String.raw`
systemctl is-active --quiet chasquid.service || exit 0
if [ "$how" = reload ]; then systemctl kill -s HUP --kill-who=main chasquid.service; else systemctl restart chasquid.service; fi &&
  printf '{"did":"%s"}\n' "$how" >&3
`;

/** Compares `chasquid -version`'s number, e.g. `1.15.0-1+b4`. An unknown version counts as old. */
export function atLeast(version: string, major: number, minor: number): boolean {
  const [, a, b] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  return a !== undefined && (Number(a) > major || (Number(a) === major && Number(b) >= minor));
}
