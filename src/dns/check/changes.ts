import type { RecordStatus, RecordVerdict } from '../records/record';
import { type IdentifiedRecord, recordIds } from '../records/recordIds';

/** What must be kept of a check to tell later what changed since. */
export type PastRecord = IdentifiedRecord & Pick<RecordVerdict, 'status'>;

/** One record whose state is another than at the check before. */
export interface RecordChange {
  record: RecordVerdict;
  before: RecordStatus;
  after: RecordStatus;
  direction: 'worse' | 'better';
}

/** How bad a state is. Not knowing is no change for the worse: a resolver that is silent for a moment says nothing about the record. */
const rank: Record<Exclude<RecordStatus, 'unknown'>, number> = { ok: 0, warning: 1, missing: 2, wrong: 3 };

/** What got worse or better since the check before. Records without an answer, then or now, are left out. */
export function changesSince(before: readonly PastRecord[], after: readonly RecordVerdict[]): RecordChange[] {
  const ids = recordIds(before);
  const known = new Map(before.map((record, at) => [ids[at], record.status]));
  return recordIds(after).flatMap((id, at): RecordChange[] => {
    const record = after[at]!;
    const was = known.get(id);
    if (was === undefined || was === 'unknown' || record.status === 'unknown' || rank[was] === rank[record.status])
      return [];
    return [
      { record, before: was, after: record.status, direction: rank[record.status] > rank[was] ? 'worse' : 'better' },
    ];
  });
}
