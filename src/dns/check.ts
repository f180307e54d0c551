import type { DomainRecordFacts } from './facts';
import type { ExpectedRecord, RecordPurpose, RecordVerdict, SeenAt } from './record';
import type { Inquiry, Judgement } from './inquiry';
import type { Resolver, Vantage } from './resolver/answer';
import { explainDmarc } from './dmarc/explain';
import { expectedRecords } from './expected';
import { judgeAddress } from './judge/address';
import { domainBlocklistFindings } from './judge/blocklist';
import { judgeCaa, judgeTlsa } from './judge/certificate';
import { judgeDkim } from './judge/dkim';
import { judgeDmarc } from './judge/dmarc';
import { judgeMtaSts } from './judge/mtaSts';
import { judgeMx } from './judge/mx';
import { judgePtr } from './judge/ptr';
import { judgeTlsRpt } from './judge/reporting';
import { judgeSpf } from './judge/spf';
import { judgeNullMx, judgeNullSpf } from './judge/silent';
import { placeFindings } from './judge/place';
import { agreement } from './judge/agreement';
import { judged } from './inquiry';
import { relativeName, toAscii } from './name';
import { cachedResolver } from './resolver/cache';
import { seeFrom } from './resolver/vantage';

export interface CheckOptions {
  signal?: AbortSignal;
  /** Who else is to be asked for each record: the zone's own servers, other resolvers. */
  vantages?: (name: string) => Promise<Vantage[]>;
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
  return Promise.all(
    expectedRecords(facts).map(async record => {
      const [placed, judgement, seen] = await Promise.all([
        place(record, inquiry),
        judge(record, inquiry),
        look(record, vantages, signal),
      ]);
      const slips = await placeFindings(placed, judgement, inquiry);
      return settle(placed, { ...judgement, findings: [...judgement.findings, ...slips] }, seen);
    }),
  );
}

async function judge(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const judgement = await judges[record.purpose](record, inquiry);
  if (record.purpose !== 'mx') return judgement;
  const listed = await domainBlocklistFindings(inquiry.domain, inquiry);
  return { ...judgement, findings: [...judgement.findings, ...listed] };
}

/** The zone in which a record really lives, as the SOA says. */
async function place(record: ExpectedRecord, inquiry: Inquiry): Promise<ExpectedRecord> {
  const { zone } = await inquiry.ask(record.name, 'SOA');
  // The root and top-level zones answer for names of domains that do not exist yet: nothing can be entered there.
  if (zone === undefined || !zone.includes('.')) return record;
  const placed = { ...record, zone, relativeName: relativeName(record.name, zone) };
  // Reverse zones belong to the provider of the address; its servers tell who that is.
  if (record.purpose !== 'ptr') return placed;
  const servers = (await inquiry.ask(zone, 'NS')).values;
  return servers.length > 0 ? { ...placed, zoneServers: servers } : placed;
}

async function look(
  record: ExpectedRecord,
  vantages: CheckOptions['vantages'],
  signal?: AbortSignal,
): Promise<SeenAt[]> {
  return vantages ? seeFrom(await vantages(record.name), record.name, record.type, signal) : [];
}

/** A record can be written to earn thousands of findings; nobody reads more than these. */
const findingLimit = 40;

function settle(record: ExpectedRecord, judgement: Judgement, seen: SeenAt[]): RecordVerdict {
  const differences = agreement(seen);
  const findings = [...judgement.findings, ...differences].slice(0, findingLimit);
  const status = judgement.status === 'ok' ? judged([], findings).status : judgement.status;
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
  };
}
