import type { RecordPurpose } from './record';

/** Why each record exists, and what happens without it: shown beside the record. */
export const why: Record<RecordPurpose, string> = {
  a: 'Gives the server’s IPv4 address. Without it nobody can connect to the name, and the reverse name cannot be confirmed.',
  aaaa: 'Gives the server’s IPv6 address. Gmail refuses mail that comes over IPv6 from an address without a confirmed name.',
  ptr: 'Gives the address its name. Large receivers refuse mail from an address whose name is missing, or differs from the name the server uses in EHLO.',
  mx: 'Says where mail for the domain goes. Without it replies, bounces and reports do not reach you.',
  spf: 'Lists the servers that may send for the domain. Without it Gmail and others refuse the mail or treat it as spam.',
  dkim: 'Receivers verify your signature with this key. Without it mail looks forged, and DMARC depends on SPF alone.',
  dmarc:
    'Tells receivers what to do with mail that only pretends to come from you, and where to report it. Gmail and Yahoo require it from high-volume senders.',
  'mta-sts':
    'Tells senders to insist on verified TLS when they deliver to you. Without it an attacker in between can switch encryption off.',
  'tls-rpt':
    'Tells senders where to report that TLS to your server failed. Without it you learn of an expired certificate from lost mail.',
  tlsa: 'Pins the server’s certificate in DNS (DANE), for senders that check it. Only useful in a zone signed with DNSSEC.',
  'null-mx': 'Says that the name accepts no mail (RFC 7505), so that senders give up at once instead of after days.',
  'null-spf': 'Says that no server may send in this name. Without it forgers may, and receivers cannot tell.',
  caa: 'Names the only certificate authority that may issue certificates for the domain. Without it any authority may.',
};
/** Of a domain whose mail is received elsewhere. */
export const whyMxElsewhere =
  'Says where mail for the domain goes. You chose to receive it elsewhere; this server only sends for the domain.';
/** The HELO identity has an SPF record of its own (RFC 7208 §2.3). */
export const whyHeloSpf =
  'Bounces have an empty sender, so receivers check SPF for the server’s own name instead. Without this record that check gives no result.';
