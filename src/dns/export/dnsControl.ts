import type { ExpectedRecord } from '../records/record';
import { absolute, byZone, caaParts, mxParts, tlsaParts } from './zones';

/** `D_EXTEND` blocks for dnsconfig.js: they add to the domains that the file declares already. */
export function dnsControl(records: readonly ExpectedRecord[]): string {
  return byZone(records)
    .map(([zone, own]) => `D_EXTEND(${js(zone)},\n${own.map(record => `  ${call(record)},`).join('\n')}\n);`)
    .join('\n\n')
    .concat('\n');
}

function js(text: string): string {
  return JSON.stringify(text);
}

function call(record: ExpectedRecord): string {
  const name = js(record.relativeName);
  switch (record.type) {
    case 'MX': {
      const { preference, exchange } = mxParts(record.value);
      return `MX(${name}, ${preference}, ${js(absolute(exchange))})`;
    }
    case 'CAA': {
      const { tag, text } = caaParts(record.value);
      return `CAA(${name}, ${js(tag)}, ${js(text)})`;
    }
    case 'TLSA': {
      const { usage, selector, matching, data } = tlsaParts(record.value);
      return `TLSA(${name}, ${usage}, ${selector}, ${matching}, ${js(data)})`;
    }
    case 'PTR':
    case 'CNAME':
      return `${record.type}(${name}, ${js(absolute(record.value))})`;
    default:
      // DNSControl splits a long TXT by itself.
      return `${record.type}(${name}, ${js(record.value)})`;
  }
}
