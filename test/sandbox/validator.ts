import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { end, until } from './processes';

export interface ValidatorOptions {
  /** An existing folder of its own. */
  folder: string;
  address: string;
  port: number;
  /** `address@port` of the server of the root zone. */
  root: string;
  /** DS of the root zone, without its owner: all trust begins there. */
  anchor: string;
}

/** A real recursive resolver that validates DNSSEC (unbound), for a root zone of one's own. */
export class Validator {
  private constructor(
    readonly endpoint: string,
    private readonly process: ChildProcess,
  ) {}

  /** @throws Error with what unbound complains of */
  static async start({ folder, address, port, root, anchor }: ValidatorOptions): Promise<Validator> {
    const file = join(folder, 'unbound.conf');
    // Names for documentation and tests are answered by unbound itself unless told otherwise.
    const config = `
server:
    directory: "${folder}"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    interface: ${address}@${port}
    do-not-query-localhost: no
    do-ip6: no
    module-config: "validator iterator"
    trust-anchor: ". DS ${anchor}"
    qname-minimisation: no
${['test.', '2.0.192.in-addr.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.'].map(zone => `    local-zone: "${zone}" nodefault\n`).join('')}
remote-control:
    control-enable: no
stub-zone:
    name: "."
    stub-addr: ${root}
`;
    await writeFile(file, config);
    const child = spawn('unbound', ['-d', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', chunk => (complaint += chunk));
    const early = once(child, 'exit').then(() => {
      throw new Error(`unbound ended at once. It said: ${complaint}`);
    });
    early.catch(() => undefined); // Also rejects when `stop` ends it later.
    await Promise.race([early, until('unbound to listen', 10_000, () => listens(address, port))]);
    return new Validator(`${address}:${port}`, child);
  }

  async stop(): Promise<void> {
    await end(this.process);
  }
}

function listens(address: string, port: number): Promise<true | undefined> {
  return new Promise(resolve => {
    const socket = connect(port, address);
    const settle = (result: true | undefined) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(undefined));
  });
}
