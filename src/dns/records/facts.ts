/** What the records of one mail domain are built from. All of it is observed on the server or given by the user. */
export interface DomainRecordFacts {
  /** The domain in whose name mail is sent, in A-label or U-label form. */
  domain: string;
  /** The server's name: what EHLO says, what PTR and MX must name. */
  hostname: string;
  ipv4: string[];
  ipv6: string[];
  /** Every key in the domain's folder: chasquid signs with each. */
  dkim: DkimFacts[];
  /** Whether this server also receives the domain's mail (MX points to it). `false`: the mailbox stays elsewhere. */
  receives: boolean;
  /** Names that never send or receive mail, which their records shall say. */
  silent?: string[];
  /** The certificate that the server shows on port 25, for TLSA (RFC 7672) and CAA (RFC 8659). */
  certificate?: {
    /** SHA-256 of the SubjectPublicKeyInfo, in hexadecimal. */
    spkiSha256?: string;
    /** All TLSA values that fit the certificate and its chain, beside that of the key. */
    tlsa?: string[];
    /** The CA's name in CAA records, e.g. `letsencrypt.org`. */
    caaIssuer?: string;
  };
  /** Where receivers send their reports. Default: postmaster@ the domain. */
  reportAddress?: string;
}

export interface DkimFacts {
  selector: string;
  algorithm: 'rsa' | 'ed25519';
  /** As `p=` carries it, base64: SubjectPublicKeyInfo DER (RFC 6376 §3.6.1), or 32 raw octets (RFC 8463 §4). */
  publicKey: string;
  /** `false` when the key file is newer than the daemon's start: chasquid reads keys only then. */
  loaded?: boolean;
}
