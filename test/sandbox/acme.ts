import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createWriteStream, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { Authority } from './certificates';
import { services } from './net';
import { end, until } from './processes';

/** A real ACME certificate authority (pebble, RFC 8555): http-01 on port 80, tls-alpn-01 on 443, dns-01 through the world's DNS. */
export class Acme {
  readonly directory = 'https://acme.test:14000/dir';

  private constructor(
    /** Vouches for the https of `directory`; every host of the world trusts it. */
    readonly caFile: string,
    /** The root of the certificates that are issued; another one in every world. */
    readonly rootFile: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(folder: string, authority: Authority, dns: string): Promise<Acme> {
    const { certFile, keyFile } = await authority.issue('acme.test', services.ipv4, services.ipv6);
    const config = {
      listenAddress: `${services.ipv4}:14000`,
      managementListenAddress: `${services.ipv4}:15000`,
      certificate: certFile,
      privateKey: keyFile,
      httpPort: 80,
      tlsPort: 443,
      ocspResponderURL: '',
      externalAccountBindingRequired: false,
    };
    await writeFile(join(folder, 'pebble.json'), JSON.stringify({ pebble: config }));
    const child = spawn('pebble', ['-config', join(folder, 'pebble.json'), '-dnsserver', dns], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Without these pebble waits at random before it validates, and refuses one request in twenty, to train its clients.
      env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' },
    });
    const log = createWriteStream(join(folder, 'pebble.log'));
    child.stdout.pipe(log);
    child.stderr.pipe(log);
    const rootFile = join(folder, 'acme-root.pem');
    const ca = readFileSync(authority.certFile, 'utf8');
    const root = await until('An answer of the certificate authority', 10_000, () => {
      if (child.exitCode !== null)
        throw new Error(`The certificate authority ended at once; see ${folder}/pebble.log.`);
      return fetchText(`https://${services.ipv4}:15000/roots/0`, ca);
    });
    await writeFile(rootFile, root);
    return new Acme(authority.certFile, rootFile, child);
  }

  async stop(): Promise<void> {
    await end(this.process);
  }
}

function fetchText(url: string, ca: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const request = get(url, { ca, agent: false }, response => {
      resolve(response.statusCode === 200 ? text(response) : undefined);
    });
    request.on('error', () => resolve(undefined));
  });
}
