import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as net from './net';
import { must } from './processes';

/** What makes a host this host: the files it has over the image of its suite. */
export interface Seed {
  hostname: string;
  number: number;
  passwordLogin: boolean;
  greeting: 'none' | 'tinycore';
  /** Of the test person, allowed for every user. */
  publicKeyFile: string;
  /** Authorities to trust, PEM. */
  trusted: string;
  imageRoot: string;
}

export interface HostKey {
  /** As in known_hosts, e.g. `ssh-ed25519`. */
  type: string;
  /** `SHA256:…`, as ssh prints it. */
  sha256: string;
  /** `type base64` */
  line: string;
}

/** What ssh and the shell say while a provider's installer, which runs from memory, has not yet put the ordered system on the disk. */
export const tinycoreGreeting = 'Welcome to TinyCore 13!';

/** Home, user and group number of everyone who may log in; see image/furnish.sh. */
const people = [
  ['root', '0:0'],
  ['home/debian', '1000:1000'],
  ['home/operator', '1001:37'],
  ['home/plain', '1002:1002'],
] as const;

/** Writes them under `folder` and hands back the host keys it made. */
export async function plant(folder: string, seed: Seed): Promise<HostKey[]> {
  const put = async (path: string, content: string, mode = 0o644) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode });
  };
  // The root of the host: everyone may enter it.
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await authorize(folder, seed.publicKeyFile);
  await put('etc/hostname', `${seed.hostname}\n`);
  const short = seed.hostname.split('.')[0];
  const names = short === seed.hostname ? short : `${seed.hostname} ${short}`;
  await put('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${names}\n::1 localhost ip6-localhost ip6-loopback\n`);
  await put('etc/machine-id', `${randomUUID().replaceAll('-', '')}\n`);
  await put('etc/netplan/50-cloud-init.yaml', netplan(seed.number), 0o600);
  const answer = seed.passwordLogin ? 'yes' : 'no';
  await put(
    'etc/ssh/sshd_config.d/50-cloud-init.conf',
    `PasswordAuthentication ${answer}\nKbdInteractiveAuthentication ${answer}\n`,
  );
  await put('usr/local/share/ca-certificates/sandbox.crt', seed.trusted);
  const bundle = await readFile(join(seed.imageRoot, 'etc/ssl/certs/ca-certificates.crt'), 'utf8');
  await put('etc/ssl/certs/ca-certificates.crt', bundle + seed.trusted);
  const hash = (await must('openssl', ['x509', '-noout', '-subject_hash'], { stdin: seed.trusted })).trim();
  await symlink('/usr/local/share/ca-certificates/sandbox.crt', join(folder, `etc/ssl/certs/${hash}.0`));
  if (seed.greeting === 'tinycore') await installing(put);
  return Promise.all(['ed25519', 'ecdsa', 'rsa'].map(type => hostKey(join(folder, 'etc/ssh'), type, seed.hostname)));
}

async function authorize(folder: string, publicKeyFile: string): Promise<void> {
  for (const [home, owner] of people) {
    const at = join(folder, home);
    await mkdir(join(at, '.ssh'), { recursive: true });
    await cp(publicKeyFile, join(at, '.ssh/authorized_keys'));
    await must('chmod', ['700', at, join(at, '.ssh')]);
    await must('chown', ['-R', owner, at]);
  }
}

const netplan = (number: number) => `network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      addresses: [${net.ipv4(number)}/24, "${net.ipv6(number)}/64"]
      routes:
        - {to: default, via: ${net.services.ipv4}}
        - {to: default, via: "${net.services.ipv6}"}
      nameservers: {addresses: [${net.services.ipv4}, "${net.services.ipv6}"]}
`;

async function installing(put: (path: string, content: string) => Promise<void>): Promise<void> {
  await put('etc/motd', `${tinycoreGreeting}\n`);
  await put('etc/issue.net', `${tinycoreGreeting}\n`);
  await put('etc/ssh/sshd_config.d/10-installing.conf', 'Banner /etc/issue.net\n');
  await put(
    'etc/os-release',
    'NAME=TinyCore\nVERSION="13.1"\nID=tinycore\nVERSION_ID=13.1\nPRETTY_NAME="TinyCoreLinux 13.1"\n',
  );
}

async function hostKey(folder: string, type: string, hostname: string): Promise<HostKey> {
  const file = join(folder, `ssh_host_${type}_key`);
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  await must('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', `root@${hostname}`, '-f', file]);
  const [algorithm, key] = (await readFile(`${file}.pub`, 'utf8')).split(' ') as [string, string];
  const fingerprint = (await must('ssh-keygen', ['-l', '-f', `${file}.pub`])).split(' ')[1] ?? '';
  return { type: algorithm, sha256: fingerprint, line: `${algorithm} ${key}` };
}
