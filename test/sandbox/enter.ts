import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Writable } from 'node:stream';
import { removeCgroups } from './cgroups';
import { isStale, newWorldPrefix } from './ownership';

export interface EnterOptions {
  /** Takes the command's output, both streams; without it they are those of this process. */
  onOutput?: (chunk: Buffer) => void;
}

/**
 * Runs a command in namespaces of its own (network, mounts, processes) in which a world can be booted. There is no way out to any other
 * network, and when the command ends, or this process dies, every process, mount and file of the world is gone. Needs root.
 * @returns the command's exit status; 128 + n after signal n.
 */
export async function enter(command: readonly string[], options: EnterOptions = {}): Promise<number> {
  removeRemains(isStale);
  const folder = mkdtempSync(join(tmpdir(), newWorldPrefix()));
  const out = options.onOutput ? 'pipe' : 'inherit';
  const namespaces = [
    '--net',
    '--mount',
    '--propagation',
    'private',
    '--pid',
    '--mount-proc',
    '--fork',
    '--kill-child=KILL',
  ];
  const init = ['bash', join(import.meta.dirname, 'init.sh'), folder, ...command];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, ...init], {
    stdio: ['inherit', out, out, 'pipe'],
  });
  const open = child.stdio[3] as Writable;
  open.on('error', () => undefined);
  if (options.onOutput) {
    child.stdout?.on('data', options.onOutput);
    child.stderr?.on('data', options.onOutput);
  }
  const leave = () => open.end();
  const hear = () => undefined; // Ctrl-C reaches the command by itself; we stay to clear up.
  process.on('SIGTERM', leave).on('SIGHUP', leave).on('SIGINT', hear);
  const orphaned = leaveWithNpm();
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return code ?? (signal === 'SIGKILL' ? 137 : 143);
  } finally {
    clearInterval(orphaned);
    process.off('SIGTERM', leave).off('SIGHUP', leave).off('SIGINT', hear);
    removeRemains(name => name.startsWith(basename(folder)));
  }
}

/** npm hands SIGTERM to the shell of a script, which ends without telling its command. So the command looks whether it still has a parent. */
function leaveWithNpm(): NodeJS.Timeout | undefined {
  const parent = process.ppid;
  if (!process.env['npm_lifecycle_event']) return undefined;
  return setInterval(() => process.ppid === parent || process.kill(process.pid, 'SIGTERM'), 500).unref();
}

/** Removes what a world needed outside of its namespaces: control groups, and the empty folder its memory was mounted on. */
function removeRemains(which: (name: string) => boolean): void {
  removeCgroups(which);
  for (const name of readdirSync(tmpdir())) if (which(name)) removeFolder(join(tmpdir(), name));
}

/** Never with its content: should anything be in it, it is not what we take it for. Another process may remove it at the same moment. */
function removeFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
