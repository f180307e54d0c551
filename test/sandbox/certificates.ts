import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { must } from './processes';

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

export interface Pair {
  certFile: string;
  keyFile: string;
}

/** A certificate authority whose files live in `folder`; it vouches for the services of one world. */
export class Authority {
  private constructor(
    private readonly folder: string,
    readonly certFile: string,
  ) {}

  static async create(folder: string): Promise<Authority> {
    const certFile = join(folder, 'ca.pem');
    const what = [
      '-subj',
      '/CN=Sandbox services CA',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
      '-days',
      '30',
    ];
    const where = ['-keyout', join(folder, 'ca.key'), '-out', certFile];
    await must('openssl', ['req', '-x509', ...newKey, ...what, ...where]);
    return new Authority(folder, certFile);
  }

  /** Issues a server certificate for DNS names and IP addresses; the first one also names the files. */
  async issue(...names: [string, ...string[]]): Promise<Pair> {
    const at = (suffix: string) => join(this.folder, `${names[0]}.${suffix}`);
    const alternatives = names.map(name => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',');
    // Python 3.13 and other strict clients want the key identifiers, too.
    const identifiers = 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n';
    await writeFile(at('ext'), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\n${identifiers}`);
    await must('openssl', [
      'req',
      '-new',
      ...newKey,
      '-subj',
      `/CN=${names[0]}`,
      '-keyout',
      at('key'),
      '-out',
      at('csr'),
    ]);
    const signer = ['-CA', this.certFile, '-CAkey', join(this.folder, 'ca.key'), '-CAcreateserial', '-days', '30'];
    await must('openssl', ['x509', '-req', ...signer, '-in', at('csr'), '-extfile', at('ext'), '-out', at('pem')]);
    return { certFile: at('pem'), keyFile: at('key') };
  }
}
