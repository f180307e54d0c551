import type * as vscode from 'vscode';
import { changesSince, type PastRecord } from '../dns/check/changes';
import { recordIds } from '../dns/records/recordIds';
import type { RecordStatus, RecordVerdict } from '../dns/records/record';

/** One record that got worse or better between two checks. */
export interface DnsChange {
  /** Milliseconds since the epoch: when the check found it. */
  at: number;
  type: string;
  name: string;
  before: RecordStatus;
  after: RecordStatus;
  direction: 'worse' | 'better';
}

interface Kept {
  last: PastRecord[];
  /** Newest first. */
  changes: DnsChange[];
}

const longest = 200;

/** What the checks of each domain found over time. Only names and states are kept, never values. */
export class DnsHistory {
  constructor(private readonly state: vscode.Memento) {}

  /** Takes a check; returns what got worse or better since the one before. @param at milliseconds since the epoch */
  async add(server: string, domain: string, records: readonly RecordVerdict[], at: number): Promise<DnsChange[]> {
    const kept = this.read(server, domain);
    const changes = changesSince(kept.last, records).map(({ record, before, after, direction }) => ({
      at,
      type: record.type,
      name: record.name,
      before,
      after,
      direction,
    }));
    await this.state.update(key(server, domain), {
      last: remembered(kept.last, records),
      changes: [...changes, ...kept.changes].slice(0, longest),
    });
    return changes;
  }

  changes(server: string, domain: string): readonly DnsChange[] {
    return this.read(server, domain).changes;
  }

  private read(server: string, domain: string): Kept {
    return this.state.get<Kept>(key(server, domain), { last: [], changes: [] });
  }
}

const key = (server: string, domain: string): string => `chasquid.dnsHistory ${JSON.stringify([server, domain])}`;

/** A record that was not answered for keeps the state in which it was seen last. */
function remembered(last: readonly PastRecord[], records: readonly RecordVerdict[]): PastRecord[] {
  const pastIds = recordIds(last);
  return recordIds(records).flatMap((id, at): PastRecord[] => {
    const { purpose, type, subject, status } = records[at]!;
    if (status !== 'unknown') return [{ purpose, type, status, ...(subject === undefined ? {} : { subject }) }];
    const past = last[pastIds.indexOf(id)];
    return past ? [past] : [];
  });
}
