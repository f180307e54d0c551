import { X509Certificate } from 'node:crypto';
import { readChain } from '../dns/certificate';
import { find, listOf } from './answer';
import type { AnswerParts } from './domainFacts';
import type { CertificateFacts } from './facts';

/** The certificates below certs/ which chasquid finds (`fullchain.pem` in a folder of any name), sorted by folder. */
export function readCertificates({ lines, files, unreadable, problems }: AnswerParts): CertificateFacts[] {
  const linked = new Set(listOf(find(lines, 'linked')).map(base));
  return listOf(find(lines, 'certs'))
    .map(base)
    .sort()
    .flatMap(name => {
      const chain = files.get(`certs/${name}/fullchain.pem`);
      if (!chain) return [];
      try {
        const leaf = new X509Certificate(chain);
        const readable =
          unreadable && !['fullchain', 'privkey'].some(part => unreadable.has(`certs/${name}/${part}.pem`));
        return [
          {
            name,
            names: certificateNames(leaf),
            issuer: issuerName(leaf),
            ...readChain(chain),
            notBefore: Date.parse(leaf.validFrom) / 1000,
            notAfter: Date.parse(leaf.validTo) / 1000,
            ...(readable !== undefined && { readable }),
            linked: linked.has(name),
          },
        ];
      } catch {
        problems.push(
          `certs/${name}/fullchain.pem holds no certificate that can be read. Install the certificate again.`,
        );
        return [];
      }
    });
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

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
