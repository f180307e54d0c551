import type { TrustStore } from '../hostKeys/trustStore';

/** Which server, as a user names it. What is left out is looked up in the OpenSSH configuration. */
export interface SshTarget {
  /** A `Host` of the SSH configuration, a name or an address. */
  host: string;
  port?: number;
  user?: string;
  /** A private key (or the `.pub` of one an agent holds), tried before all others. */
  identityFile?: string;
  /** `[user@]host[:port]`, several separated by commas; `none` for a direct connection whatever the configuration says. */
  proxyJump?: string;
  /** Socket of the agent to ask; `none` for no agent. */
  agent?: string;
  /** Read instead of ~/.ssh/config and /etc/ssh/ssh_config; `none` for no configuration. */
  configFile?: string;
  /** Read instead of the known_hosts files of the configuration. */
  knownHostsFiles?: string[];
}

/** Whom a question is about, as `HostConfig` has it: after the OpenSSH configuration. */
export interface Asking {
  host: string;
  port: number;
  user: string;
  hostKeyAlias?: string;
}

export interface PasswordAsk extends Asking {
  /** 1 to 3. A remembered answer is only good for 1. */
  attempt: number;
}

export interface PassphraseAsk {
  keyFile: string;
  /** 1 to 3. A remembered answer is only good for 1. */
  attempt: number;
}

/** Questions of the server (RFC 4256 §3.2): a password, a one-time code. */
export interface KeyboardAsk extends Asking {
  attempt: number;
  name: string;
  instructions: string;
  questions: { text: string; echo: boolean }[];
}

export interface UnknownHostKeyAsk {
  host: string;
  port: number;
  /** Key type, e.g. `ssh-ed25519`. */
  type: string;
  /** `SHA256:…` */
  sha256: string;
  /** `MD5:aa:…` */
  md5: string;
  /** Something one should know before deciding, e.g. that known_hosts trusts a certificate authority for this host. */
  note?: string;
}

/** The user. Each question may be given up by answering undefined, and is withdrawn when `signal` aborts. */
export interface SshPrompts {
  password(ask: PasswordAsk, signal?: AbortSignal): Promise<string | undefined>;
  passphrase(ask: PassphraseAsk, signal?: AbortSignal): Promise<string | undefined>;
  /** One answer for each question, in order. */
  keyboardInteractive(ask: KeyboardAsk, signal?: AbortSignal): Promise<string[] | undefined>;
  /** Whether to trust this key from now on. */
  unknownHostKey(ask: UnknownHostKeyAsk, signal?: AbortSignal): Promise<boolean>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What this layer needs of the world. */
export interface SshDeps {
  prompts: SshPrompts;
  trustStore: TrustStore;
  /** Never given a secret. */
  log(level: LogLevel, text: string): void;
}
