import type { HostFacts } from '../host/facts';

/** What the sidebar shows of one server: the state of its session, without the session. */
export interface ServerSnapshot {
  name: string;
  /** `user@host`, for the tooltip. */
  address: string;
  state: 'offline' | 'connecting' | 'connected' | 'lost' | 'failed';
  /** Why the last attempt failed: a word or two for the row, the whole text for the tooltip. */
  failure?: { short: string; message: string };
  facts?: HostFacts;
  /** Whether a look at the server is under way. */
  checking?: boolean;
  /** Verdict of the last DNS check, by domain. */
  dns: Readonly<Record<string, DnsState>>;
}

/** What a domain's rows show of its last DNS check. */
export interface DnsState {
  ok: number;
  total: number;
  /** Required records that are wrong or missing. */
  errors: number;
  /** The worst finding, in one sentence. */
  worst?: string;
  /** Records that got worse since the check before, as `TXT example.com`. */
  worse?: string[];
}
