import type { Answer, QueryType, Resolver } from '../resolver/answer';
import type { DomainRecordFacts } from '../records/facts';
import type { ExpectedRecord, Finding, RecordStatus } from '../records/record';
import { describeFailure } from '../resolver/answer';
import { finding } from './findings';

/** One check of one domain: what is known and whom to ask. */
export interface Inquiry {
  facts: DomainRecordFacts;
  /** The domain and the server's name, in A-label form. */
  domain: string;
  host: string;
  /** Answers each question once. */
  ask(name: string, type: QueryType): Promise<Answer>;
  resolver: Resolver;
  signal?: AbortSignal;
  /** Fetches a text over HTTPS, for the MTA-STS policy. Absent where only DNS may be used. */
  fetchText?(url: string, signal?: AbortSignal): Promise<string>;
}

/** What a judge says about one record. */
export interface Judgement {
  observed: string[];
  findings: Finding[];
  status: RecordStatus;
  /** The value to publish, where it depends on what is there already. */
  value?: string;
  /** What the value says, a line each. */
  notes?: string[];
}

/** Writes the verdict on something that was seen: as bad as its worst finding. */
export function judged(observed: string[], findings: Finding[], value?: string): Judgement {
  const has = (severity: Finding['severity']) => findings.some(item => item.severity === severity);
  const status = has('error') ? 'wrong' : has('warning') ? 'warning' : 'ok';
  return { observed, findings, status, ...(value === undefined ? {} : { value }) };
}

/** How bad it is that a record is not there. */
export const missingSeverity: Record<ExpectedRecord['requirement'], Finding['severity']> = {
  required: 'error',
  recommended: 'warning',
  optional: 'information',
};

/** The verdict on a record that is not there. `fix` is what to do where that is more than to publish its value. */
export function missing(record: ExpectedRecord, findings: Finding[] = [], fix?: string): Judgement {
  const absent = finding(
    'record-missing',
    `There is no ${label(record)} record at ${record.name}.`,
    fix ?? (record.value ? `Publish this value: ${record.value}` : 'Publish the server’s address.'),
    missingSeverity[record.requirement],
  );
  return { observed: [], findings: [{ ...absent, why: record.why }, ...findings], status: 'missing' };
}

/** The verdict when nobody could say: never "missing". */
export function unanswered(answer: Answer, observed: string[] = []): Judgement {
  return {
    observed,
    findings: [
      finding(
        'dns-no-answer',
        `For ${answer.name} ${describeFailure(answer)}.`,
        'Check again later. If it stays, ask who runs the zone’s DNS servers.',
      ),
    ],
    status: 'unknown',
  };
}

function label(record: ExpectedRecord): string {
  const text: Partial<Record<ExpectedRecord['purpose'], string>> = {
    spf: 'SPF',
    dkim: 'DKIM',
    dmarc: 'DMARC',
    'mta-sts': 'MTA-STS',
    'tls-rpt': 'TLS-RPT',
    'null-spf': 'SPF',
  };
  return text[record.purpose] ?? record.type;
}
