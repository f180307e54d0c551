import { stringify } from 'yaml';
import type { ExpectedRecord } from '../records/record';
import { defaultTtl } from './bind';
import { absolute, byZone, caaParts, mxParts, recordSets, tlsaParts } from './zones';

/** One YAML document a zone, as OctoDNS' YamlProvider reads `zones/ZONE.yaml`. */
export function octoDns(records: readonly ExpectedRecord[]): string {
  return byZone(records)
    .map(([zone, own]) => {
      const entries: Record<string, object[]> = {};
      for (const set of recordSets(own)) {
        const key = set[0]!.relativeName === '@' ? '' : set[0]!.relativeName;
        (entries[key] ??= []).push(entry(set));
      }
      const sorted = Object.fromEntries(
        Object.keys(entries)
          .sort()
          .map(key => [key, entries[key]!.length === 1 ? entries[key]![0] : entries[key]]),
      );
      return `# zones/${absolute(zone)}yaml\n---\n${stringify(sorted, { lineWidth: 0 })}`;
    })
    .join('\n');
}

function entry(set: ExpectedRecord[]): object {
  const values = set.map(value);
  const base = { type: set[0]!.type, ttl: defaultTtl };
  return values.length === 1 ? { ...base, value: values[0] } : { ...base, values };
}

function value(record: ExpectedRecord): unknown {
  switch (record.type) {
    case 'MX': {
      const { preference, exchange } = mxParts(record.value);
      return { preference, exchange: absolute(exchange) };
    }
    // OctoDNS reads a bare semicolon as an error: it wants it escaped.
    case 'TXT':
      return record.value.replaceAll(';', '\\;');
    case 'CAA': {
      const { flags, tag, text } = caaParts(record.value);
      return { flags, tag, value: text };
    }
    case 'TLSA': {
      const { usage, selector, matching, data } = tlsaParts(record.value);
      return { certificate_usage: usage, selector, matching_type: matching, certificate_association_data: data };
    }
    case 'PTR':
    case 'CNAME':
      return absolute(record.value);
    default:
      return record.value;
  }
}
