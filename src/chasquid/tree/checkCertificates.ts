import { createPrivateKey, X509Certificate } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { effectiveConfig } from '../config/effective';
import { parseConfig } from '../config/parse';
import { printable } from '../text';
import type { Version } from '../versions';
import type { CertificateFolder, ConfigTree } from './model';
import type { FolderFinding } from './folderFinding';

const day = 24 * 60 * 60 * 1000;

/** The pairs `certs/NAME/{fullchain,privkey}.pem`. `now` in milliseconds since the epoch. */
export function checkCertificates(tree: ConfigTree, version: Version, now: number): FolderFinding[] {
  const folders = tree.certificates;
  if (!folders || (folders.length === 0 && !tree.domains)) return [];
  const found = folders.flatMap(folder => checkFolder(folder, version, now));
  const usable = folders.filter(
    folder => folder.fullchain && keyOf(folder, version) && (version.features.linkedCertificates || !folder.link),
  );
  found.push(...checkNames(tree, usable, version));
  if (usable.length === 0) {
    found.push({
      path: `${tree.path}/certs`,
      code: 'certificate-none',
      severity: 'warning',
      message:
        'No folder in certs/ holds both fullchain.pem and privkey.pem. chasquid does not start without a certificate. Put the pair into certs/NAME/, or check this on the server if the keys are kept out of this copy.',
    });
  }
  return found;
}

/** Whether the server can prove that it is the host it calls itself. */
function checkNames(tree: ConfigTree, folders: readonly CertificateFolder[], version: Version): FolderFinding[] {
  const hostname = String(effectiveConfig(parseConfig(tree.config?.text ?? '', version)).get('hostname')?.[0] ?? '');
  const ascii = domainToASCII(hostname);
  const leaves = folders.flatMap(folder => leafOf(folder) ?? []);
  if (ascii === '' || leaves.length === 0 || leaves.some(leaf => leaf.checkHost(ascii) !== undefined)) return [];
  const names = [...new Set(leaves.flatMap(namesOf))].map(name => `“${name}”`).join(', ');
  return [
    {
      path: `${tree.path}/certs`,
      code: 'certificate-names',
      severity: 'warning',
      message: `No certificate is for “${printable(hostname)}”, the hostname of chasquid.conf${names && `; they are for ${names}`}. chasquid presents another one, which mail programs and strict servers refuse. Get a certificate for that name, or correct hostname.`,
    },
  ];
}

function namesOf(leaf: X509Certificate): string[] {
  return (leaf.subjectAltName ?? '').split(', ').flatMap(name => /^DNS:(.+)$/.exec(name)?.[1] ?? []);
}

function certificatesIn(folder: CertificateFolder): string[] {
  return folder.fullchain?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** The first certificate of the file, which is the server's. */
function leafOf(folder: CertificateFolder): X509Certificate | undefined {
  const [first] = certificatesIn(folder);
  return first === undefined ? undefined : tryTo(() => new X509Certificate(first));
}

function checkFolder(folder: CertificateFolder, version: Version, now: number): FolderFinding[] {
  const found: FolderFinding[] = [];
  const report = (file: string, code: string, severity: FolderFinding['severity'], message: string) =>
    found.push({ path: `${folder.path}/${file}`, code, severity, message });
  if (folder.link && !version.features.linkedCertificates) {
    found.push({
      path: folder.path,
      code: 'certificate-link',
      severity: 'warning',
      message: `The folder is a symbolic link. chasquid ${version.text} skips it silently. Make “certs” itself the link, or copy the files.`,
    });
  }
  if (folder.fullchain === undefined) return found;
  const leaf = leafOf(folder);
  if (!leaf) {
    const swapped = /PRIVATE KEY-----/.test(folder.fullchain);
    const what = swapped ? 'The file holds a private key instead of a certificate.' : 'The file holds no certificate.';
    report(
      'fullchain.pem',
      'certificate-unreadable',
      'error',
      `${what} chasquid does not start with it. Put the certificate and its chain here.`,
    );
    return found;
  }
  const left = Math.floor((Date.parse(leaf.validTo) - now) / day);
  if (left < 0)
    report(
      'fullchain.pem',
      'certificate-expired',
      'error',
      `The certificate ended on ${leaf.validTo}. Other programs refuse to connect to chasquid. Renew it and restart chasquid.`,
    );
  else if (left < 14)
    report(
      'fullchain.pem',
      'certificate-expires',
      'warning',
      `The certificate ends in ${left} days. Other programs will then refuse to connect to chasquid. Renew it and restart chasquid.`,
    );
  if (certificatesIn(folder).length === 1 && leaf.issuer !== leaf.subject) {
    report(
      'fullchain.pem',
      'certificate-chain',
      'warning',
      'The file holds the certificate without its chain. chasquid sends only what is here, and some servers then cannot check it. Use the “full chain” file of your certificate tool.',
    );
  }
  const key = keyOf(folder, version);
  if (key) checkKey(key, leaf, report);
  return found;
}

/** The key that chasquid takes. */
function keyOf(folder: CertificateFolder, version: Version): { file: string; pem: string } | undefined {
  if (folder.privkey !== undefined) return { file: 'privkey.pem', pem: folder.privkey };
  return folder.otherKey !== undefined && version.features.otherKeyName
    ? { file: 'key.pem', pem: folder.otherKey }
    : undefined;
}

function checkKey(
  { file, pem }: { file: string; pem: string },
  leaf: X509Certificate,
  report: (file: string, code: string, severity: 'error', message: string) => void,
): void {
  const key = tryTo(() => createPrivateKey(pem));
  if (!key) {
    report(
      file,
      'certificate-key-unreadable',
      'error',
      'The file holds no private key without a passphrase. chasquid does not start with it. Put the certificate’s key here.',
    );
  } else if (!leaf.checkPrivateKey(key)) {
    report(
      file,
      'certificate-key-mismatch',
      'error',
      'The key does not match the certificate next to it. chasquid does not start with the two. Put the pair here that was issued together.',
    );
  }
}

function tryTo<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
