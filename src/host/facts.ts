/** What one round trip tells of a mail server. Everything is observed; what could not be read is left out, and `problems` says why. */
export interface HostFacts {
  os: { id: string; versionId: string; prettyName: string; codename?: string };
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
  problems: string[];
}

export interface ChasquidFacts {
  /** As `chasquid -version` prints it, e.g. `1.15.0-1+b4`. */
  version: string;
  service: 'active' | 'activating' | 'inactive' | 'failed';
  /** Seconds since the epoch at which the service entered that state. */
  since?: number;
  configDir: string;
  /** The effective `hostname` of chasquid.conf. */
  hostname?: string;
  domains: DomainFacts[];
  certificates: CertificateFacts[];
  queueLength?: number;
}

export interface DomainFacts {
  name: string;
  senders: string[];
  aliasCount: number;
  catchAll?: string;
  dkim: DkimKeyFacts[];
}

export interface DkimKeyFacts {
  selector: string;
  file: string;
  algorithm: 'rsa' | 'ed25519';
  /** SubjectPublicKeyInfo DER (rsa) or raw 32 bytes (ed25519), base64: what `p=` of RFC 6376 §3.6.1 / RFC 8463 carries. */
  publicKey: string;
  /** Whether the daemon's user can read it. */
  readable: boolean;
}

export interface CertificateFacts {
  name: string;
  names: string[];
  issuer: string;
  /** Seconds since the epoch. */
  notAfter: number;
  readable: boolean;
}
