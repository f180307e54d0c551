import type { TagList } from '../tagList';
import { parseTagList, tagValue } from '../tagList';
import { withoutZoneLine } from '../records/zoneLine';

export type DmarcPolicy = 'none' | 'quarantine' | 'reject';
export const policies: readonly string[] = ['none', 'quarantine', 'reject'];

/** A report address of `rua` or `ruf`. */
export interface ReportUri {
  text: string;
  /** The domain after @, of a mailto: address. */
  domain?: string;
  /** The obsolete limit after `!`. */
  size?: string;
}

/** A DMARC policy record (RFC 9989 §4.7). */
export interface DmarcRecord {
  list: TagList;
  rua: ReportUri[];
  ruf: ReportUri[];
}

/** The version tag must come first and be spelled exactly so; spaces around `=` are allowed. */
const start = /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)/;

/** Whether receivers take a text for a DMARC record. */
export function isDmarc(text: string): boolean {
  return start.test(text);
}

/** Whether a text was meant as one. */
export function looksLikeDmarc(text: string): boolean {
  return /^\W*(?:v\s*=\s*DMARC|DMARC1\b|p\s*=\s*(?:none|quarantine|reject))/i.test(withoutZoneLine(text));
}

export function parseDmarc(text: string): DmarcRecord {
  const list = parseTagList(text);
  return { list, rua: parseUris(tagValue(list, 'rua')), ruf: parseUris(tagValue(list, 'ruf')) };
}

function parseUris(value: string | undefined): ReportUri[] {
  if (value === undefined) return [];
  return value.split(',').map(item => {
    const text = item.trim();
    const match = /^mailto:[^@\s!?<>]+@([^@\s!?<>]+)(?:\?[^!]*)?(?:!(\d+[kmgt]?))?$/i.exec(text);
    const uri: ReportUri = { text };
    if (match) uri.domain = match[1]!.toLowerCase();
    if (match?.[2]) uri.size = match[2];
    return uri;
  });
}
