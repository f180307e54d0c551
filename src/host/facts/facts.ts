/** What one round trip tells of a mail server. Everything is observed; what could not be read is left out, and `problems` says why. */
export interface HostFacts {
  os: { id: string; versionId: string; prettyName: string; codename?: string };
  /** Who is logged in (not whom they became). */
  user: string;
  /** How commands become root: already root, sudo without a password, sudo with one, or not at all. */
  privilege: 'root' | 'sudo' | 'sudo-password' | 'none';
  /** What `hostname -f` (or /etc/hostname) says. */
  hostname: string;
  memoryMb: number;
  diskFreeMb: number;
  /** Global addresses of the machine's own interfaces. */
  addresses: { ipv4: string[]; ipv6: string[] };
  chasquid?: ChasquidFacts;
  /** Sentences for people. */
  problems: string[];
}

export interface ChasquidFacts {
  /** As `chasquid -version` prints it, e.g. `1.15.0-1+b4`; empty when the program does not answer. */
  version: string;
  service: 'active' | 'activating' | 'inactive' | 'failed';
  /** Seconds since the epoch at which the service entered that state. */
  since?: number;
  configDir: string;
  /** Whom the daemon runs as. */
  daemonUser: string;
  /** The `hostname` of chasquid.conf; left out when the file does not set it (the daemon then uses the machine's name). */
  hostname?: string;
  domains: DomainFacts[];
  certificates: CertificateFacts[];
  queueLength?: number;
}

export interface DomainFacts {
  /** The folder's name, as on disk. */
  name: string;
  /** The parts before the @, as chasquid keeps them, sorted. */
  senders: string[];
  /** The catch-all not counted. */
  aliasCount: number;
  /** The right side of the catch-all `*`, as written. */
  catchAll?: string;
  /** The keys with which this version signs; `problems` names others. */
  dkim: DkimKeyFacts[];
}

export interface DkimKeyFacts {
  selector: string;
  /** Relative to the configuration folder. */
  file: string;
  algorithm: 'rsa' | 'ed25519';
  /** SubjectPublicKeyInfo DER (rsa) or raw 32 bytes (ed25519), base64: what `p=` of RFC 6376 §3.6.1 / RFC 8463 carries. */
  publicKey: string;
  /** Of an RSA key. */
  bits?: number;
  /** Whether the daemon's user can read it; left out when that cannot be told without root. */
  readable?: boolean;
  /** `false` when the hook's dkimsign cannot read the form in which it is written (PKCS#8 before dkimpy 1.1): it signs nothing. */
  usable?: false;
  /**
   * `false` when the file was put there or changed after the daemon started: it reads keys only then (chasquid ≥ 1.14). Left
   * out where a hook signs, which reads its key for each message, and while the daemon does not run.
   */
  loaded?: boolean;
}

export interface CertificateFacts {
  /** The folder's name below certs/. */
  name: string;
  /** The DNS names it covers, wildcards as written. */
  names: string[];
  issuer: string;
  /** How CAA records name the authority (RFC 8659 §4.2), where it is a known one: `letsencrypt.org`. */
  caaIssuer?: string;
  /** The TLSA values that fit it (RFC 6698 §2.1), of the certificate itself (usage 3) and of its authorities (usage 2). */
  tlsa?: string[];
  /** Seconds since the epoch. */
  notBefore: number;
  notAfter: number;
  /** Whether the daemon's user can read it and its key; left out when that cannot be told without root. */
  readable?: boolean;
  /** The folder is a symbolic link, which chasquid ≤ 1.11 passes over. */
  linked: boolean;
}
