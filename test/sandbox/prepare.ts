import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from '../support/packages';
import type { Suite } from './host';
import { run } from './processes';

/** The recipe of what the hosts start from. */
const recipe = join(import.meta.dirname, 'image');
export const suites: readonly Suite[] = ['bookworm', 'trixie'];

/** What the sandbox itself runs with: Debian package by the program which must be there. */
const programs: Record<string, string> = {
  mmdebstrap: 'mmdebstrap',
  'apt-ftparchive': 'apt-utils',
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  nft: 'nftables',
  knotd: 'knot',
  nsupdate: 'bind9-dnsutils',
  unbound: 'unbound',
  pebble: 'pebble',
  openssl: 'openssl',
  ssh: 'openssh-client',
  // Not the hosts' (they have their own): the tests of SSH run one on loopback.
  sshd: 'openssh-server',
  sysctl: 'procps',
  unshare: 'util-linux',
};
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Where the image (`root`) and the packages (`debs`) of a suite are, once `prepare` has made them. */
export function imageOf(suite: Suite): string {
  return join(cache(), `${suite}-${recipeHash()}`);
}

/**
 * Makes sure that worlds with hosts of these suites can boot: installs the programs that are missing, and builds the images that are
 * not in the cache. Where several processes want the same, one works and the others wait. Needs root; run outside of any world.
 * @throws Error which says what could not be had, and how to go on.
 */
export async function prepare(
  wanted: readonly Suite[] = suites,
  say: (line: string) => void = console.error,
): Promise<void> {
  await install();
  const missing = wanted.filter(suite => !existsSync(imageOf(suite)));
  for (const suite of wanted) if (!missing.includes(suite)) utimesSync(imageOf(suite), new Date(), new Date());
  if (missing.length === 0) return;
  say(`Building the sandbox's ${missing.join(' and ')} (once; some minutes)…`);
  const start = Date.now();
  const outcomes = await Promise.allSettled(missing.map(build));
  const failures = outcomes.flatMap(outcome =>
    outcome.status === 'rejected' ? [(outcome.reason as Error).message] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('\n'));
  say(`Built in ${Math.round((Date.now() - start) / 1000)} s; kept in ${cache()}.`);
}

/** Where everything that is made or fetched once is kept. */
export function cache(): string {
  return join(process.env['CHASQUID_SANDBOX_CACHE'] ?? join(homedir(), '.cache/chasquid-vscode'), 'sandbox');
}

function recipeHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(recipe).sort()) hash.update(`${name}\0`).update(readFileSync(join(recipe, name)));
  return hash.digest('hex').slice(0, 12);
}

async function install(): Promise<void> {
  const path = `${process.env['PATH']}:/usr/sbin:/sbin`;
  process.env['PATH'] = path;
  const found = (program: string) => path.split(':').some(folder => existsSync(join(folder, program)));
  const packages = Object.entries(programs).flatMap(([program, name]) => (found(program) ? [] : [name]));
  if (!existsSync(keyring)) packages.push('debian-archive-keyring');
  if (packages.length === 0) return;
  if (!found('apt-get')) {
    throw new Error(
      `The sandbox needs ${packages.join(', ')}. This machine has no apt-get to install them with. Install them, then try again.`,
    );
  }
  await locked('packages', () => installPackages(packages)).catch((error: Error) => {
    throw new Error(
      `The sandbox's packages could not be installed. ${error.message} Its package mirror may be out of reach. ` +
        'Check the network and `apt-get update`, then try again.',
      { cause: error },
    );
  });
}

async function build(suite: Suite): Promise<void> {
  await locked(suite, async () => {
    const folder = imageOf(suite);
    if (existsSync(folder)) return; // Somebody else built it while we waited.
    const unfinished = `${folder}.unfinished`;
    const { code, stdout, stderr } = await run('bash', [join(recipe, 'build.sh'), suite, unfinished]);
    writeFileSync(`${folder}.log`, stdout + stderr);
    if (code !== 0) {
      rmSync(unfinished, { recursive: true, force: true });
      throw new Error(
        `The sandbox's ${suite} could not be built. Its package mirror may be out of reach, or the disk full. ` +
          `Read ${folder}.log, then try again.\n${stderr.slice(-1500)}`,
      );
    }
    renameSync(unfinished, folder);
    forgetOld(suite);
  });
}

/** Removes what was made of a suite by earlier recipes, unless it was used of late: another checkout on this machine may be at its older recipe. */
export function forgetOld(suite: Suite): void {
  const days = 3;
  for (const name of readdirSync(cache())) {
    const path = join(cache(), name);
    const old = Date.now() - statSync(path).mtimeMs > days * 86_400_000;
    if (old && name.startsWith(`${suite}-`)) rmSync(path, { recursive: true, force: true });
  }
}

/** Does `work` while this process alone, on the whole machine, holds the lock of that name. The kernel frees it when we die. */
export async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(cache(), { recursive: true });
  const holder = spawn('flock', [join(cache(), `${name}.lock`), 'sh', '-c', 'echo held; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  await Promise.race([once(holder.stdout, 'data'), ended]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
