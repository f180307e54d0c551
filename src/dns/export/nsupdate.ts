import type { ExpectedRecord } from '../record';
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
  const shared = purpose === 'spf' || purpose === 'caa';
  const clear = shared
    ? set.map(record => `update delete ${absolute(name)} ${type} ${rdata(record)}`)
    : [`update delete ${absolute(name)} ${type}`];
  return [...clear, ...set.map(record => `update add ${absolute(name)} ${defaultTtl} ${type} ${rdata(record)}`)];
}
