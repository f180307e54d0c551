import { quoteString, splitStrings } from '../../src/dns/characterStrings';

/** Lines `name TYPE value`, as `startDns` reads them, as a zone file of the root (RFC 1035 §5) for a real server. */
export function rootZoneFile(lines: string): string {
  const records = lines.split('\n').flatMap(line => {
    const match = /^\s*(\S+)\s+(\S+)\s*(.*?)\s*$/.exec(line);
    return match ? [`${absolute(match[1]!)} ${match[2]!} ${data(match[2]!, match[3]!)}`] : [];
  });
  const head = ['$ORIGIN .', '$TTL 60', '. SOA ns.test. hostmaster.test. 1 60 60 600 30', '. NS ns.test.'];
  return [...head, ...new Set(records), ''].join('\n');
}

const absolute = (name: string) => (name.endsWith('.') ? name : `${name}.`);

function data(type: string, value: string): string {
  switch (type) {
    case 'MX':
    case 'CNAME':
    case 'PTR':
    case 'NS':
      return absolute(value);
    case 'TXT':
    case 'SPF':
      return strings(value).map(quoteString).join(' ');
    case 'DS':
      return `1 13 2 ${'01'.repeat(32)}`;
    default:
      return value;
  }
}

function strings(value: string): string[] {
  if (!value.startsWith('"')) return splitStrings(value);
  return [...value.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(match => match[1]!.replace(/\\(.)/g, '$1'));
}

/** A zone file of `origin` that no cache keeps for long, with further lines of master file format. */
export const zoneFile = (origin: string, ...lines: string[]): string =>
  [
    `$ORIGIN ${origin}`,
    '$TTL 5',
    '@ SOA ns.example.test. hostmaster.example.test. 1 60 60 600 1',
    '@ NS ns.example.test.',
    ...lines,
    '',
  ].join('\n');
