import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Acme } from './acme';
import { Authority } from './certificates';
import { AuthoritativeServer } from './dns';
import { Host, type HostOptions } from './host';
import { assertSealed, buildNetwork, removeNetwork, services } from './net';
import { imageOf } from './prepare';
import { must } from './processes';
import { readyDisk } from './ready';
import { Receiver } from './receiver';
import { worldZones } from './zones';

export interface WorldOptions {
  hosts?: HostOptions[];
}

/**
 * A small internet of its own: mail hosts to practise on, an authoritative DNS server, an ACME certificate authority, and a mail server
 * elsewhere which receives and verifies. Lives inside a network namespace made by `enter.ts`.
 */
export class Sandbox {
  private readonly hosts = new Map<string, Host>();
  private numbers = 2;
  /** For hosts of our own, which are gone before a test's begin; counted down. */
  private spareNumbers = 254;
  private closed = false;

  private constructor(
    /** Everything of this world on disk (in memory, to be exact). */
    readonly folder: string,
    /** A private key which every host accepts; `.pub` is beside it. */
    readonly clientKeyFile: string,
    readonly dns: AuthoritativeServer,
    readonly acme: Acme,
    readonly receiver: Receiver,
  ) {}

  /** Starts the services and boots the hosts side by side. Always `close` what was booted. */
  static async boot(options: WorldOptions = {}): Promise<Sandbox> {
    const { world, booted } = await Sandbox.begin(options);
    await booted;
    return world;
  }

  /**
   * The same, for who has something to do while the hosts boot: their addresses are known at once.
   * @returns `booted`: once each host answers; when one fails, the world is closed and it throws
   */
  static async begin(options: WorldOptions = {}): Promise<{ world: Sandbox; booted: Promise<void> }> {
    await assertSealed();
    const folder = join(process.env['CHASQUID_SANDBOX_RUN']!, 'world');
    await buildNetwork();
    await mkdir(folder);
    const started: { stop(): Promise<void> }[] = [];
    try {
      const clientKeyFile = join(folder, 'client-key');
      await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'person@sandbox', '-f', clientKeyFile]);
      const at = async (name: string) => {
        await mkdir(join(folder, name));
        return join(folder, name);
      };
      const authority = await Authority.create(await at('authority'));
      const addresses: [string, string] = [services.ipv4, services.ipv6];
      const dns = await AuthoritativeServer.start({
        folder: await at('dns'),
        addresses,
        port: 53,
        zones: worldZones(),
      });
      started.push(dns);
      const certificate = await authority.issue('mx.sink.test', 'gmail-smtp-in.l.google.com', 'aspmx.l.google.com');
      const receiver = await Receiver.start(join(folder, 'mail'), certificate, dns.endpoint);
      started.push(receiver);
      const acme = await Acme.start(await at('acme'), authority, dns.endpoint);
      started.push(acme);
      const world = new Sandbox(folder, clientKeyFile, dns, acme, receiver);
      try {
        const hosts = await Promise.all((options.hosts ?? []).map(host => world.create(host)));
        return { world, booted: world.bootAll(hosts) };
      } catch (error) {
        await world.close();
        started.length = 0;
        throw error;
      }
    } catch (error) {
      if (started.length > 0) await discard(started, folder);
      throw error;
    }
  }

  /** A host that was booted, by its name. */
  host(name: string): Host {
    const host = this.hosts.get(name);
    if (!host)
      throw new Error(
        `This world has no host called "${name}". It has: ${[...this.hosts.keys()].join(', ') || 'none'}.`,
      );
    return host;
  }

  all(): Host[] {
    return [...this.hosts.values()];
  }

  /** Boots one more host. */
  async add(options: HostOptions): Promise<Host> {
    const host = await this.create(options);
    await host.boot();
    return host;
  }

  private async bootAll(hosts: readonly Host[]): Promise<void> {
    try {
      await Promise.all(hosts.map(host => host.boot()));
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private async create(options: HostOptions): Promise<Host> {
    if (this.hosts.has(options.name)) throw new Error(`This world already has a host called "${options.name}".`);
    const number = this.numbers++;
    const suite = options.suite ?? 'trixie';
    const place = {
      folder: this.folder,
      image: imageOf(suite),
      clientKeyFile: this.clientKeyFile,
      trusted: await readFile(this.acme.caFile, 'utf8'),
    };
    const spare = (keep: string) => {
      const last = this.spareNumbers--;
      return new Host({ name: `spare${last}`, suite }, { ...place, number: last, keep });
    };
    const host = new Host(options, {
      ...place,
      number: number < 10 ? number : number + 1, // 10 is the receiver.
      ...(options.ready ? { disk: await readyDisk(options.ready, suite, spare) } : {}),
    });
    this.hosts.set(options.name, host);
    return host;
  }

  /** Switches everything off. Nothing of the world is left afterwards. Closing again does nothing. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await Promise.all([...this.hosts.values()].map(host => host.down()));
    this.hosts.clear();
    await discard([this.acme, this.receiver, this.dns], this.folder);
  }
}

async function discard(services: { stop(): Promise<void> }[], folder: string): Promise<void> {
  await Promise.all(services.map(service => service.stop()));
  await removeNetwork();
  await rm(folder, { recursive: true, force: true });
}
