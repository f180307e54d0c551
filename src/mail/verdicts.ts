import type { DKIMResult, DMARCResult } from 'mailauth';
import type { DkimRecord } from '../dns/dkim/record';
import type { SpfEvaluation } from '../dns/spf/evaluate';
import { visible } from '../text/visible';

export interface Verdict {
  /** As RFC 8601 §2.7 names them: pass, fail, softfail, neutral, none, policy, temperror, permerror. */
  result: string;
  /** In words for people. */
  reason: string;
}

export interface DkimVerdict extends Verdict {
  domain: string;
  selector: string;
  algorithm?: string;
  /** Of the key. */
  bits?: number;
  /** How many octets at the end of the text the signature does not cover (l=, RFC 6376 §3.5); 0 where it covers all, but need not. */
  uncovered?: number;
  /** The key is marked as a test (t=y). */
  testing?: boolean;
}

export interface DmarcVerdict extends Verdict {
  /** Of `From:`. */
  domain?: string;
  policy?: string;
  /** By which of the two the message is in the name of its `From:`. */
  aligned: { spf: boolean; dkim: boolean };
}

export function spfVerdict(evaluation: SpfEvaluation, domain: string, address: string): Verdict {
  const { result } = evaluation;
  const because = evaluation.reason ? `: ${evaluation.reason}` : '';
  const reasons: Record<SpfEvaluation['result'], string> = {
    pass: `${domain} lets ${address} send in its name.`,
    fail: `${domain} says that ${address} must not send in its name. Add the address to its SPF record.`,
    softfail: `${domain} says that ${address} should not send in its name (~all). Add the address to its SPF record.`,
    neutral: `${domain} says nothing about ${address} (?all, or no term that matches). Add the address to its SPF record.`,
    none: `${domain} has no SPF record. Publish one that names your server.`,
    permerror: `The SPF record of ${domain} has an error${because}. Receivers ignore it or reject the mail; correct it.`,
    temperror: `The DNS did not answer about the SPF record of ${domain}${because}. Try again later.`,
  };
  return { result, reason: visible(reasons[result]) };
}

/** What else the verdict on a signature depends on. */
export interface DkimContext {
  /** The record of the key, where it was found. */
  record?: DkimRecord;
  /** Whether the copy at hand holds more than the header. */
  text: boolean;
}

export function dkimVerdict(result: DKIMResult, context: DkimContext): DkimVerdict {
  const domain = result.signingDomain ?? '';
  const selector = result.selector ?? '';
  const algorithm = result.algo;
  return {
    result: result.status.result,
    reason: visible(dkimReason(result, domain, selector, context)),
    domain,
    selector,
    ...(algorithm && { algorithm }),
    ...(result.modulusLength && { bits: result.modulusLength }),
    ...(result.canonBodyLengthLimited && { uncovered: result.status.underSized ?? 0 }),
    ...(context.record?.flags.includes('y') && { testing: true }),
  };
}

function dkimReason(
  { status, algo, modulusLength }: DKIMResult,
  domain: string,
  selector: string,
  { record, text }: DkimContext,
): string {
  const key = `${selector}._domainkey.${domain}`;
  const comment = status.comment ?? '';
  if (status.result === 'pass') {
    const size = modulusLength && algo?.startsWith('rsa') ? `, ${modulusLength} bits` : '';
    const changed = status.underSized
      ? `and unchanged since but for ${status.underSized} octets at its end, which the signature does not cover (l=)`
      : 'and unchanged since';
    return `Signed by ${domain} with the key ${selector} (${algo}${size}), ${changed}.`;
  }
  if (/body hash/.test(comment)) {
    if (!text)
      return 'This copy ends with its header, so the text that was signed cannot be checked. Take the whole original.';
    return 'The text was changed after it was signed: a mailing list, a virus scanner or a footer does that. Compare with the message as it was sent.';
  }
  if (/bad signature/.test(comment)) {
    return `The signature does not match the key at ${key}: the published key is not the one that signed, or a signed header was changed. Compare the record with the key on the server.`;
  }
  if (/no key/.test(comment)) return `There is no key at ${key}. Publish the record that the server's key needs.`;
  if (record?.key === '' || /revoked|empty/.test(comment))
    return `The key at ${key} was revoked (p= is empty). Sign with a key that is published.`;
  if (/expired/.test(comment)) return 'The signature has expired. It was valid when the message was sent.';
  if (status.policy?.['dkim-rules'] === 'weak-key') {
    return `The key at ${key} is shorter than 1024 bits, which receivers do not accept. Make a new one of 2048 bits.`;
  }
  if (status.policy?.['dkim-rules'] === 'weak-algorithm') {
    return 'It is signed with SHA-1, which receivers no longer accept (RFC 8301). Sign with SHA-256.';
  }
  if (status.result === 'temperror') return `The DNS did not answer about ${key}. Try again later.`;
  return `The signature cannot be checked: ${comment || status.result}. Check the record at ${key}.`;
}

/** What else DMARC's reason depends on. */
export interface DmarcContext {
  spf: Verdict;
  dkim: Verdict[];
  /** Whether the message tells how it came to its receiver. */
  arrived: boolean;
  /** How many From: fields there are. */
  authors: number;
}

export function dmarcVerdict(
  found: DMARCResult | false,
  from: string | undefined,
  context: DmarcContext,
): DmarcVerdict {
  const aligned = {
    spf: Boolean(found && found.alignment?.spf?.result),
    dkim: Boolean(found && found.alignment?.dkim?.result),
  };
  if (!found) {
    return { result: 'permerror', reason: noAuthor(context.authors), ...(from && { domain: from }), aligned };
  }
  const domain = from ?? found.domain;
  // Of a message that did not arrive yet SPF cannot speak, and it may still be signed on its way.
  const open = found.status.result === 'fail' && !context.arrived && context.dkim.every(one => one.result === 'none');
  return {
    result: open ? 'none' : found.status.result,
    reason: open
      ? 'DMARC cannot be checked on a copy that does not show how it arrived. Take the original from the receiver’s mailbox.'
      : visible(dmarcReason(found, domain, aligned, context)),
    domain,
    ...(found.policy && { policy: found.policy }),
    aligned,
  };
}

function noAuthor(count: number): string {
  const next = 'so DMARC cannot be applied to it. The program that wrote it must send one From: with one domain.';
  if (count === 0) return `The message has no From:, ${next}`;
  return count > 1 ? `The message has ${count} From: fields, ${next}` : `From: does not name one domain, ${next}`;
}

const consequences: Record<string, string> = {
  none: 'asks receivers to deliver it anyway (p=none)',
  quarantine: 'asks receivers to treat it as spam (p=quarantine)',
  reject: 'asks receivers to refuse it (p=reject)',
};

function dmarcReason(
  found: DMARCResult,
  domain: string,
  aligned: DmarcVerdict['aligned'],
  { spf, dkim }: DmarcContext,
): string {
  if (found.status.result === 'pass') {
    const by = [aligned.dkim && 'DKIM', aligned.spf && 'SPF'].filter(Boolean);
    return `${by.join(' and ')} ${by.length > 1 ? 'authenticate' : 'authenticates'} ${domain}, the domain in From:.`;
  }
  if (found.status.result === 'none') return `${domain} has no DMARC record. Publish one at _dmarc.${domain}.`;
  if (found.status.result === 'temperror') return `The DNS did not answer about _dmarc.${domain}. Try again later.`;
  if (found.status.result === 'permerror') return `The DMARC record of ${domain} has an error. Correct it.`;
  const passing = [spf.result === 'pass' && 'SPF', dkim.some(one => one.result === 'pass') && 'DKIM'].filter(Boolean);
  const why = passing.length
    ? `${passing.join(' and ')} ${passing.length > 1 ? 'pass' : 'passes'}, but for another domain than ${domain}, which From: names`
    : 'neither SPF nor DKIM passes';
  return `${why[0]!.toUpperCase()}${why.slice(1)}. ${domain} ${consequences[found.policy] ?? 'has a policy for that'}.`;
}
