import type { DomainRecordFacts } from '../records/facts';
import type { ZoneState } from './dnssec';
import type { DnssecState, ExpectedRecord, Finding, RecordPurpose, RecordVerdict, SeenAt } from '../records/record';
import type { Inquiry, Judgement } from './inquiry';
import type { Answer, QueryType, Resolver, Vantage } from '../resolver/answer';
import { explainDmarc } from '../dmarc/explain';
import { certificateRecords, expectedRecords } from '../records/expected';
import { judgeAddress } from '../judge/address';
import { domainBlocklistFindings } from '../judge/blocklist';
import { judgeCaa, judgeTlsa } from '../judge/certificate';
import { judgeDkim } from '../judge/dkim';
import { judgeDmarc } from '../judge/dmarc';
import { judgeMtaSts } from '../judge/mtaSts';
import { judgeMx } from '../judge/mx';
import { judgePtr } from '../judge/ptr';
import { judgeTlsRpt } from '../judge/reporting';
import { judgeSpf } from '../judge/spf';
import { judgeNullMx, judgeNullSpf } from '../judge/silent';
import { placeFindings } from '../judge/place';
import { agreement, silentServers } from '../judge/agreement';
import { judged } from './inquiry';
import { zoneState } from './dnssec';
import { finding } from './findings';
import { toAscii } from '../../input/domainName';
import { relativeName } from '../name';
import { visible } from '../../text/visible';
import { cachedResolver } from '../resolver/cache';
import { seeFrom } from '../resolver/vantage';

export interface CheckOptions {
  signal?: AbortSignal;
  /** Who else is to be asked for each record: the zone's own servers, other resolvers. */
  vantages?: (name: string, type: QueryType) => Promise<Vantage[]>;
  /** Fetches the MTA-STS policy. Without it only DNS is asked. */
  fetchText?: Inquiry['fetchText'];
}

const judges: Record<RecordPurpose, (record: ExpectedRecord, inquiry: Inquiry) => Promise<Judgement>> = {
  a: judgeAddress,
  aaaa: judgeAddress,
  ptr: judgePtr,
  mx: judgeMx,
  spf: judgeSpf,
  dkim: judgeDkim,
  dmarc: judgeDmarc,
  'mta-sts': judgeMtaSts,
  'tls-rpt': judgeTlsRpt,
  tlsa: judgeTlsa,
  caa: judgeCaa,
  'null-mx': judgeNullMx,
  'null-spf': judgeNullSpf,
};

/**
 * Looks at every record that the domain needs and says what is right, what is not and what to do. All questions go out as early as
 * they can and each is asked once.
 * @throws NameError for a domain or server name which is none; the reason of an aborted signal.
 */
export async function checkDomain(
  facts: DomainRecordFacts,
  resolver: Resolver,
  options: CheckOptions = {},
): Promise<RecordVerdict[]> {
  const { signal, vantages, fetchText } = options;
  signal?.throwIfAborted();
  const cached = cachedResolver(resolver);
  const inquiry: Inquiry = {
    facts,
    domain: toAscii(facts.domain),
    host: toAscii(facts.hostname),
    resolver: cached,
    ask: (name, type) => cached.query(name, type, signal),
    ...(signal ? { signal } : {}),
    ...(fetchText ? { fetchText } : {}),
  };
  const verdict = async (record: ExpectedRecord): Promise<RecordVerdict> => {
    const [{ placed, dnssec }, judgement, seen] = await Promise.all([
      place(record, inquiry),
      judge(record, inquiry),
      look(record, vantages, signal),
    ]);
    const typos = await placeFindings(placed, judgement, inquiry);
    return settle(placed, { ...judgement, findings: [...judgement.findings, ...typos] }, seen, dnssec);
  };
  const expected = expectedRecords(facts);
  const others = certificateRecords(facts).filter(other => expected.every(record => record.purpose !== other.purpose));
  const [verdicts, found] = await Promise.all([Promise.all(expected.map(verdict)), Promise.all(others.map(verdict))]);
  // Nobody misses a record whose value nobody knows.
  return [...verdicts, ...found.filter(({ observed }) => observed.length > 0)];
}

async function judge(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const judgement = await judges[record.purpose](record, inquiry);
  if (record.purpose !== 'mx') return judgement;
  const [listed, answer] = await Promise.all([
    domainBlocklistFindings(inquiry.domain, inquiry),
    inquiry.ask(record.name, 'MX'),
  ]);
  return { ...judgement, findings: [...judgement.findings, ...aliasFindings(answer), ...listed] };
}

function aliasFindings({ name, state, aliases }: Answer): Finding[] {
  const target = aliases.at(-1);
  if (state !== 'found' || target === undefined) return [];
  return [
    finding(
      'domain-is-alias',
      `${name} itself is an alias (CNAME) of ${visible(target, 200)}.`,
      `Remove the CNAME and publish records at ${name} itself. For a web page, use A and AAAA, or your provider’s ALIAS.`,
    ),
  ];
}

/** The zone in which a record really lives, as the SOA says. */
async function place(record: ExpectedRecord, inquiry: Inquiry): Promise<{ placed: ExpectedRecord } & ZoneState> {
  const { zone, dnssec } = await zoneState(record.name, inquiry);
  const state = dnssec === undefined ? {} : { dnssec };
  if (zone === undefined) return { placed: record, ...state };
  const placed = { ...record, zone, relativeName: relativeName(record.name, zone) };
  // Reverse zones belong to the provider of the address; its servers tell who that is.
  const servers = record.purpose === 'ptr' ? (await inquiry.ask(zone, 'NS')).values : [];
  return { placed: servers.length > 0 ? { ...placed, zoneServers: servers } : placed, ...state };
}

async function look(
  record: ExpectedRecord,
  vantages: CheckOptions['vantages'],
  signal?: AbortSignal,
): Promise<SeenAt[]> {
  return vantages ? seeFrom(await vantages(record.name, record.type), record.name, record.type, signal) : [];
}

function dnssecFindings(zone: string, state: DnssecState | undefined): Finding[] {
  if (state !== 'broken') return [];
  return [
    finding(
      'dnssec-broken',
      `The DNSSEC signatures of ${zone} are not valid.`,
      'Have your DNS provider sign the zone again, or remove the DS record at the registrar.',
    ),
  ];
}

/** A record can be written to earn thousands of findings; nobody reads more than these. */
const findingLimit = 40;

function settle(
  record: ExpectedRecord,
  judgement: Judgement,
  seen: SeenAt[],
  dnssec: DnssecState | undefined,
): RecordVerdict {
  const signatures = dnssecFindings(record.zone, dnssec);
  const silent = record.purpose === 'mx' ? silentServers(seen) : [];
  const findings = [...signatures, ...judgement.findings, ...agreement(seen), ...silent].slice(0, findingLimit);
  const open = judgement.status === 'ok' || dnssec === 'broken';
  const status = open ? judged([], findings).status : judgement.status;
  const value = judgement.value ?? record.value;
  const notes = record.purpose === 'dmarc' ? explainDmarc(value) : (judgement.notes ?? []);
  return {
    ...record,
    value,
    observed: judgement.observed,
    status,
    findings,
    ...(notes.length > 0 ? { notes } : {}),
    ...(seen.length > 0 ? { seen } : {}),
    ...(dnssec ? { dnssec } : {}),
  };
}
