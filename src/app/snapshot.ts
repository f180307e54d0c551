import type { RecordStatus } from '../dns/records/record';
import type { HostFacts } from '../host/facts/facts';

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
  /** What is wrong with each required record that is wrong or missing, a sentence each. */
  errors: string[];
  /** What stands at each selector of the server's DKIM keys. */
  dkim: Readonly<Record<string, RecordStatus>>;
  /** Records that got worse since the check before, as `TXT example.com`. */
  worse?: string[];
}
