import type { ExpectedRecord, RecordVerdict } from '../records/record';
import { looksLikeDmarc } from '../dmarc/record';
import { assertSound } from '../export/sound';
import { looksLikeSpf } from '../spf/parse';

/** What is to be taken away and added in one zone. Values as `RecordVerdict` has them. */
export interface ZoneChange {
  zone: string;
  /** Without `value`: all records of the name and type. */
  remove: { name: string; type: ExpectedRecord['type']; value?: string }[];
  add: { name: string; type: ExpectedRecord['type']; value: string }[];
}

/**
 * The changes that make what is wrong or missing right, zone by zone. What is right already is left alone, so a second run changes
 * nothing. Reverse zones are left out: they belong to the provider of the address. At names which others use as well, only the record
 * that is replaced goes: of all TXT at the domain itself, the SPF record.
 * @throws ExportError
 */
export function planChanges(records: readonly RecordVerdict[]): ZoneChange[] {
  const changes = new Map<string, ZoneChange>();
  const replaced = new Set<string>();
  const due = records.filter(isDue);
  assertSound(due);
  for (const record of due) {
    const { zone, name, type, value } = record;
    if (record.observed.includes(value) && record.observed.length === 1) continue;
    const change = changes.get(zone) ?? { zone, remove: [], add: [] };
    changes.set(zone, change);
    if (isShared(record)) {
      change.remove.push(
        ...record.observed
          .filter(seen => seen !== value && isOurs(record, seen))
          .map(seen => ({ name, type, value: seen })),
      );
    } else if (!replaced.has(`${name} ${type}`)) {
      replaced.add(`${name} ${type}`);
      change.remove.push({ name, type });
      // Records of the same set that are right must come back: the whole set goes.
      const rest = records.filter(
        other => other.name === name && other.type === type && other !== record && !due.includes(other),
      );
      change.add.push(...rest.map(other => ({ name, type, value: other.value })));
    }
    change.add.push({ name, type, value });
  }
  return [...changes.values()];
}

/**
 * Optional records wait for a decision of the user: CAA may lock out another authority. MTA-STS announces a policy, which must be
 * served before.
 */
function isDue({ purpose, requirement, status, value }: RecordVerdict): boolean {
  if (purpose === 'ptr' || purpose === 'mta-sts' || requirement === 'optional' || value === '') return false;
  return status === 'missing' || status === 'wrong' || status === 'warning';
}

/** Other things live under the same name and type: verification texts beside SPF, other authorities beside ours. */
function isShared(record: ExpectedRecord): boolean {
  return ['spf', 'null-spf', 'caa', 'tlsa'].includes(record.purpose);
}

function isOurs(record: ExpectedRecord, seen: string): boolean {
  return /spf$/.test(record.purpose) && (looksLikeSpf(seen) || looksLikeDmarc(seen));
}
