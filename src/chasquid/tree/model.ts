/** A text file of the configuration, as `decodeText` gives it. */
export interface TextFile {
  path: string;
  text: string;
}

export interface DomainFolder {
  /** The folder's name. */
  folder: string;
  path: string;
  /** The domain that chasquid makes of it; the folder's name when it cannot be normalised. */
  name: string;
  /** Why it cannot. */
  nameError?: string;
  aliases?: TextFile;
  users?: TextFile;
  /** `dkim:SELECTOR.pem` files. */
  dkim: { selector: string; path: string; pem: string }[];
}

export interface CertificateFolder {
  name: string;
  path: string;
  link: boolean;
  fullchain?: string;
  privkey?: string;
  /** What `key.pem` holds. */
  otherKey?: string;
}

/** A configuration folder (`/etc/chasquid`) as read. `problems`: what is there but could not be read. */
export interface ConfigTree {
  path: string;
  config?: TextFile;
  /** Undefined when there is no `domains` folder. */
  domains?: DomainFolder[];
  /** Files that stand directly in `domains/`. */
  strayFiles: string[];
  /** Undefined when there is no `certs` folder. */
  certificates?: CertificateFolder[];
  hooks: { name: string; path: string; text: string; mode?: number }[];
  problems: { path: string; reason: string }[];
}
