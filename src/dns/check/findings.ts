import type { Finding } from '../records/record';

type Known = { severity: Finding['severity']; why: string };
const error = (why: string): Known => ({ severity: 'error', why });
const warning = (why: string): Known => ({ severity: 'warning', why });
const information = (why: string): Known => ({ severity: 'information', why });

/** Every finding code about DNS, how bad it is and why it matters. Codes are stable: scripts rely on them. */
export const catalogue = {
  // Any record
  'dns-no-answer': warning(
    'Without an answer, the record cannot be checked. Receivers defer mail for the same reason.',
  ),
  'record-missing': error(''),
  'dnssec-broken': error(
    'Resolvers that validate, such as those of Google and Cloudflare, answer nothing at all for the zone.',
  ),
  'dns-cache-old': information(
    'The old answer expires on its own. Until then, receivers that asked earlier may also still have it in their cache.',
  ),
  'dns-server-silent': information(
    'The others answer in its place, but whoever asks it first has to wait, which delays mail.',
  ),
  'dns-servers-disagree': warning(
    'Which answer a receiver gets depends on which server it asks, so some of your mail fails until all servers agree.',
  ),
  'zone-appended-twice': error(
    'Many providers append the zone to what is entered, so a full name ends up with the zone twice and nobody finds it.',
  ),
  'alias-without-record': error(
    'A lookup continues at the target of the alias, and a name with a CNAME can hold no other record (RFC 1034 §3.6.2).',
  ),
  'wildcard-answer': error(
    'A wildcard record answers for every name that has no record of its own, with text that means nothing here.',
  ),
  'value-in-quotes': error(
    'Quotation marks that were entered as part of the value make it unreadable: providers add their own.',
  ),
  'value-is-zone-line': error(
    'The name, the type and the parentheses of a zone file became part of the value, so nobody can read it.',
  ),
  'value-with-backslashes': error(
    'Backslashes from a zone file were entered as part of the value. Receivers read them as text and reject the record.',
  ),

  // A, AAAA
  'address-wrong': error('Connections for the name go to another machine, and the reverse name cannot be confirmed.'),
  'address-extra': warning('Part of the connections goes to the other address, and fails or reaches another machine.'),
  'address-other-family': warning('Senders that prefer the other address family try an address that does not answer.'),
  'host-is-alias': warning(
    'A mail server’s name must not be an alias: MX may not point to it, and its certificate may name the target instead.',
  ),
  'address-not-public': information(
    'The internet cannot reach a private address. Mail can only be exchanged within this network.',
  ),
  'address-blocklisted': error('Receivers that use this list refuse mail from the address.'),
  'domain-blocklisted': error('Receivers that use this list refuse mail that names the domain.'),
  'blocklist-refused-query': information(
    'The list answers only resolvers that it knows; a public resolver gets an error code. It is not a listing.',
  ),
  'blocklist-no-answer': information('It is unknown whether the address is listed.'),

  // PTR
  'ptr-wrong-name': error(
    'Receivers compare the address’s name with the one in EHLO. Gmail refuses mail over IPv6 when they differ.',
  ),
  'ptr-several': warning('Receivers check only one of the names, and not always the expected one.'),
  'ptr-not-forward-confirmed': error(
    'A name that does not resolve back to the address proves nothing, so receivers treat the address as nameless.',
  ),

  // MX
  'mx-null': error(
    'A null MX (RFC 7505) says that the domain accepts no mail. Many receivers then refuse mail from it as well.',
  ),
  'mx-not-us': error(
    'Replies and bounces go elsewhere, while chasquid treats the domain as its own and never forwards to the other server.',
  ),
  'mx-elsewhere': information(
    'chasquid still treats the domain as its own: what this server itself sends to the domain never reaches the other one.',
  ),
  'mx-not-elsewhere': warning('Mail then arrives here, and the mailbox that you use stays empty.'),
  'null-mx-others': information('Senders try to deliver mail to a name for which no server accepts any.'),
  'domain-is-alias': warning(
    'A domain with a CNAME can hold no records of its own (RFC 1034 §3.6.2), and some mail software writes the other name into addresses.',
  ),
  'mx-alias': error('RFC 2181 §10.3 forbids an alias as the target of MX, and some senders refuse to deliver.'),
  'mx-no-address': error('Senders cannot connect to a name without an address; mail waits for days and then bounces.'),
  'mx-is-address': error('An MX record must contain a name, not an address. Senders ignore the record.'),
  'mx-others-first': warning('Mail goes to the server with the lowest number first, and chasquid never sees it.'),
  'mx-other-name': information(
    'The name leads to this server, but senders that verify certificates expect one for that name.',
  ),

  // SPF
  'null-spf-allows': warning('The name is not meant to send mail, so any mail from it is forged.'),
  'spf-several-records': error('RFC 7208 §4.5 makes two records a permanent error: SPF then fails for all mail.'),
  'spf-syntax': error('One error makes the whole record a permanent error: SPF then fails for all mail.'),
  'spf-bad-start': error(
    'A record counts only when it starts with “v=spf1”, followed by a space or nothing. Receivers see no SPF at all.',
  ),
  'spf-equals-sign': warning(
    'Receivers skip words with “=” that they do not know (RFC 7208 §6), so the term allows nobody.',
  ),
  'spf-strings-without-blank': error(
    'The strings of a TXT record are joined without anything between them (RFC 7208 §3.3), so two terms became one.',
  ),
  'spf-not-authorized': error('Mail from this address fails SPF.'),
  'spf-waits-for-address': warning(
    'SPF names the server by its name, so it starts to work as soon as the name has this address.',
  ),
  'spf-too-many-lookups': error('Receivers stop after ten lookups (RFC 7208 §4.6.4) and treat the record as broken.'),
  'spf-near-lookup-limit': information(
    'Providers change what their includes contain; one more lookup there breaks your record.',
  ),
  'spf-too-many-void-lookups': error(
    'Receivers stop after two lookups without an answer (RFC 7208 §4.6.4) and treat the record as broken.',
  ),
  'spf-void-lookup': warning('The term allows nobody, and three such terms break the record.'),
  'spf-include-without-record': error(
    'An include or redirect whose target has no SPF record is a permanent error (RFC 7208 §5.2).',
  ),
  'spf-loop': error('Receivers follow the loop until they reach the lookup limit, which breaks the record.'),
  'spf-allows-everyone': error(
    'Anybody may send in your name with a pass, and receivers trust such domains less than those without SPF.',
  ),
  'spf-neutral-all': warning('It says nothing about other servers, as if there were no SPF.'),
  'spf-no-all': warning('Without an end like “~all” mail from anywhere else is neutral, as if there were no SPF.'),
  'spf-text-after-all': warning('“all” matches everything, so what follows is never read.'),
  'spf-ptr': warning('RFC 7208 §5.5 says not to use it: it is slow, unreliable, and many receivers ignore it.'),
  'spf-broad-network': warning('The more addresses may send for you, the likelier one of them belongs to a spammer.'),
  'spf-duplicate-term': information('The second one only costs a lookup.'),
  'spf-too-long': warning('Answers beyond 512 octets need EDNS or TCP, which some receivers do without.'),
  'spf-mx-too-many-hosts': error('An mx term with more than ten hosts is a permanent error (RFC 7208 §4.6.4).'),
  'spf-not-resolvable': warning('While the name does not answer, receivers defer your mail.'),
  'spf-obsolete-type': information('Record type SPF (99) was withdrawn by RFC 7208 §3.1; receivers read TXT only.'),
  'spf-sender-id': information('Sender ID (spf2.0) is obsolete; no major receiver reads it.'),

  // DKIM
  'dkim-key-differs': error('The signature is made with another key, so it never verifies.'),
  'dkim-revoked': error('An empty p= says that the key was revoked. Every signature with this selector fails.'),
  'dkim-syntax': error('Receivers cannot read the record and treat the signature as invalid.'),
  'dkim-private-key': error('Everybody can read it and sign in your name. Deleting the record does not undo that.'),
  'dkim-version': error('v= must come first and be DKIM1 (RFC 6376 §3.6.1), else the record is ignored.'),
  'dkim-key-type': error('The record names another kind of key than the server signs with.'),
  'dkim-test-mode': warning('t=y asks receivers to treat your mail as if it were not signed.'),
  'dkim-short-key': warning('Keys under 2048 bits are weak; under 1024 receivers ignore them (RFC 8301).'),
  'dkim-several-records': error('With several records at one name the result is undefined (RFC 6376 §3.6.2.2).'),
  'dkim-split-records': error(
    'The parts of a long key belong in one record with several strings, not into several records.',
  ),
  'dkim-service-type': error('s= limits the key to services which do not include e-mail.'),
  'dkim-hash': error('h= excludes sha256, the hash that the server signs with.'),
  'dkim-wrong-selector': error('Receivers look up the selector that the signature names, and find nothing there.'),
  'dkim-key-not-loaded': warning('chasquid reads keys only when it starts, so it does not sign with this one yet.'),
  'dkim-ed25519-only': warning(
    'Gmail and Outlook do not verify Ed25519 signatures yet. Without an RSA key your mail counts as unsigned there.',
  ),

  // DMARC
  'dmarc-several-records': error('With several records receivers act as if there were none (RFC 9989 §4.10).'),
  'dmarc-syntax': error(
    'Receivers skip what they cannot read (RFC 9989 §4.8), and older ones act as if there were no record.',
  ),
  'dmarc-bad-start': error('A record counts only when it starts with “v=DMARC1”, written exactly so.'),
  'dmarc-not-dmarc': error('What is published at this name is something else, so there is no DMARC policy.'),
  'dmarc-at-apex': error('DMARC is looked up at _dmarc below the domain. A record at the domain itself has no effect.'),
  'dmarc-wrong-name': error('Receivers look for the policy at _dmarc below the domain, and nowhere else.'),
  'dmarc-duplicate-tag': error('A tag given twice makes the whole record invalid (RFC 6376 §3.2).'),
  'dmarc-unknown-policy': error(
    'A policy other than none, quarantine and reject makes receivers fall back to none, or ignore the record.',
  ),
  'dmarc-no-policy': warning('Without p= the policy is “none”, and only if rua= is there.'),
  'dmarc-policy-none': information(
    '“none” only monitors. Once the reports show that all your mail passes, a stricter policy stops forgers.',
  ),
  'dmarc-testing': warning('t=y makes receivers apply one step less than the policy says.'),
  'dmarc-removed-tag': information('RFC 9989 removed this tag; receivers that follow it ignore it.'),
  'dmarc-unknown-tag': information('Receivers ignore tags they do not know; it may be a typo.'),
  'dmarc-bad-value': warning('Receivers ignore a value they do not know and use the default.'),
  'dmarc-fo-redundant': information('“1” asks for a report on any failure, which includes what “0” asks for.'),
  'dmarc-fo-without-ruf': information('fo= chooses among failure reports, and without ruf= there are none.'),
  'dmarc-no-reports': warning('Without rua= you never learn who sends in your name, nor whether your own mail passes.'),
  'dmarc-report-address': error('Receivers send reports only to a mailto: address; they ignore anything else.'),
  'dmarc-report-size': information('RFC 9989 removed the size limit after “!”; receivers ignore it.'),
  'dmarc-many-report-addresses': information('Receivers need not send to more than two addresses.'),
  'dmarc-report-not-authorized': warning(
    'Receivers send reports to another domain only when that domain says it wants them (RFC 9990 §4).',
  ),
  'dmarc-report-undeliverable': warning('The domain of the report address accepts no mail, so the reports are lost.'),
  'dmarc-inherited': information(
    'A subdomain without a record of its own follows the organisational domain’s (RFC 9989 §4.10).',
  ),
  'dmarc-subdomains-weaker': information('Forgers may use any subdomain, also those which do not exist.'),
  'dmarc-psd': warning('psd=y says that the domain is a public suffix like co.uk, so alignment is never found here.'),

  // MTA-STS, TLS-RPT, TLSA, CAA
  'mta-sts-syntax': error('Senders cannot read the record and do without MTA-STS.'),
  'mta-sts-several-records': error('With several records senders act as if there were none (RFC 8461 §3.1).'),
  'mta-sts-no-policy': warning('The record announces a policy that nobody can fetch, so it protects nothing.'),
  'mta-sts-policy-invalid': error('Senders ignore a policy that they cannot read.'),
  'mta-sts-host-missing': error(
    'A sender that enforces the policy refuses to deliver to a server that the policy does not name.',
  ),
  'mta-sts-testing': information(
    'In testing mode senders only report. Change it to enforce when the reports are clean.',
  ),
  'mta-sts-short-age': information('Senders forget the policy soon, and with it the protection.'),
  'mta-sts-not-fetched': information('Only the record was checked, not the policy itself.'),
  'tls-rpt-syntax': error('Senders cannot read the record and report nothing.'),
  'tls-rpt-several-records': error('With several records senders act as if there were none (RFC 8460 §3).'),
  'tlsa-syntax': error('Senders ignore a TLSA record whose numbers or length mean nothing, so it pins nothing.'),
  'tlsa-mismatch': error('Senders that use DANE refuse to deliver: the certificate is not the pinned one.'),
  'tlsa-usage': error('Only the usages 2 and 3 count for mail (RFC 7672 §3.1.3).'),
  'tlsa-without-dnssec': warning('Senders ignore TLSA in a zone that is not signed.'),
  'caa-forbids-issuer': error('The next renewal of the certificate will be refused.'),
  'caa-unknown-critical': error(
    'An authority must not issue when a property that it does not know is marked critical (RFC 8659 §4.1).',
  ),
} satisfies Record<string, Known>;

export type FindingCode = keyof typeof catalogue;

/** A finding of the catalogue. `fix` is what to do next, with the exact text to publish where there is one. */
export function finding(
  code: FindingCode,
  message: string,
  fix?: string,
  severity: Finding['severity'] = catalogue[code].severity,
): Finding {
  const { why } = catalogue[code];
  return { code, severity, message, ...(why ? { why } : {}), ...(fix === undefined ? {} : { fix }) };
}
