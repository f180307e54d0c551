export type RecordType = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR' | 'CNAME' | 'TLSA' | 'CAA';
/** What a record is for; several share the type TXT. */
export type RecordPurpose = 'a' | 'aaaa' | 'ptr' | 'mx' | 'spf' | 'dkim' | 'dmarc' | 'mta-sts' | 'tls-rpt' | 'tlsa' | 'caa';
export type Requirement = 'required' | 'recommended' | 'optional';
export type RecordStatus = 'ok' | 'missing' | 'wrong' | 'warning' | 'unknown';

/** One thing worth knowing about a record. Codes are kebab-case and stable. */
export interface Finding {
  code: string;
  severity: 'error' | 'warning' | 'information';
  /** What is the matter, in one sentence. */
  message: string;
  /** Why it matters. */
  why?: string;
  /** What to do; the exact text to publish where there is one. */
  fix?: string;
}

/** A record that the domain needs, as computed from the facts. */
export interface ExpectedRecord {
  /** Fully qualified, without the final dot. */
  name: string;
  type: RecordType;
  purpose: RecordPurpose;
  requirement: Requirement;
  /** Presentation value as one string (TXT joined, without quotes). */
  value: string;
  /** One or two sentences: why this record exists and what happens without it. */
  why: string;
  /** The zone to enter it in, and the name relative to it. */
  zone: string;
  relativeName: string;
}

/** An expected record together with what was seen. */
export interface RecordVerdict extends ExpectedRecord {
  observed: string[];
  status: RecordStatus;
  findings: Finding[];
}
