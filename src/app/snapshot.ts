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
  dns: Readonly<Record<string, { ok: number; total: number; errors: number }>>;
}
