import type { DKIMResult, DMARCResult } from 'mailauth';
import type { SpfEvaluation } from '../dns/spf/evaluate';

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
    permerror: `The SPF record of ${domain} has an error${because}. Receivers ignore it or reject; mend it.`,
    temperror: `The DNS did not answer about the SPF record of ${domain}${because}. Try again later.`,
  };
  return { result, reason: reasons[result] };
}

export function dkimVerdict(result: DKIMResult): DkimVerdict {
  const domain = result.signingDomain ?? '';
  const selector = result.selector ?? '';
  const algorithm = result.algo;
  return {
    result: result.status.result,
    reason: dkimReason(result, domain, selector),
    domain,
    selector,
    ...(algorithm && { algorithm }),
    ...(result.modulusLength && { bits: result.modulusLength }),
  };
}

function dkimReason({ status, algo, modulusLength }: DKIMResult, domain: string, selector: string): string {
  const key = `${selector}._domainkey.${domain}`;
  const comment = status.comment ?? '';
  if (status.result === 'pass') {
    const size = modulusLength && algo?.startsWith('rsa') ? `, ${modulusLength} bits` : '';
    return `Signed by ${domain} with the key ${selector} (${algo}${size}), and unchanged since.`;
  }
  if (/body hash/.test(comment)) {
    return 'The text was changed after it was signed: a mailing list, a virus scanner or a footer does that. Compare with the message as it was sent.';
  }
  if (/bad signature/.test(comment)) {
    return `The signature does not fit the key at ${key}: the published key is not the one that signed, or a signed header was changed. Compare the record with the key on the server.`;
  }
  if (/no key/.test(comment)) return `There is no key at ${key}. Publish the record that the server's key needs.`;
  if (/revoked|empty/.test(comment))
    return `The key at ${key} was revoked (p= is empty). Sign with a key that is published.`;
  if (/expired/.test(comment)) return 'The signature has expired. It was valid when the message was sent.';
  if (status.policy?.['dkim-rules'] === 'weak-key') {
    return `The key at ${key} is shorter than 1024 bits, which receivers do not accept. Make a new one of 2048 bits.`;
  }
  if (status.policy?.['dkim-rules'] === 'weak-algorithm') {
    return 'It is signed with SHA-1, which receivers no longer accept (RFC 8301). Sign with SHA-256.';
  }
  if (status.result === 'temperror') return `The DNS did not answer about ${key}. Try again later.`;
  return `The signature cannot be checked: ${comment || status.result}. Look at the record at ${key}.`;
}

export function dmarcVerdict(
  found: DMARCResult | false,
  from: string | undefined,
  spf: Verdict,
  dkim: Verdict[],
): DmarcVerdict {
  const aligned = {
    spf: Boolean(found && found.alignment?.spf?.result),
    dkim: Boolean(found && found.alignment?.dkim?.result),
  };
  if (!found) {
    return {
      result: 'permerror',
      reason: 'The message has no single From: with one domain, so DMARC cannot be applied to it.',
      ...(from && { domain: from }),
      aligned,
    };
  }
  const { result } = found.status;
  const domain = from ?? found.domain;
  return {
    result,
    reason: dmarcReason(found, domain, aligned, spf, dkim),
    domain,
    ...(found.policy && { policy: found.policy }),
    aligned,
  };
}

const consequences: Record<string, string> = {
  none: 'asks receivers to deliver it all the same (p=none)',
  quarantine: 'asks receivers to treat it as spam (p=quarantine)',
  reject: 'asks receivers to refuse it (p=reject)',
};

function dmarcReason(
  found: DMARCResult,
  domain: string,
  aligned: DmarcVerdict['aligned'],
  spf: Verdict,
  dkim: Verdict[],
): string {
  if (found.status.result === 'pass') {
    const by = [aligned.dkim && 'DKIM', aligned.spf && 'SPF'].filter(Boolean);
    return `${by.join(' and ')} ${by.length > 1 ? 'vouch' : 'vouches'} for ${domain}, the domain in From:.`;
  }
  if (found.status.result === 'none') return `${domain} has no DMARC record. Publish one at _dmarc.${domain}.`;
  if (found.status.result === 'temperror') return `The DNS did not answer about _dmarc.${domain}. Try again later.`;
  if (found.status.result === 'permerror') return `The DMARC record of ${domain} has an error. Mend it.`;
  const passing = [spf.result === 'pass' && 'SPF', dkim.some(one => one.result === 'pass') && 'DKIM'].filter(Boolean);
  const why = passing.length
    ? `${passing.join(' and ')} ${passing.length > 1 ? 'pass' : 'passes'}, but for another domain than ${domain}, the one in From:`
    : 'neither SPF nor DKIM passes';
  return `${why[0]!.toUpperCase()}${why.slice(1)}. ${domain} ${consequences[found.policy] ?? 'has a policy for that'}.`;
}
