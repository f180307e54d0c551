/** What the records of one mail domain are built from. All of it is observed on the server or given by the person. */
export interface DomainRecordFacts {
  /** The domain in whose name mail is sent, in A-label or U-label form. */
  domain: string;
  /** The server's name: what EHLO says, what PTR and MX must name. */
  hostname: string;
  ipv4: string[];
  ipv6: string[];
  /** Every key in the domain's folder: chasquid signs with each. */
  dkim: { selector: string; algorithm: 'rsa' | 'ed25519'; publicKey: string }[];
  /** Whether this server also receives the domain's mail (MX points to it). `false`: "keep my MX". */
  receives: boolean;
}
