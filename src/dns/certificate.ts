import { createHash, X509Certificate } from 'node:crypto';
import type { DomainRecordFacts } from './records/facts';

/** How CAA records name the authorities that issue to everybody, by the organisation in their certificates (their CPS, §4.2.1). */
const authorities: readonly (readonly [organisation: RegExp, name: string])[] = [
  [/^Let's Encrypt$/i, 'letsencrypt.org'],
  [/^(ZeroSSL|Sectigo)/i, 'sectigo.com'],
  [/^Google Trust Services/i, 'pki.goog'],
  [/^Buypass/i, 'buypass.com'],
  [/^(SSL Corp|SSL\.com)/i, 'ssl.com'],
  [/^DigiCert/i, 'digicert.com'],
  [/^GlobalSign/i, 'globalsign.com'],
  [/^Actalis/i, 'actalis.it'],
];

/** Real chains have two to four certificates. */
const longestChain = 10;

/**
 * What TLSA and CAA records need to know of a certificate.
 * @param pem the certificate, then those of its authorities. @throws Error when the first one cannot be read
 */
export function readChain(pem: string | Buffer): Pick<ChainFacts, 'tlsa' | 'caaIssuer'> {
  const parts = pem.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = parts.slice(0, longestChain).map(part => new X509Certificate(part));
  const organisation = /^O=(.+)$/m.exec((chain[0] ?? new X509Certificate(pem)).issuer ?? '')?.[1] ?? '';
  const caaIssuer = authorities.find(([pattern]) => pattern.test(organisation))?.[1];
  return { tlsa: chain.flatMap(tlsaValues), ...(caaIssuer !== undefined && { caaIssuer }) };
}

type ChainFacts = NonNullable<DomainRecordFacts['certificate']>;

/** Every TLSA value that fits a certificate: of the server's own with usage 3, of an authority's with usage 2 (RFC 6698 §2.1). */
function tlsaValues(certificate: X509Certificate, at: number): string[] {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  const hash = (name: string, octets: Buffer) => createHash(name).update(octets).digest('hex');
  return [certificate.raw, key].flatMap((octets, selector) => {
    const start = `${at === 0 ? 3 : 2} ${selector}`;
    return [
      `${start} 0 ${octets.toString('hex')}`,
      `${start} 1 ${hash('sha256', octets)}`,
      `${start} 2 ${hash('sha512', octets)}`,
    ];
  });
}

/** The same as facts of a domain, whose TLSA record pins the key: it outlives a renewal that keeps the key (RFC 7671 §5.1). */
export function certificateFacts({ tlsa = [], caaIssuer }: Pick<ChainFacts, 'tlsa' | 'caaIssuer'>): ChainFacts {
  const spkiSha256 = tlsa.find(value => value.startsWith('3 1 1 '))?.slice('3 1 1 '.length);
  return {
    ...(spkiSha256 !== undefined && { spkiSha256 }),
    ...(tlsa.length > 0 && { tlsa }),
    ...(caaIssuer !== undefined && { caaIssuer }),
  };
}
