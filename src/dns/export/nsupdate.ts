import type { ExpectedRecord, RecordVerdict } from '../records/record';
import { looksLikeSpf } from '../spf/parse';
import { defaultTtl, rdata } from './bind';
import { absolute, byZone, recordSets } from './zones';

/**
 * A script for nsupdate. Record sets that hold only mail records are replaced; TXT and CAA at a name that others use as well are added
 * to, after the very value was removed, so that a second run changes nothing.
 */
export function nsupdateScript(records: readonly ExpectedRecord[]): string {
  return byZone(records)
    .map(([zone, own]) => [`zone ${absolute(zone)}`, ...recordSets(own).flatMap(lines), 'send'].join('\n'))
    .join('\n')
    .concat('\n');
}

function lines(set: ExpectedRecord[]): string[] {
  const { name, type, purpose } = set[0]!;
  const shared = ['spf', 'null-spf', 'caa'].includes(purpose);
  // An SPF record that is there already must go: two of them are worse than none.
  const old = set.flatMap(record =>
    'observed' in record ? (record as RecordVerdict).observed.filter(looksLikeSpf) : [],
  );
  const values = [...new Set([...old, ...set.map(record => record.value)])];
  const clear = shared
    ? values.map(value => `update delete ${absolute(name)} ${type} ${rdata({ type, value })}`)
    : [`update delete ${absolute(name)} ${type}`];
  return [...clear, ...set.map(record => `update add ${absolute(name)} ${defaultTtl} ${type} ${rdata(record)}`)];
}
