/**
 * What the DNS panel's page and the extension say to each other.
 *
 * The page carries these `data-testid` attributes, which stay the same from check to check:
 * - `verdict`, `dnssec` (how it stands in each zone), `status-line`, `check-again`, `watch`, `choose`, `copy-all`, `copy-all-FORMAT` (`plain`, `bind`, `octodns`, `dnscontrol`,
 *   `cloudflare`, `route53`, `nsupdate`), `send-update`, `group-required`, `group-recommended`, `group-optional`
 * - for each record, with ID from `recordIds` (`a-A`, `aaaa-AAAA`, `ptr-PTR-v4`, `ptr-PTR-v6`, `mx-MX`, `spf-TXT`, `spf-TXT-2` for the
 *   server's own name, `dkim-TXT-SELECTOR`, `dmarc-TXT`, `mta-sts-TXT`, `tls-rpt-TXT`, `tlsa-TLSA`, `caa-CAA`, `null-mx-MX`, `null-spf-TXT`; a second one of a kind
 *   ends in `-2`): `record-ID` (also has `data-status`), `record-ID-toggle`, `record-ID-copy-name` (the full name),
 *   `record-ID-copy-relative`, `record-ID-copy-address` (of a reverse name), `record-ID-copy-value` (one string), `record-ID-more` (opens the menu with `record-ID-copy-strings`
 *   and `record-ID-copy-quoted`), `record-ID-servers` (what each server answers),
 *   `record-ID-notes` (what the value says); of DMARC `record-ID-builder` (opens the form with `-policy`, `-subdomains`, `-missing`, `-reports`,
 *   `-failures`, `-when`, `-strictDkim`, `-strictSpf`, `-test`, `-built`, `-copy-built`)
 * A record that is right is folded: press its toggle before its copy buttons.
 */
import type { ExportFormat } from '../src/dns/export/format';
import type { RecordVerdict } from '../src/dns/records/record';

export interface PanelRecord extends RecordVerdict {
  /** From `recordIds`. */
  id: string;
  /** Where this record is entered, when its provider is known: a page to open. */
  link?: { title: string; url: string };
}

export interface PanelModel {
  domain: string;
  server: string;
  /** The sentence under the title, and how bad it is. */
  verdict: { sentence: string; worst: RecordVerdict['status'] };
  /** What to know that belongs to no record. */
  notices: string[];
  records: PanelRecord[];
  /** Milliseconds since the epoch. */
  checkedAt: number;
  /** Whether records can be sent to the zone's own DNS server. */
  canSend: boolean;
  /** Whether the user can say what no server tells: where mail is received, which names never send. */
  canChoose: boolean;
}

/** `name`: fully qualified; `relative`: as entered in the zone's page; `address`: of a reverse name; `value`: one string; `strings`: each up to 255 octets on a line of
 * its own; `quoted`: as a zone file writes it; `policy`: of MTA-STS. */
export type CopyPart = 'policy' | 'name' | 'relative' | 'address' | 'value' | 'strings' | 'quoted';

export type ToPage =
  | { type: 'model'; model: PanelModel }
  /** `busy` shows the ring; an empty text hides the line. `offline`: the first button connects before it checks. */
  | { type: 'status'; text: string; busy: boolean; watching: boolean; offline?: boolean }
  | { type: 'copied'; what: string };

export type FromPage =
  /** The page is there; with the model that it shows from before the window was reloaded. */
  | { type: 'ready'; model?: PanelModel }
  | { type: 'check' }
  | { type: 'copy'; id: string; part: CopyPart }
  /** A DMARC record that the user put together on the page. */
  | { type: 'copy-built'; value: string }
  | { type: 'copy-all'; format: ExportFormat }
  | { type: 'watch'; on: boolean }
  | { type: 'send-update' }
  | { type: 'choose' }
  | { type: 'open'; id: string };

/** What the page keeps across a reload of the window. */
export interface PageState {
  server: string;
  domain: string;
  model?: PanelModel;
  /** Records whose card the user opened or closed, against what their status says. */
  toggled: string[];
  scrollY: number;
}
