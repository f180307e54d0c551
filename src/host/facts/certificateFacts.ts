import { X509Certificate } from 'node:crypto';
import { runSliced } from '../../input/slices';
import { quotable } from '../../text/visible';
import { readChain } from '../../dns/certificate';
import { find, folderNames } from '../protocol/answer';
import type { AnswerParts } from './domainFacts';
import type { CertificateFacts } from './facts';

/** The certificates below certs/ which chasquid finds (`fullchain.pem` in a folder of any name), sorted by folder. */
export function readCertificates(parts: AnswerParts): Promise<CertificateFacts[]> {
  return runSliced(readingCertificates(parts));
}

/** Can be left off after every certificate. */
function* readingCertificates({
  lines,
  files,
  unreadable,
  problems,
}: AnswerParts): Generator<void, CertificateFacts[]> {
  const linked = new Set(folderNames(find(lines, 'linked')));
  const found: CertificateFacts[] = [];
  for (const name of folderNames(find(lines, 'certs'))) {
    yield;
    const chain = files.get(`certs/${name}/fullchain.pem`);
    if (!chain) continue;
    try {
      const leaf = new X509Certificate(chain);
      const readable =
        unreadable && !['fullchain', 'privkey'].some(part => unreadable.has(`certs/${name}/${part}.pem`));
      found.push({
        name,
        names: certificateNames(leaf),
        issuer: issuerName(leaf),
        ...readChain(chain),
        notBefore: Date.parse(leaf.validFrom) / 1000,
        notAfter: Date.parse(leaf.validTo) / 1000,
        ...(readable !== undefined && { readable }),
        linked: linked.has(name),
      });
    } catch {
      problems.push(
        `certs/${quotable(name, 200)}/fullchain.pem holds no certificate that can be read. Install the certificate again.`,
      );
    }
  }
  return found;
}

/** The DNS names of the subjectAltName; of a certificate without them, its common name. */
function certificateNames(certificate: X509Certificate): string[] {
  const names = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(match => match[1]!);
  const common = /^CN=(.+)$/m.exec(certificate.subject ?? '')?.[1];
  return names.length ? names : common ? [common] : [];
}

/** The issuer as people know it: organisation and common name where there are any. */
function issuerName(certificate: X509Certificate): string {
  const part = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(certificate.issuer ?? '')?.[1];
  return [part('O'), part('CN')].filter(Boolean).join(' ') || certificate.issuer;
}
