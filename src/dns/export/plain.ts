import { visible } from '../../text/visible';
import type { ExpectedRecord } from '../records/record';
import { byZone } from './zones';

/** A list to read and to type from: name, type and value of each record, zone by zone. */
export function plainTable(records: readonly ExpectedRecord[]): string {
  return byZone(records)
    .map(([zone, own]) =>
      [
        `Zone ${zone}`,
        ...own.map(record => `${record.relativeName}\t${record.type}\t${visible(record.value, Infinity)}`),
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}
