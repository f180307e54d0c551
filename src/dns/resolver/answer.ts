import type { RecordType, SeenAt } from '../records/record';

/** `SPF` is the withdrawn type 99, asked for only to say so. */
export type QueryType = RecordType | 'NS' | 'SOA' | 'DS' | 'DNSKEY' | 'SPF';

export type AnswerState =
  /** There are records of this type. */
  | 'found'
  /** The name exists, without records of this type (NODATA, RFC 2308 §2.2). */
  | 'no-data'
  /** The name does not exist (NXDOMAIN). */
  | 'no-name'
  /** Nobody knows: SERVFAIL, REFUSED, a time-out. Never to be read as "missing". */
  | 'failed';

/** What the DNS says to one question. */
export interface Answer {
  name: string;
  type: QueryType;
  state: AnswerState;
  /** Presentation values: `10 mail.example.com`, TXT joined from its strings, addresses canonical, names lower case without the final dot. */
  values: string[];
  /** TXT only: the character-strings of each record, in the order of `values`. */
  strings?: string[][];
  /** The names that CNAMEs led through, in order, the last being where the records live. */
  aliases: string[];
  /** Seconds; of an absence, how long caches remember it. */
  ttl?: number;
  /** The zone that answered, as the SOA of a negative answer or the question itself tells. */
  zone?: string;
  /** Set with `failed`. */
  failure?: 'servfail' | 'refused' | 'timeout' | 'unreachable' | 'malformed' | 'referral';
  /** Whether a validating resolver vouches for it (AD, RFC 4035 §3.2.3). */
  authenticated: boolean;
  /** Who answered. */
  server: string;
}

/** Whoever can be asked. Never rejects for what the DNS says; rejects only with the reason of an aborted `signal`. */
export interface Resolver {
  query(name: string, type: QueryType, signal?: AbortSignal): Promise<Answer>;
  /** The same without DNSSEC validation (CD, RFC 4035 §3.2.2): what a broken signature hides. */
  unchecked?(name: string, type: QueryType, signal?: AbortSignal): Promise<Answer>;
}

/** The resolver of a mail server. */
export interface LocalResolver extends Required<Resolver> {
  /** It runs on that machine, so what it says of the machine's own name and addresses may come from /etc/hosts and not from the DNS. */
  local: boolean;
}

/** Somebody who is asked beside the others, to see whether all say the same. */
export interface Vantage {
  resolver: Resolver;
  from: SeenAt['from'];
}

const failures: Record<NonNullable<Answer['failure']>, string> = {
  servfail: 'says it cannot answer (SERVFAIL)',
  refused: 'refuses to answer',
  timeout: 'does not answer',
  unreachable: 'cannot be reached',
  malformed: 'sent an answer that cannot be read',
  referral: 'is not responsible for this name',
};

/** A clause for people: `192.0.2.53 does not answer`. */
export function describeFailure(answer: Answer): string {
  return `${answer.server} ${failures[answer.failure ?? 'servfail']}`;
}

/** An answer for a question that nobody could be asked. */
export function failedAnswer(
  name: string,
  type: QueryType,
  server: string,
  failure: NonNullable<Answer['failure']>,
): Answer {
  return { name, type, state: 'failed', values: [], aliases: [], failure, authenticated: false, server };
}
