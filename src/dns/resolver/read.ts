import type { Answer as PacketRecord, DecodedPacket } from 'dns-packet';
import type { Answer, QueryType } from './answer';
import { failedAnswer } from './answer';
import { canonicalAddress } from '../address';
import { bare, isWithin } from '../name';

/** The most records of one answer that are looked at; a zone may hold thousands to slow its readers down. */
const recordLimit = 200;
const aliasLimit = 10;
/** The longest text that is read, in characters. Records about mail stay far below; a text of 64 KB only holds up who reads it. */
const textLimit = 4096;

interface Reply extends DecodedPacket {
  rcode: string;
}

/** Turns a decoded DNS message into an answer to the question that was asked. */
export function readReply(packet: DecodedPacket, name: string, type: QueryType, server: string): Answer {
  const rcode = (packet as Reply).rcode;
  if (rcode === 'REFUSED' || rcode === 'NOTAUTH') return failedAnswer(name, type, server, 'refused');
  if (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN') return failedAnswer(name, type, server, 'servfail');

  const records = (packet.answers ?? []).slice(0, recordLimit);
  const aliases = followAliases(records, name);
  const owner = aliases.at(-1) ?? bare(name);
  const own = records.filter(record => record.type === type && bare(record.name) === owner);
  const soa = (packet.authorities ?? []).find(record => record.type === 'SOA');
  const base = { name, type, aliases, authenticated: packet.flag_ad, server };
  if (own.length > 0) {
    const ttl = Math.min(...own.map(record => ('ttl' in record ? (record.ttl ?? 0) : 0)));
    const found: Answer = { ...base, state: 'found', values: own.map(present), ttl };
    if (type === 'TXT') found.strings = own.map(record => textStrings(record));
    if (type === 'SOA') Object.assign(found, zoneAround(name, owner));
    return found;
  }
  const delegated = (packet.authorities ?? []).some(record => record.type === 'NS');
  if (rcode === 'NOERROR' && !soa && delegated && !packet.flag_aa) return failedAnswer(name, type, server, 'referral');
  const none: Answer = { ...base, state: rcode === 'NXDOMAIN' ? 'no-name' : 'no-data', values: [] };
  if (soa?.type === 'SOA') {
    Object.assign(none, zoneAround(name, soa.name === '.' ? '' : soa.name));
    none.ttl = Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0);
  }
  return none;
}

/**
 * The zone that holds `name`, by the owner of its SOA. An answer may claim any name, with line breaks in it and all, and zones end up
 * in zone files and in scripts: only what `name` itself lies in is believed, which has no sign that `name` has not.
 */
function zoneAround(name: string, claimed: string): Pick<Answer, 'zone'> {
  return isWithin(name, claimed) ? { zone: bare(claimed) } : {};
}

function followAliases(records: PacketRecord[], name: string): string[] {
  const chain: string[] = [];
  for (let at = bare(name); chain.length < aliasLimit;) {
    const alias = records.find(record => record.type === 'CNAME' && bare(record.name) === at);
    if (alias?.type !== 'CNAME') break;
    at = bare(alias.data);
    chain.push(at);
  }
  return chain;
}

/** The strings of a TXT record. Beyond the limit they are cut. */
function textStrings(record: PacketRecord): string[] {
  if (record.type !== 'TXT') return [];
  const parts = Array.isArray(record.data) ? record.data : [record.data];
  const strings = parts.slice(0, textLimit).map(part => (typeof part === 'string' ? part : decodeText(part)));
  let left = textLimit;
  return strings.flatMap(text => {
    const kept = text.slice(0, left);
    left -= kept.length;
    return kept === '' && text !== '' ? [] : [kept];
  });
}

/** UTF-8 where it is that, else one character for each octet, so that no octet is lost. */
function decodeText(octets: Buffer): string {
  const text = octets.toString('utf8');
  return text.includes('\ufffd') ? octets.toString('latin1') : text;
}

function present(record: PacketRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return canonicalAddress(record.data) ?? record.data;
    case 'MX':
      return `${record.data.preference ?? 0} ${bare(record.data.exchange) || '.'}`;
    case 'TXT':
      return textStrings(record).join('');
    case 'CNAME':
    case 'PTR':
    case 'NS':
      return bare(record.data);
    case 'CAA':
      return `${record.data.flags ?? 0} ${record.data.tag} "${record.data.value}"`;
    case 'TLSA': {
      const { usage, selector, matchingType, certificate } = record.data;
      return `${usage} ${selector} ${matchingType} ${certificate.toString('hex')}`;
    }
    case 'SOA':
      return `${bare(record.data.mname)} ${record.data.serial ?? 0}`;
    case 'DS':
      return `${record.data.keyTag} ${record.data.algorithm} ${record.data.digestType} ${record.data.digest.toString('hex')}`;
    case 'DNSKEY':
      return `${record.data.flags} 3 ${record.data.algorithm}`;
    default:
      return '';
  }
}
