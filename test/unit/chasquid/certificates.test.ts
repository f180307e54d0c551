import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkCertificates } from '../../../src/chasquid/tree/checkCertificates';
import type { CertificateFolder, ConfigTree } from '../../../src/chasquid/tree/model';
import { newest, versionOf } from '../../../src/chasquid/versions';

const day = 24 * 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), 'chasquid-certificates-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A certificate that signs itself, for 90 days from now. */
function issue(name: string, ...hosts: string[]): CertificateFolder {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const names = hosts.map(host => `DNS:${host}`).join(',');
  execFileSync(
    'openssl',
    // prettier-ignore
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90', '-subj', `/CN=${name}`,
      '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', certificate],
    { stdio: 'ignore' },
  );
  const read = (file: string) => readFileSync(file, 'utf8');
  return { name, path: `./certs/${name}`, link: false, fullchain: read(certificate), privkey: read(key) };
}

const mx = issue('mx', 'mx.example.com');
const wild = issue('wild', '*.example.com', 'example.com');
const other = issue('other', 'other.example', 'www.other.example');
const international = issue('international', 'xn--aca-6ma.com');

function codes(
  certificates: CertificateFolder[],
  hostname = 'mx.example.com',
  now = Date.now(),
  version = newest.text,
) {
  const config = { path: './chasquid.conf', text: hostname && `hostname: "${hostname}"\n` };
  const tree: ConfigTree = { path: '.', config, domains: [], certificates, strayFiles: [], hooks: [], problems: [] };
  return checkCertificates(tree, versionOf(version), now).map(({ path, code }) => `${path} ${code}`);
}

test('a certificate must be for the hostname of chasquid.conf', () => {
  assert.deepEqual(codes([mx]), []);
  assert.deepEqual(codes([other, wild]), []);
  assert.deepEqual(codes([other]), ['./certs certificate-names']);
  assert.deepEqual(codes([wild], 'a.mx.example.com'), ['./certs certificate-names']);
  assert.deepEqual(codes([international], 'ñaca.com'), []);
  // Without a hostname in the file it is the system's, which is unknown here.
  assert.deepEqual(codes([other], ''), []);
});

test('only what chasquid takes counts', () => {
  const keyless = { ...mx };
  delete keyless.privkey;
  assert.deepEqual(codes([keyless, other]), ['./certs certificate-names']);
  assert.deepEqual(codes([{ ...mx, link: true }, other], undefined, undefined, '1.11'), [
    './certs/mx certificate-link',
    './certs certificate-names',
  ]);
  assert.deepEqual(codes([{ ...mx, link: true }, other]), []);
});

test('since 1.19 the key may have another name', () => {
  const { privkey, ...rest } = mx;
  const renamed = { ...rest, otherKey: privkey! };
  assert.deepEqual(codes([renamed], undefined, undefined, '1.18.0'), ['./certs certificate-none']);
  assert.deepEqual(codes([renamed], undefined, undefined, '1.19.0'), []);
  assert.deepEqual(codes([{ ...renamed, otherKey: other.privkey! }], undefined, undefined, '1.19.0'), [
    './certs/mx/key.pem certificate-key-mismatch',
  ]);
  assert.deepEqual(codes([{ ...mx, otherKey: other.privkey! }], undefined, undefined, '1.19.0'), []);
});

test('a certificate ends, and its key belongs to it', () => {
  assert.deepEqual(codes([mx], undefined, Date.now() + 80 * day), ['./certs/mx/fullchain.pem certificate-expires']);
  assert.deepEqual(codes([mx], undefined, Date.now() + 91 * day), ['./certs/mx/fullchain.pem certificate-expired']);
  assert.deepEqual(codes([{ ...mx, privkey: other.privkey! }]), ['./certs/mx/privkey.pem certificate-key-mismatch']);
  assert.deepEqual(codes([{ ...mx, fullchain: mx.privkey! }]), ['./certs/mx/fullchain.pem certificate-unreadable']);
});
