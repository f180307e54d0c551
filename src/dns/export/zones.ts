import type { ExpectedRecord } from '../records/record';

/** Records grouped by the zone they are entered in, in the order in which the zones first occur. */
export function byZone(records: readonly ExpectedRecord[]): [zone: string, records: ExpectedRecord[]][] {
  const zones = new Map<string, ExpectedRecord[]>();
  for (const record of records) zones.set(record.zone, [...(zones.get(record.zone) ?? []), record]);
  return [...zones];
}

/** Records of one zone grouped by name and type: what tools call a record set. */
export function recordSets(records: readonly ExpectedRecord[]): ExpectedRecord[][] {
  const sets = new Map<string, ExpectedRecord[]>();
  for (const record of records) {
    const key = `${record.name} ${record.type}`;
    sets.set(key, [...(sets.get(key) ?? []), record]);
  }
  return [...sets.values()];
}

/** `10 mail.example.com` taken apart. */
export function mxParts(value: string): { preference: number; exchange: string } {
  const [preference = '10', exchange = '.'] = value.split(' ');
  return { preference: Number(preference), exchange };
}

/** `0 issue "letsencrypt.org"` taken apart. */
export function caaParts(value: string): { flags: number; tag: string; text: string } {
  const match = /^(\d+) (\S+) "(.*)"$/.exec(value);
  return { flags: Number(match?.[1] ?? 0), tag: match?.[2] ?? 'issue', text: match?.[3] ?? value };
}

/** `3 1 1 abcd…` taken apart. */
export function tlsaParts(value: string): { usage: number; selector: number; matching: number; data: string } {
  const [usage = '3', selector = '1', matching = '1', data = ''] = value.split(' ');
  return { usage: Number(usage), selector: Number(selector), matching: Number(matching), data };
}

/** An identifier for a record: letters, digits and underscores. */
export function identifier(record: ExpectedRecord): string {
  return `${record.purpose}_${record.relativeName === '@' ? 'apex' : record.relativeName}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

/** Names in zone data end with a dot. */
export function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}
