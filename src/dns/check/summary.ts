import type { RecordStatus, RecordVerdict } from '../records/record';

/** The state of a domain's records in few words. */
export interface DnsSummary {
  right: number;
  total: number;
  /** The worst status among required records, and `warning` when only others are not right. */
  worst: RecordStatus;
  /** One sentence for people. */
  sentence: string;
}

/** Sums up a check. */
export function summarize(records: readonly RecordVerdict[]): DnsSummary {
  const bad = (record: RecordVerdict) => record.status === 'wrong' || record.status === 'missing';
  const required = records.filter(record => record.requirement === 'required');
  const stopping = required.filter(bad);
  const unknown = records.filter(record => record.status === 'unknown').length;
  const warned = records.filter(
    record => record.status === 'warning' || (bad(record) && record.requirement === 'recommended'),
  ).length;
  const broken = records.filter(record => record.status === 'wrong' && record.requirement !== 'required').length;
  const right = records.filter(record => record.status === 'ok').length;
  const result = (worst: RecordStatus, sentence: string): DnsSummary => ({
    right,
    total: records.length,
    worst,
    sentence,
  });

  if (stopping.length > 0)
    return result(
      stopping.some(record => record.status === 'wrong') ? 'wrong' : 'missing',
      `${count(stopping.length, 'record stops', 'records stop')} your mail from being trusted.`,
    );
  if (unknown > 0)
    return result(
      'unknown',
      `${count(unknown, 'record', 'records')} could not be checked: a DNS server did not answer.`,
    );
  if (broken > 0)
    return result('wrong', `The required records are OK, but ${count(broken, 'other one is', 'others are')} wrong.`);
  if (warned > 0)
    return result('warning', `Your mail is trusted. ${count(warned, 'thing is', 'things are')} worth improving.`);
  return result('ok', 'All required records are OK.');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Whether all that is required is published and right: what “watch until live” waits for. */
export function isLive(records: readonly RecordVerdict[]): boolean {
  return records.filter(record => record.requirement === 'required').every(record => record.status === 'ok');
}
