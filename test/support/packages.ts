import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Keeps installed packages from starting a service: the policy that Debian's invoke-rc.d and systemd helpers ask. */
const quietly = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=900 -q update || sleep 15
apt-get -o DPkg::Lock::Timeout=900 -q -y --no-install-recommends install "$@"
`;

/** Those of the Debian packages which are not installed. */
export async function missingPackages(names: readonly string[]): Promise<string[]> {
  const state = async (name: string): Promise<boolean> => {
    const query = run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]);
    // Once for each architecture; `not-installed` is what a removed package leaves.
    return /^(installed)+$/.test((await query.catch(() => ({ stdout: '' }))).stdout);
  };
  const installed = await Promise.all(names.map(state));
  return names.filter((_, index) => !installed[index]);
}

/** Two at once would end each other's policy, and services would start. */
let earlier: Promise<unknown> = Promise.resolve();

/**
 * Installs the Debian packages that are missing, with root's rights or sudo's, and starts none of their services.
 * Throws when apt is not there, when it fails, or when neither root nor a sudo without password is at hand.
 */
export function installPackages(names: readonly string[]): Promise<void> {
  const installed = earlier.then(() => installMissing(names));
  earlier = installed.catch(() => undefined);
  return installed;
}

async function installMissing(names: readonly string[]): Promise<void> {
  const missing = await missingPackages(names);
  if (missing.length === 0) return;
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command, ...args] = [...asRoot, 'sh', '-c', quietly, 'sh', ...missing] as [string, ...string[]];
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) {
    throw new Error(
      `The Debian packages ${missing.join(', ')} could not be installed. ` +
        `apt-get ended with ${code}; its messages are above. Install them by hand and run this again.`,
    );
  }
}
