import { receiver, services } from './net';

/** Seconds. Short, so that a test sees a change at once, yet not 0, which some resolvers treat in their own way. */
export const ttl = 1;
const nameServer = 'ns.test.';

/** The text of a zone file: SOA, NS and what `records` adds, with names relative to `origin`. */
export function zone(origin: string, records = ''): string {
  const head = `$ORIGIN ${origin}\n$TTL ${ttl}\n@ SOA ${nameServer} hostmaster.test. 1 60 60 600 ${ttl}\n@ NS ${nameServer}\n`;
  return head + records + '\n';
}

const addresses = (name: string, at: { ipv4: string; ipv6: string }) =>
  `${name} A ${at.ipv4}\n${name} AAAA ${at.ipv6}\n`;
const delegate = (...names: string[]) => names.map(name => `${name} NS ${nameServer}\n`).join('');
const reverse4 = '77.10.in-addr.arpa.';
const reverse6 = '0.0.0.0.0.0.0.0.7.7.0.0.0.0.d.f.ip6.arpa.';
const lastNibbles = (last: number) =>
  `${[...last.toString(16)].reverse().join('.')}${'.0'.repeat(16 - last.toString(16).length)}`;

/**
 * What the world's DNS server knows when it starts. It serves the root as well, so that every other name is a clean NXDOMAIN and not a
 * failure. `example.test.` and its sisters are the test person's own, and empty.
 */
export function worldZones(): Record<string, string> {
  const people = ['example.test.', 'example2.test.', 'example3.test.'];
  return {
    '.': zone('.', delegate('test.', 'gmail.com.', 'google.com.', reverse4, reverse6)),
    'test.': zone('test.', delegate(...people, 'sink.test.') + addresses('ns', services) + addresses('acme', services)),
    ...Object.fromEntries(people.map(origin => [origin, zone(origin)])),
    'sink.test.': zone('sink.test.', '@ MX 10 mx\n@ TXT "v=spf1 mx -all"\n' + addresses('mx', receiver)),
    'gmail.com.': zone('gmail.com.', '@ MX 5 gmail-smtp-in.l.google.com.\n'),
    'google.com.': zone('google.com.', addresses('gmail-smtp-in.l', receiver) + addresses('aspmx.l', receiver)),
    [reverse4]: zone(reverse4, '1.0 PTR ns.test.\n10.0 PTR mx.sink.test.\n'),
    [reverse6]: zone(reverse6, `${lastNibbles(1)} PTR ns.test.\n${lastNibbles(0x10)} PTR mx.sink.test.\n`),
  };
}
