import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { end, must, until } from './processes';
import { ttl } from './zones';

export interface Tsig {
  name: string;
  algorithm: 'hmac-sha256';
  /** base64 */
  secret: string;
}

export interface AuthoritativeOptions {
  /** An existing folder of its own, for configuration, zones and journal. */
  folder: string;
  /** The first one is asked by `query` and told by `update`. */
  addresses: [string, ...string[]];
  port: number;
  /** Zone file text by origin (with the final dot). Serve `.` too where other names must be NXDOMAIN. */
  zones: Record<string, string>;
  /** Origins of zones that the server should have and has lost: it answers SERVFAIL for them. */
  lost?: string[];
  /** Origins of `zones` that it signs (DNSSEC), and signs again after each update. */
  signed?: string[];
}

type RecordKind = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR' | 'NS' | 'CNAME' | 'CAA' | 'SOA';

/** A real authoritative DNS server (knotd, UDP and TCP) which accepts dynamic updates (RFC 2136) signed with its TSIG key. */
export class AuthoritativeServer {
  readonly address: string;
  readonly port: number;
  readonly tsig: Tsig = { name: 'sandbox', algorithm: 'hmac-sha256', secret: randomBytes(32).toString('base64') };
  /** The key in BIND's syntax, for `nsupdate -k`. */
  readonly tsigFile: string;
  private process: ChildProcess | undefined;

  private constructor(private readonly options: AuthoritativeOptions) {
    this.address = options.addresses[0];
    this.port = options.port;
    this.tsigFile = join(options.folder, 'tsig.key');
  }

  /** @throws Error with the server's own complaint, e.g. about a zone. */
  static async start(options: AuthoritativeOptions): Promise<AuthoritativeServer> {
    const server = new AuthoritativeServer(options);
    await server.configure();
    try {
      await server.launch();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** `host:port`, as `nsupdate` and node:dns write it. */
  get endpoint(): string {
    return `${isIPv6(this.address) ? `[${this.address}]` : this.address}:${this.port}`;
  }

  /**
   * Sends one update to the zone that holds the names.
   * @param lines as nsupdate reads them, e.g. `add example.test. 1 MX 10 mail.example.test.` or `delete example.test. TXT`.
   */
  async update(...lines: string[]): Promise<void> {
    const script =
      [`server ${this.address} ${this.port}`, ...lines.map(line => `update ${line}`), 'send'].join('\n') + '\n';
    await must('nsupdate', ['-k', this.tsigFile], { stdin: script });
  }

  /** Adds a TXT record, splitting a long value into strings of at most 255 bytes. */
  async addText(name: string, value: string): Promise<void> {
    const strings = value.match(/.{1,250}/gsu) ?? [''];
    const quoted = strings.map(text => `"${text.replace(/["\\]/g, '\\$&')}"`).join(' ');
    await this.update(`add ${name}. ${ttl} TXT ${quoted}`);
  }

  /** What the server answers, one text per record (TXT joined, MX as `10 name`); empty when the name or the type does not exist. */
  async query(name: string, kind: RecordKind): Promise<string[]> {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    resolver.setServers([this.endpoint]);
    try {
      const answers = await resolver.resolve(name, kind);
      return (Array.isArray(answers) ? answers : [answers]).map(presentation);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
      throw error;
    }
  }

  /** The DS record of a zone that it signs, as its parent publishes it: `12345 13 2 …`. */
  async delegationSigner(origin: string): Promise<string> {
    const printed = await must('keymgr', ['-c', join(this.options.folder, 'knot.conf'), origin, 'ds']);
    const found = / DS (\d+ \d+ 2 \S+)/.exec(printed.replace(/\s+/g, ' '))?.[1];
    if (found === undefined) throw new Error(`keymgr names no DS record of ${origin}: ${printed}`);
    return found;
  }

  async stop(): Promise<void> {
    if (this.process) await end(this.process);
  }

  private async configure(): Promise<void> {
    const { folder, addresses, port, zones, lost = [], signed = [] } = this.options;
    for (const name of ['zones', 'db']) await mkdir(join(folder, name), { recursive: true });
    const file = (origin: string) => (origin === '.' ? 'root' : origin.slice(0, -1));
    for (const [origin, text] of Object.entries(zones)) await writeFile(join(folder, 'zones', file(origin)), text);
    const { name, algorithm, secret } = this.tsig;
    await writeFile(this.tsigFile, `key "${name}" {\n  algorithm ${algorithm};\n  secret "${secret}";\n};\n`, {
      mode: 0o600,
    });
    const config = `
server:
    listen: [ ${addresses.map(address => `"${address}@${port}"`).join(', ')} ]
    rundir: "${folder}"
    pidfile: "${folder}/knot.pid"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: "${folder}/knot.log"
    any: info
database:
    storage: "${folder}/db"
    journal-db-max-size: 64M
key:
  - id: ${name}
    algorithm: ${algorithm}
    secret: ${secret}
acl:
  - id: update
    key: ${name}
    action: [ update, transfer ]
template:
  - id: default
    storage: "${folder}/zones"
    acl: update
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
zone:
${[...Object.keys(zones), ...lost]
  .map(
    origin =>
      `  - domain: ${origin}\n    file: ${file(origin)}\n${signed.includes(origin) ? '    dnssec-signing: on\n' : ''}`,
  )
  .join('')}`;
    await writeFile(join(folder, 'knot.conf'), config);
    await must('knotc', ['-c', join(folder, 'knot.conf'), 'conf-check']);
  }

  private async launch(): Promise<void> {
    const child = spawn('knotd', ['-c', join(this.options.folder, 'knot.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.process = child;
    let complaint = '';
    child.stderr.on('data', chunk => (complaint += chunk));
    const early = once(child, 'exit').then(async () => {
      const log = await readFile(join(this.options.folder, 'knot.log'), 'utf8').catch(() => '');
      throw new Error(`The DNS server ended at once. It said: ${complaint}${log.slice(-1500)}`);
    });
    early.catch(() => undefined); // Also rejects when `stop` ends it later.
    const origins = Object.keys(this.options.zones);
    const ready = async () => {
      const serials = await Promise.all(origins.map(origin => this.query(origin, 'SOA').catch(() => [])));
      return serials.every(soa => soa.length === 1) || undefined;
    };
    await Promise.race([early, until('An answer of the DNS server for every zone', 10_000, ready)]);
  }
}

function presentation(record: unknown): string {
  if (typeof record === 'string') return record;
  if (Array.isArray(record)) return record.join('');
  const { priority, exchange, ...rest } = record as Record<string, string | number>;
  return exchange === undefined
    ? Object.values(rest)
        .filter(part => part !== '')
        .join(' ')
    : `${priority} ${exchange}`;
}
