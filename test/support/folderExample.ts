import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const day = 24 * 60 * 60 * 1000;
/** How long the certificates of examples are valid. */
const validDays = 90;

/**
 * A configuration folder as docs/diagnostics.md writes it, one file a line: `PATH: CONTENT`, `PATH (mode 755): CONTENT`,
 * `FOLDER/`, `LINK -> TARGET`. Content in brackets is told in words.
 */
export class FolderExample {
  private key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  /** The time at which the example is as it says, in milliseconds since the epoch. */
  now = Date.now();

  constructor(private readonly folder: string) {}

  async write(example: string): Promise<void> {
    for (const line of example.trimEnd().split('\n')) await this.entry(line);
  }

  private async entry(line: string): Promise<void> {
    const [, path = '', target, mode = '644', content] =
      /^(.+?)(?: -> (.+)|(?: \(mode (\d+)\))?: (.*)|\/)$/.exec(line) ?? [];
    const place = join(this.folder, path);
    await mkdir(dirname(place), { recursive: true });
    if (target !== undefined) await symlink(target, place);
    else if (content === undefined) await mkdir(place);
    else {
      await writeFile(place, this.bytes(content));
      await chmod(place, parseInt(mode, 8));
    }
  }

  private bytes(content: string): Buffer {
    const told = /^\((.+)\)$/.exec(content)?.[1];
    if (told !== undefined) return Buffer.from(this.told(told));
    const text = content.replace('(a list of 70,000 letters)', 'a'.repeat(70_000));
    const signs: Record<string, string> = { n: '\n', r: '\r' };
    const escaped = /\\(?:x([0-9a-f]{2})|([nr]))/g;
    return Buffer.from(
      text.replace(escaped, (_, code?: string, sign = '') =>
        code === undefined ? signs[sign]! : String.fromCharCode(parseInt(code, 16)),
      ),
      'latin1',
    );
  }

  private told(what: string): string {
    const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8') => key.export({ type, format: 'pem' });
    switch (what) {
      case 'its key':
        return String(pem(this.key, 'pkcs8'));
      case 'its key under a passphrase':
        return String(this.key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }));
      case 'another key':
        return String(pem(generateKeyPairSync('ed25519').privateKey, 'pkcs8'));
      case 'RSA key':
        return String(pem(rsaKey(), 'pkcs8'));
      case 'RSA key in the old form, PKCS #1':
        return String(pem(rsaKey(), 'pkcs1'));
    }
    const [, host, rest] = /^certificate for (\S+?)(?: (.+))?$/.exec(what) ?? [];
    if (host === undefined) throw new Error(`“${what}” is not known.`);
    return this.certificate(host, rest);
  }

  private certificate(host: string, rest = ''): string {
    const folder = mkdtempSync(join(tmpdir(), 'chasquid-certificate-'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const issue = (name: string, cn: string) =>
      openssl(
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-days',
          String(validDays),
          '-subj',
          `/CN=${cn}`,
        ],
        ...['-addext', `subjectAltName=DNS:${cn}`, '-keyout', `${name}.key`, '-out', `${name}.pem`],
      );
    try {
      const byAuthority = rest.startsWith('from an authority');
      if (byAuthority) {
        issue('authority', 'authority.example');
        openssl(
          'req',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-subj',
          `/CN=${host}`,
          '-keyout',
          'leaf.key',
          '-out',
          'leaf.csr',
        );
        openssl(
          'x509',
          '-req',
          '-in',
          'leaf.csr',
          '-CA',
          'authority.pem',
          '-CAkey',
          'authority.key',
          '-days',
          '90',
          '-out',
          'leaf.pem',
        );
      } else issue('leaf', host);
      this.key = createPrivateKey(read('leaf.key'));
      if (rest === 'that ended yesterday') this.now = Date.now() + (validDays + 1) * day;
      else if (rest === 'that ends in 5 days') this.now = Date.now() + (validDays - 5) * day;
      return read('leaf.pem') + (rest.endsWith('and the authority’s') ? read('authority.pem') : '');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

function rsaKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
