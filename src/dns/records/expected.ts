import type { DkimFacts, DomainRecordFacts } from './facts';
import type { ExpectedRecord, Requirement } from './record';
import { canonicalAddress, reverseName, usualReverseZone } from '../address';
import { toAscii } from '../../input/domainName';
import { isWithin, registrableDomain, relativeName, sameName } from '../name';
import { why, whyHeloSpf, whyMxElsewhere } from './why';
import { dkimValue } from '../dkim/value';
import { policyId, policyText, policyUrl } from '../mtaSts';

type Draft = Omit<ExpectedRecord, 'zone' | 'relativeName' | 'requirement' | 'why'> & {
  requirement?: Requirement;
  why?: string;
};

/**
 * Every record that the domain needs, most important first. Computed from the facts alone: what exists already is looked at by
 * `checkDomain`, which then merges.
 * @throws NameError when the domain or the server's name is none.
 */
export function expectedRecords(facts: DomainRecordFacts): ExpectedRecord[] {
  const domain = toAscii(facts.domain);
  const host = toAscii(facts.hostname);
  const drafts: Draft[] = [
    ...addressRecords(host, facts),
    ...mailRecords(domain, host, facts),
    ...facts.dkim.map(key => dkimRecord(domain, key)),
    { name: `_dmarc.${domain}`, type: 'TXT', purpose: 'dmarc', value: defaultDmarc(domain, facts) },
    ...adviceRecords(domain, host, facts),
    ...(facts.silent ?? []).map(toAscii).flatMap(silentRecords),
  ];
  return drafts.map(draft => complete(draft, domain));
}

/** Where TLSA and CAA records would stand. Without a certificate nobody knows their values, but what is published may be wrong all the same. */
export function certificateRecords(facts: DomainRecordFacts): ExpectedRecord[] {
  const [domain, host] = [toAscii(facts.domain), toAscii(facts.hostname)];
  return [tlsaRecord(host, ''), caaRecord(domain, host, '')].map(draft => complete(draft, domain));
}

function complete(draft: Draft, domain: string): ExpectedRecord {
  const zone = draft.purpose === 'ptr' ? usualReverseZone(draft.subject!) : zoneGuess(draft.name, domain);
  return {
    requirement: 'required',
    why: why[draft.purpose],
    ...draft,
    zone,
    relativeName: relativeName(draft.name, zone),
  };
}

/** The zone that a name is most likely entered in, before the DNS was asked. */
function zoneGuess(name: string, domain: string): string {
  const zone = registrableDomain(domain);
  return isWithin(name, zone) ? zone : registrableDomain(name);
}

function addressRecords(host: string, facts: DomainRecordFacts): Draft[] {
  const v4 = facts.ipv4.map(address => canonicalAddress(address) ?? address);
  const v6 = facts.ipv6.map(address => canonicalAddress(address) ?? address);
  // A server whose address nobody knows still needs one.
  if (v4.length + v6.length === 0) return [{ name: host, type: 'A', purpose: 'a', value: '' }];
  return [
    ...v4.map((value): Draft => ({ name: host, type: 'A', purpose: 'a', value, subject: value })),
    ...v6.map((value): Draft => ({ name: host, type: 'AAAA', purpose: 'aaaa', value, subject: value })),
    ...[...v4, ...v6].map((subject): Draft => ({
      name: reverseName(subject),
      type: 'PTR',
      purpose: 'ptr',
      value: host,
      subject,
    })),
  ];
}

/**
 * SPF names the server by name, so that one term covers IPv4 and IPv6 and survives a change of address. `-all` where this server
 * is the domain's only one; `~all` where mail also goes through another provider, of whose senders we know nothing.
 */
export function defaultSpf(host: string, receives: boolean): string {
  return `v=spf1 a:${host} ${receives ? '-all' : '~all'}`;
}

function mailRecords(domain: string, host: string, facts: DomainRecordFacts): Draft[] {
  const records: Draft[] = [];
  records.push(
    facts.receives
      ? { name: domain, type: 'MX', purpose: 'mx', value: `10 ${host}` }
      : // Which servers these are only the one who runs them knows.
        { name: domain, type: 'MX', purpose: 'mx', value: '', requirement: 'recommended', why: whyMxElsewhere },
  );
  records.push({ name: domain, type: 'TXT', purpose: 'spf', value: defaultSpf(host, facts.receives) });
  if (!sameName(domain, host))
    records.push({
      name: host,
      type: 'TXT',
      purpose: 'spf',
      value: 'v=spf1 a -all',
      requirement: 'recommended',
      why: whyHeloSpf,
    });
  return records;
}

/** What a name says that never sends or receives mail (RFC 7505; RFC 7208 §10.1.2). DMARC it has from the domain above. */
function silentRecords(name: string): Draft[] {
  return [
    { name, type: 'MX', purpose: 'null-mx', value: '0 .', requirement: 'optional' },
    { name, type: 'TXT', purpose: 'null-spf', value: 'v=spf1 -all', requirement: 'recommended' },
  ];
}

function dkimRecord(domain: string, key: DkimFacts): Draft {
  const name = `${key.selector}._domainkey.${domain}`;
  return { name, type: 'TXT', purpose: 'dkim', value: dkimValue(key), subject: key.selector };
}

/** The first stage: watch only. A stricter policy on the first day would hit senders of the domain which nobody remembered. */
function defaultDmarc(domain: string, facts: DomainRecordFacts): string {
  return `v=DMARC1; p=none; rua=mailto:${facts.reportAddress ?? `postmaster@${domain}`}`;
}

function adviceRecords(domain: string, host: string, facts: DomainRecordFacts): Draft[] {
  const records: Draft[] = [];
  if (facts.receives) {
    records.push(
      {
        name: `_mta-sts.${domain}`,
        type: 'TXT',
        purpose: 'mta-sts',
        // The record alone does nothing: it needs a policy, which a web server must serve.
        requirement: 'optional',
        value: `v=STSv1; id=${policyId(policyText([host]))}`,
        policy: { url: policyUrl(domain), text: policyText([host]) },
      },
      {
        name: `_smtp._tls.${domain}`,
        type: 'TXT',
        purpose: 'tls-rpt',
        requirement: 'recommended',
        value: `v=TLSRPTv1; rua=mailto:${facts.reportAddress ?? `postmaster@${domain}`}`,
      },
    );
  }
  const { spkiSha256, caaIssuer } = facts.certificate ?? {};
  if (spkiSha256) records.push(tlsaRecord(host, `3 1 1 ${spkiSha256.toLowerCase()}`));
  if (caaIssuer) records.push(caaRecord(domain, host, `0 issue "${caaIssuer}"`));
  return records;
}

function tlsaRecord(host: string, value: string): Draft {
  return { name: `_25._tcp.${host}`, type: 'TLSA', purpose: 'tlsa', requirement: 'optional', value };
}

function caaRecord(domain: string, host: string, value: string): Draft {
  // The certificate is the server's: above another domain's name a CAA record would have no say.
  const name = isWithin(host, domain) ? domain : registrableDomain(host);
  return { name, type: 'CAA', purpose: 'caa', requirement: 'optional', value };
}
