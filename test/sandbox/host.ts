import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cgroup } from './cgroups';
import * as net from './net';
import { type Output, must, run, until } from './processes';
import type { Recipe } from './ready';
import { plant, tinycoreGreeting, type HostKey } from './seed';

export type Suite = 'bookworm' | 'trixie';

export interface HostOptions {
  /** Unique in the world; lower-case letters, digits, dashes. */
  name: string;
  suite?: Suite;
  /** What the host calls itself; default: `name`. */
  hostname?: string;
  /** Size of `/` above the installed system. Default 1024. */
  diskMb?: number;
  /** Whether sshd takes passwords (also keyboard-interactive) besides keys. Default false. */
  passwordLogin?: boolean;
  /** `tinycore`: the provider's installer still runs, so that ssh greets with its name; see `finishInstalling`. */
  greeting?: 'none' | 'tinycore';
  /** What has been done to the host before its first boot, so to speak; default: nothing, as on a machine that was just rented. */
  ready?: Recipe;
}

/** What the world gives to each of its hosts. */
export interface HostPlace {
  /** Of the world, in the run's memory. */
  folder: string;
  image: string;
  /** A disk that lies over the image, see `readyDisk`. */
  disk?: string;
  /** A folder, not yet there, for the host's disk after `powerOff`, without what makes it this host. */
  keep?: string;
  number: number;
  clientKeyFile: string;
  /** PEM */
  trusted: string;
}

/** A disposable Debian machine with systemd, sshd and a network of its own. */
export class Host {
  readonly name: string;
  readonly suite: Suite;
  readonly hostname: string;
  readonly ipv4: string;
  readonly ipv6: string;
  /** A private key in OpenSSH format which root, debian, operator and plain accept. */
  readonly clientKeyFile: string;
  hostKeys: HostKey[] = [];
  /** From `boot` until ssh answered. */
  bootMs = 0;
  private readonly folder: string;
  private process: ChildProcess | undefined;
  private cgroup: Cgroup | undefined;

  constructor(
    private readonly options: HostOptions,
    private readonly place: HostPlace,
  ) {
    if (!/^[a-z][a-z0-9-]*$/.test(options.name)) throw new Error(`A sandbox host cannot be called "${options.name}".`);
    this.name = options.name;
    this.suite = options.suite ?? 'trixie';
    this.hostname = options.hostname ?? options.name;
    this.ipv4 = net.ipv4(place.number);
    this.ipv6 = net.ipv6(place.number);
    this.clientKeyFile = place.clientKeyFile;
    this.folder = join(place.folder, options.name);
  }

  /** Switches the machine on; resolves when people can log in. */
  async boot(): Promise<void> {
    const start = Date.now();
    await this.start();
    this.bootMs = Date.now() - start;
  }

  /**
   * Runs a bash script as root inside the host, not through ssh: it also works when the host's own network is broken. The script itself
   * does not show in any process list.
   */
  async exec(script: string, options: { stdin?: string | Uint8Array } = {}): Promise<Output> {
    const reader = 'script=$(cat <&3); exec 3<&-; eval "$script"';
    const leader = this.leader();
    const into = ['nsenter', '-t', String(leader), '-a', '--', '/bin/bash', '-c', reader];
    return run('setpriv', ['--inh-caps=-all', `--bounding-set=${capabilitiesWithout(leader)}`, '--', ...into], {
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8' },
      third: script,
      stdin: options.stdin ?? '',
    });
  }

  /** Like `exec`, for what must succeed: resolves with the standard output. */
  async sh(script: string, options: { stdin?: string | Uint8Array } = {}): Promise<string> {
    const { code, stdout, stderr } = await this.exec(script, options);
    if (code !== 0)
      throw new Error(`On ${this.name} this ended with ${code ?? 'a signal'}: ${script}\n${stderr || stdout}`);
    return stdout;
  }

  /** Restarts the machine, and resolves when ssh answers again. The network starts afresh; what is on the disk stays. */
  async reboot(): Promise<void> {
    const before = this.leader();
    await this.exec('systemctl reboot');
    await until(`The restart of ${this.name}`, 30_000, () => {
      try {
        return this.leader() !== before || undefined;
      } catch {
        return undefined; // Between two lives.
      }
    });
    await this.reachable();
  }

  /** Cuts every ssh session that is open, as a restarted router would; what they were running stays. Returns how many processes held one. */
  async dropConnections(): Promise<number> {
    const killed = await this.sh(`
      for process in /proc/[0-9]*; do
        exe=$(readlink "$process/exe") || continue
        pid=\${process#/proc/}
        case $exe in */sshd | */sshd-session | */sshd-auth) [ "$pid" = "$(systemctl show -p MainPID --value ssh)" ] || kill -KILL "$pid" && echo "$pid" ;; esac
      done 2>/dev/null; true`);
    return killed.split('\n').filter(Boolean).length;
  }

  /** Pulls the network cable, or puts it back. Connections hang; nobody is told. */
  async cable(connected: boolean): Promise<void> {
    await must('ip', ['link', 'set', this.link, connected ? 'up' : 'down']);
  }

  /**
   * Gives the host's firewall rules, in nft's syntax (for what a provider's firewall does, too). They last until `openPorts` or a restart.
   */
  async nft(rules: string): Promise<void> {
    await must('nsenter', ['-t', String(this.leader()), '-n', 'nft', '-f', '-'], { stdin: rules });
  }

  /** Closes TCP ports in one direction: `drop` swallows the packets, `reject` answers with a reset. */
  async closePorts(direction: 'in' | 'out', ports: number[], how: 'drop' | 'reject' = 'drop'): Promise<void> {
    const verdict = how === 'drop' ? 'drop' : 'reject with tcp reset';
    const hook = direction === 'in' ? 'input' : 'output';
    await this.nft(`table inet sandbox {
      chain ${hook} { type filter hook ${hook} priority -10; tcp dport { ${ports.join(', ')} } ${verdict}; }
    }\n`);
  }

  async openPorts(): Promise<void> {
    await this.nft('table inet sandbox\ndelete table inet sandbox\n');
  }

  /** Leaves no free byte on `/`. */
  async fillDisk(): Promise<void> {
    await this.exec('cat /dev/zero >/var/filling 2>/dev/null');
  }

  async freeDisk(): Promise<void> {
    await this.sh('rm -f /var/filling');
  }

  /** The end of the `tinycore` state: the ordered system is now the one that greets. */
  async finishInstalling(): Promise<void> {
    await this.sh(`rm -f /etc/ssh/sshd_config.d/10-installing.conf /etc/issue.net /etc/motd /etc/os-release
      ln -s ../usr/lib/os-release /etc/os-release
      systemctl restart ssh`);
  }

  /** New host keys, as after a reinstallation (or with an impostor at its address). */
  async changeHostKeys(): Promise<void> {
    const types = ['ed25519', 'ecdsa', 'rsa'];
    const lines = await this.sh(`cd /etc/ssh; rm -f ssh_host_*_key*
      for type in ${types.join(' ')}; do ssh-keygen -q -t $type -N '' -f ssh_host_\${type}_key; ssh-keygen -l -f ssh_host_\${type}_key.pub; cat ssh_host_\${type}_key.pub; done
      systemctl restart ssh`);
    const all = lines.trim().split('\n');
    this.hostKeys = types.map((_, i) => {
      const [type, key] = (all[2 * i + 1] ?? '').split(' ') as [string, string];
      return { type, sha256: (all[2 * i] ?? '').split(' ')[1] ?? '', line: `${type} ${key}` };
    });
  }

  /** Shuts the machine down, as its power button does. */
  async powerOff(): Promise<void> {
    const ended = this.process && once(this.process, 'exit');
    await this.exec('systemctl poweroff');
    const [status] = (await ended) as [number | null];
    if (status !== 0) throw new Error(`The host ${this.name} ended with ${status}.\n${this.console()}`);
  }

  /** Removes every trace of the machine; one that runs is ended as by a power cut. */
  async down(): Promise<void> {
    await this.cgroup?.destroy();
    if (this.process && this.process.exitCode === null && this.process.signalCode === null)
      await once(this.process, 'exit');
    await run('ip', ['link', 'del', this.link]);
    await rm(this.folder, { recursive: true, force: true });
  }

  private get link(): string {
    return `host${this.place.number}`;
  }

  private async start(): Promise<void> {
    const { folder, options, place } = this;
    await mkdir(folder, { recursive: true });
    this.hostKeys = await plant(join(folder, 'seed'), {
      hostname: this.hostname,
      number: place.number,
      passwordLogin: options.passwordLogin ?? false,
      greeting: options.greeting ?? 'none',
      publicKeyFile: `${place.clientKeyFile}.pub`,
      trusted: place.trusted,
      imageRoot: join(place.image, 'root'),
    });
    this.cgroup = Cgroup.create(this.name);
    const log = openSync(join(folder, 'console.log'), 'w');
    const script = join(import.meta.dirname, 'host-run.sh');
    const root = join(place.image, 'root');
    const image = [place.disk ? `${place.disk}:${root}` : root, join(place.image, 'debs')];
    const args = [
      this.name,
      ...image,
      folder,
      `${options.diskMb ?? 1024}m`,
      net.bridge,
      this.link,
      place.keep ?? '',
      ...this.cgroup.paths,
    ];
    this.process = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', script, ...args], {
      stdio: ['ignore', log, log],
      detached: true, // Ctrl-C is for the runner, which then closes the world in order.
    });
    closeSync(log);
    await this.reachable();
  }

  private async reachable(): Promise<void> {
    const ready = async () => {
      if (this.process?.exitCode !== null)
        throw new Error(`The host ${this.name} ended while it started.\n${this.console()}`);
      const greetings = await Promise.all([this.ipv4, this.ipv6].map(address => net.firstLine(address, 22)));
      if (!greetings.every(line => line?.startsWith('SSH-'))) return undefined;
      // Until then only root may log in (pam_nologin).
      return existsSync(`/proc/${this.leader()}/root/run/nologin`) ? undefined : true;
    };
    try {
      await until(`An answer of ssh on ${this.name}`, 60_000, ready);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.console()}`, { cause: error });
    }
  }

  private console(): string {
    const file = join(this.folder, 'console.log');
    return existsSync(file) ? readFileSync(file, 'utf8').slice(-3000) : '';
  }

  /** The process which is number 1 inside, as seen from here: the child of nspawn, the child of unshare's bash. */
  private leader(): number {
    const children = (pid: number) =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
    const isNspawn = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'systemd-nspawn';
    const nspawn = children(this.process?.pid ?? 0).find(isNspawn);
    const first = nspawn === undefined ? undefined : children(nspawn).find(pid => !isNspawn(pid));
    if (first === undefined) throw new Error(`The host ${this.name} is not running.`);
    return first;
  }
}

/**
 * What a process must give up to have no more rights than the one given, as setpriv writes it. Entering a host's namespaces alone would keep
 * all rights of this machine's root, among them the one to set the clock.
 */
function capabilitiesWithout(pid: number): string {
  const bounds = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]}`);
  const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
  const missing = Array.from({ length: last + 1 }, (_, n) => n).filter(n => !((bounds >> BigInt(n)) & 1n));
  return missing.map(n => `-cap_${n}`).join(',');
}

export { tinycoreGreeting };
