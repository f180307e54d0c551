import type { ExpectedRecord } from './record';

/** What tells one record of a check from another. */
export type IdentifiedRecord = Pick<ExpectedRecord, 'purpose' | 'type' | 'subject'>;

/**
 * A short name for each record, unique in its list and the same at each check: `a-A`, `ptr-PTR-v4`, `dkim-TXT-20261124`,
 * `spf-TXT`. A second one of the same kind gets `-2`, in the order of the list.
 */
export function recordIds(records: readonly IdentifiedRecord[]): string[] {
  const taken = new Map<string, number>();
  return records.map(record => {
    const base = [record.purpose, record.type, detail(record)].filter(Boolean).join('-');
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return count === 1 ? base : `${base}-${count}`;
  });
}

function detail(record: IdentifiedRecord): string {
  if (record.purpose === 'ptr') return record.subject?.includes(':') ? 'v6' : 'v4';
  return record.purpose === 'dkim' ? (record.subject ?? '') : '';
}
