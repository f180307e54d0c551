import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real OpenSSH server on loopback, run by whoever runs the tests, with its own keys and configuration. */
export interface Sshd {
  host: '127.0.0.1';
  port: number;
  user: string;
  dir: string;
  /** The lines of the host's public keys, `type base64 comment`, by type. */
  hostKeys: Record<string, string>;
  /** A private key without passphrase that is let in. */
  key: string;
  /** Lets a public key line in, from now on. */
  authorize(line: string): Promise<void>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

export async function startSshd(
  options: { config?: string[]; hostKeyTypes?: string[]; port?: number } = {},
): Promise<Sshd> {
  const binary = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/sbin/sshd'].find(existsSync);
  if (!binary) throw new Error('These tests need OpenSSH’s sshd: apt-get install openssh-server');
  const dir = await mkdtemp(join(tmpdir(), 'sshd-'));
  const port = options.port ?? (await freePort());
  const hostKeys: Sshd['hostKeys'] = {};
  const hostKeyLines: string[] = [];
  for (const type of options.hostKeyTypes ?? ['ed25519']) {
    const file = join(dir, `host_${type}`);
    await keygen(file, ['-t', type]);
    hostKeys[type] = (await readFile(`${file}.pub`, 'utf8')).trim();
    hostKeyLines.push(`HostKey ${file}`);
  }
  const key = join(dir, 'id');
  await keygen(key, ['-t', 'ed25519']);
  const authorized = join(dir, 'authorized_keys');
  await writeFile(authorized, await readFile(`${key}.pub`, 'utf8'));

  const config = [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeyLines,
    'PidFile none',
    `AuthorizedKeysFile ${authorized}`,
    // The login shell must not run the start-up files of whoever runs the tests.
    `SetEnv HOME=${dir}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'AllowTcpForwarding yes',
    'LogLevel VERBOSE',
  ];
  await writeFile(join(dir, 'sshd_config'), `${config.join('\n')}\n`);
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });

  // It must not outlive a test process that is killed.
  const bound = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM'] : [];
  const command = [...bound, binary, '-D', '-f', join(dir, 'sshd_config'), '-E', join(dir, 'log')];
  const child = spawn(command[0]!, command.slice(1), { stdio: 'ignore' });
  const log = () => readFile(join(dir, 'log'), 'utf8').catch(() => '');
  await listening(port, child, log);
  return {
    host: '127.0.0.1',
    port,
    user: userInfo().username,
    dir,
    hostKeys,
    key,
    authorize: line => writeFile(authorized, `${line.trim()}\n`, { flag: 'a' }),
    log,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await new Promise(resolve => child.once('exit', resolve));
      }
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Makes a key pair without passphrase unless `-N` is given. */
export async function keygen(file: string, args: string[]): Promise<void> {
  const passphrase = args.includes('-N') ? [] : ['-N', ''];
  await run('ssh-keygen', ['-q', '-f', file, ...passphrase, ...args]);
  await chmod(file, 0o600);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function listening(port: number, child: ChildProcess, log: () => Promise<string>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (child.exitCode !== null) throw new Error(`sshd ended at once:\n${await log()}`);
    const up = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (up) return;
    await sleep(50);
  }
  throw new Error(`sshd does not listen:\n${await log()}`);
}
