import type { ExpectedRecord } from '../records/record';
import { zoneFileText } from '../characterStrings';
import { absolute, byZone, mxParts } from './zones';

/** Seconds: short enough to correct a typo, long enough to be cached. */
export const defaultTtl = 3600;

/** Zone file lines (RFC 1035 §5.1), one block a zone, names relative to its $ORIGIN. */
export function bindZone(records: readonly ExpectedRecord[]): string {
  return byZone(records)
    .map(([zone, own]) =>
      [
        `$ORIGIN ${absolute(zone)}`,
        ...own.map(record => `${record.relativeName} ${defaultTtl} IN ${record.type} ${rdata(record)}`),
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}

/** A value as zone files write it. */
export function rdata(record: Pick<ExpectedRecord, 'type' | 'value'>): string {
  switch (record.type) {
    case 'TXT':
      return zoneFileText(record.value);
    case 'MX': {
      const { preference, exchange } = mxParts(record.value);
      return `${preference} ${absolute(exchange)}`;
    }
    case 'PTR':
    case 'CNAME':
      return absolute(record.value);
    default:
      return record.value;
  }
}
