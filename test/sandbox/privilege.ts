import { execFileSync, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';

/** Why the sandbox cannot run on this machine, or undefined where it can: it wants Linux, and root or sudo without a password. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux') return `The sandbox needs Linux; this is ${process.platform}.`;
  if (process.getuid?.() === 0 || sudoWorks()) return undefined;
  return 'The sandbox needs root, or sudo that asks for no password.';
}

/** Where this process is not root, runs the same program again through sudo and ends with its status. */
export function becomeRoot(): void {
  if (process.getuid?.() === 0) return;
  const kept = [`PATH=${dirname(process.execPath)}:${process.env['PATH']}`, `HOME=${process.env['HOME']}`];
  const again = [...kept, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync('sudo', ['--preserve-env', 'env', ...again], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

function sudoWorks(): boolean {
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
