import type { DNSResolver } from 'mailauth';
import type { Resolver } from '../resolver/answer';

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'permerror' | 'temperror';

export interface SpfEvaluation {
  result: SpfResult;
  /** Of permerror and temperror: the reason. */
  reason?: string;
  /** The explanation that the domain publishes with `exp=`, of a fail. Text from the DNS. */
  explanation?: string;
}

export interface SpfQuestion {
  /** The connecting client's address. */
  ip: string;
  /** MAIL FROM; '' for a bounce. */
  sender: string;
  /** What EHLO said. */
  helo: string;
}

/** `check_host()` of RFC 7208 §4, by mailauth in its strict mode over our resolver. */
export async function evaluateSpf(
  question: SpfQuestion,
  resolver: Resolver,
  signal?: AbortSignal,
): Promise<SpfEvaluation> {
  const { spf } = await import('./mailauth');
  const ask = ((name: string, type: string) => lookUp(resolver, name, type, signal)) as DNSResolver;
  const found = await spf({ ...question, mta: 'localhost', strict: true, resolver: ask });
  const evaluation: SpfEvaluation = { result: found.status.result as SpfResult };
  const comment = found.status.comment?.replace(
    /^[^:]*: (?:permanent error|error) in processing during lookup of [^:]*(?:: )?/,
    '',
  );
  if (comment && /error$/.test(evaluation.result)) evaluation.reason = comment;
  if (found.explanation) evaluation.explanation = found.explanation;
  return evaluation;
}

/** The shape of `dns.promises.resolve`, which mailauth expects. */
export async function lookUp(resolver: Resolver, name: string, type: string, signal?: AbortSignal): Promise<unknown[]> {
  const answer = await resolver.query(name, type as 'A' | 'AAAA' | 'MX' | 'PTR' | 'TXT', signal);
  if (answer.state === 'failed')
    throw Object.assign(new Error(`${name} ${type}: ${answer.failure}`), {
      code: answer.failure === 'timeout' ? 'ETIMEOUT' : 'ESERVFAIL',
    });
  if (answer.state !== 'found')
    throw Object.assign(new Error(`${name} ${type}`), { code: answer.state === 'no-name' ? 'ENOTFOUND' : 'ENODATA' });
  if (type === 'TXT') return answer.strings ?? answer.values.map(value => [value]);
  if (type === 'MX')
    return answer.values.map(value => {
      const [priority, exchange] = value.split(' ');
      return { priority: Number(priority), exchange: exchange === '.' ? '' : exchange };
    });
  return answer.values;
}
