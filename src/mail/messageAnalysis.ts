import type { Finding } from '../dns/records/record';
import type { DkimVerdict, DmarcVerdict, Verdict } from './verdicts';

/** What a receiver makes of a message (RFC 7208, 6376, 9989), judged again from its original text. */
export interface MessageAnalysis {
  tls: Verdict & { protocol?: string; cipher?: string };
  spf: Verdict & { domain?: string };
  /** One for each signature; a message that is not signed has one with the result `none`. */
  dkim: DkimVerdict[];
  dmarc: DmarcVerdict;
  /** From where the sender's server connected. Null where the message does not tell. */
  ip: { address: string | null; family: 'IPv4' | 'IPv6' | null };
  findings: Finding[];
}
