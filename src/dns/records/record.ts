import type { Severity } from '../../text/problem';

export type RecordType = 'A' | 'AAAA' | 'MX' | 'TXT' | 'PTR' | 'CNAME' | 'TLSA' | 'CAA';
/** What a record is for; several share the type TXT. */
export type RecordPurpose =
  | 'a'
  | 'aaaa'
  | 'ptr'
  | 'mx'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'mta-sts'
  | 'tls-rpt'
  | 'tlsa'
  | 'caa'
  /** Of a name that never receives, and never sends, mail. */
  | 'null-mx'
  | 'null-spf';
export type Requirement = 'required' | 'recommended' | 'optional';
export type RecordStatus = 'ok' | 'missing' | 'wrong' | 'warning' | 'unknown';

/** One thing worth knowing about a record. Codes are kebab-case and stable; `findings.ts` lists them. */
export interface Finding {
  code: string;
  severity: Exclude<Severity, 'hint'>;
  /** What is wrong, in one sentence. */
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
  /** The server's own address for `ptr`, the selector for `dkim`: what tells two records of one purpose apart. */
  subject?: string;
  /** What a web server must serve besides, of MTA-STS (RFC 8461 §3.2). */
  policy?: { url: string; text: string };
  /** The names of the zone's DNS servers, where they were asked for: they tell whose page it is. */
  zoneServers?: string[];
}

/** What one server answered for a record's name and type. */
export interface SeenAt {
  /** Who was asked: `ns1.example.net`, or the address of a resolver. */
  server: string;
  /** One of the zone's own servers, a resolver of ours, or the one that the mail server itself asks. */
  from: 'zone' | 'resolver' | 'mail-host';
  values: string[];
  /** Seconds for which a cache may keep it; of an absence, the negative TTL (RFC 2308 §5). */
  ttl?: number;
  /** Why there is no answer. Present means unknown, never missing. */
  failure?: string;
}

/**
 * DNSSEC of a zone: `validated` by the resolver that was asked; `signed` and known to the parent, which nobody validated here;
 * `no-ds` when the parent does not know that it is signed, so that it counts as unsigned; `broken` when validating resolvers refuse it.
 */
export type DnssecState = 'validated' | 'signed' | 'no-ds' | 'unsigned' | 'broken';

/** An expected record together with what was seen. */
export interface RecordVerdict extends ExpectedRecord {
  observed: string[];
  status: RecordStatus;
  findings: Finding[];
  /** What the value says, a line each: the tags of DMARC explained, the tree of SPF with its lookups. */
  notes?: string[];
  /** The same question, server by server. */
  seen?: SeenAt[];
  /** Of the zone in which the record lives; left out when it is unknown. */
  dnssec?: DnssecState;
}
