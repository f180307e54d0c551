import type { Finding, RecordStatus, SeenAt } from '../src/dns/records/record';
import type { CopyPart, PanelRecord } from './messages';
import type { Stretch } from './diff';
import { compare } from './diff';
import { disclosure, folded } from './disclosure';
import { dmarcBuilder } from './dmarcBuilder';
import { button, h, icon } from './dom';
import { menuButton } from './menu';
import { timeLeft } from '../src/text/duration';

export interface CardActions {
  copy(id: string, part: CopyPart): void;
  copyBuilt(value: string): void;
  open(id: string): void;
  toggle(id: string): void;
}

export const statusWords: Record<RecordStatus, { word: string; icon: string }> = {
  ok: { word: 'OK', icon: 'pass' },
  missing: { word: 'missing', icon: 'circle-slash' },
  wrong: { word: 'wrong', icon: 'error' },
  warning: { word: 'needs attention', icon: 'warning' },
  unknown: { word: 'unknown', icon: 'question' },
};
const purposeNames: Record<PanelRecord['purpose'], string> = {
  a: 'IPv4 address',
  aaaa: 'IPv6 address',
  ptr: 'Reverse name',
  mx: 'Mail exchanger',
  spf: 'SPF',
  dkim: 'DKIM',
  dmarc: 'DMARC',
  'mta-sts': 'MTA-STS',
  'tls-rpt': 'TLS reports',
  tlsa: 'DANE',
  caa: 'Certificate authority',
  'null-mx': 'Accepts no mail',
  'null-spf': 'Sends no mail',
};
/** Longer values are folded to their first lines. */
const foldBeyond = 180;

/** One record: a line when it is right, else with why, expected against found, and what to do. */
export function card(record: PanelRecord, open: boolean, actions: CardActions): HTMLElement {
  const id = `record-${record.id}`;
  const { word, icon: symbol } = statusWords[record.status];
  const title = h(
    'button',
    {
      class: 'card-title',
      'data-testid': `${id}-toggle`,
      'aria-expanded': String(open),
      'aria-controls': `${id}-body`,
      click: () => actions.toggle(record.id),
    },
    icon(open ? 'chevron-down' : 'chevron-right'),
    h(
      'span',
      { class: 'label' },
      h('span', { class: `state state-${record.status}` }, icon(symbol), h('span', {}, word)),
      h('span', { class: 'purpose' }, purposeNames[record.purpose]),
      h('span', { class: 'type' }, record.type),
    ),
    h('span', { class: 'name' }, ...nameParts(record), noteMark(record)),
    !open && h('span', { class: 'preview', 'aria-hidden': 'true' }, preview(record)),
  );
  const heading = h('h3', {}, title);
  const body = h('div', { class: 'card-body', id: `${id}-body` }, ...(open ? details(record, id, actions) : []));
  body.hidden = !open;
  return h(
    'article',
    { class: `card status-${record.status}`, 'data-testid': id, 'data-status': record.status },
    heading,
    body,
  );
}

/** The name as it is entered, with its zone; of a reverse name the address, by which people know it. */
function nameParts({ purpose, subject, relativeName, zone }: PanelRecord): (HTMLElement | string)[] {
  if (purpose === 'ptr' && subject !== undefined) return [subject];
  return [relativeName, h('span', { class: 'zone' }, `${relativeName === '@' ? ' ' : '.'}${zone}`)];
}

/** That a record which is right has more to say, which nobody would look for in it. */
function noteMark({ status, findings }: PanelRecord): HTMLElement | false {
  if (status !== 'ok' || findings.length === 0) return false;
  const words = `${findings.length} ${findings.length === 1 ? 'note' : 'notes'}`;
  return h(
    'span',
    { class: 'note-mark', title: words },
    icon('info'),
    h('span', { class: 'visually-hidden' }, ` ${words}`),
  );
}

function preview({ status, value, observed }: PanelRecord): string {
  return (status === 'ok' && value !== '' ? value : observed.join(' | ')) || 'nothing';
}

function details(record: PanelRecord, id: string, actions: CardActions): HTMLElement[] {
  const copy = (part: CopyPart) => () => actions.copy(record.id, part);
  const relative =
    record.relativeName === record.name
      ? []
      : [
          button('Copy short name', `${id}-copy-relative`, copy('relative'), {
            detail: `${record.relativeName}, as the DNS page of ${record.zone} expects it`,
          }),
        ];
  const more = menuButton(
    'More ways to copy the value',
    `${id}-more`,
    [
      { label: 'As strings of 255 octets, a line each', testId: `${id}-copy-strings`, press: copy('strings') },
      { label: 'Quoted, as in a zone file', testId: `${id}-copy-quoted`, press: copy('quoted') },
    ],
    { iconOnly: true },
  );
  return [
    h('p', { class: 'why' }, record.why),
    h(
      'div',
      { class: 'actions', role: 'group', 'aria-label': `Copy ${record.type} ${record.relativeName}` },
      record.purpose === 'ptr' &&
        button('Copy address', `${id}-copy-address`, copy('address'), {
          icon: 'copy',
          ...(record.subject === undefined ? {} : { detail: record.subject }),
        }),
      button('Copy name', `${id}-copy-name`, copy('name'), { icon: 'copy', detail: record.name }),
      ...relative,
      // A value that somebody else decides cannot be copied.
      record.value !== '' &&
        h(
          'span',
          { class: 'split' },
          button('Copy value', `${id}-copy-value`, copy('value'), {
            icon: 'copy',
            detail: `${record.type} ${record.relativeName}`,
          }),
          more,
        ),
      record.policy &&
        button('Copy policy', `${id}-copy-policy`, copy('policy'), { icon: 'copy', detail: record.policy.url }),
      record.link && button(record.link.title, `${id}-open`, () => actions.open(record.id), { icon: 'link-external' }),
    ),
    values(record, id),
    notes(record, id),
    record.purpose === 'dmarc' && dmarcBuilder(record, id, actions.copyBuilt),
    servers(record, id),
    ...record.findings.map(finding => findingLine(finding, record)),
  ].filter(part => part instanceof HTMLElement);
}

/** What the value says, for who wants to know. */
function notes({ notes: lines = [] }: PanelRecord, id: string): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  return disclosure(`${id}-notes`, 'What the value says', h('ul', {}, ...lines.map(line => h('li', {}, line))));
}

/** Who answered what, and for how long caches keep it: how far a change has come. */
function servers({ seen = [] }: PanelRecord, id: string): HTMLElement | undefined {
  if (seen.length < 2) return undefined;
  return disclosure(
    `${id}-servers`,
    'What each server answers',
    h(
      'dl',
      { class: 'values servers' },
      ...seen.flatMap(({ server, from, values: found, ttl = 0, failure }, at) => [
        h('dt', {}, server, h('span', { class: 'at' }, ` ${places[from]}`)),
        h('dd', {}, ...answers(found, failure?.replace(`${server} `, ''), ttl, `${id}-server-${at}`)),
      ]),
    ),
  );
}

/** Each value on a line of its own; how long caches keep them stands behind the last. */
function answers(values: string[], failure: string | undefined, ttl: number, id: string): HTMLElement[] {
  const nothing = failure === undefined ? 'nothing' : `no answer: ${failure}`;
  const shown =
    values.length > 0
      ? values.map((value, at) => text(value, 'del', `${id}-${at}`))
      : [h('span', { class: 'nothing' }, nothing)];
  const kept = ttl > 0 && h('span', { class: 'at' }, ` kept for ${timeLeft(ttl * 1000)}`);
  return shown.map((part, at) => h('div', {}, part, at === shown.length - 1 && kept));
}

const places: Record<SeenAt['from'], string> = {
  zone: 'of the zone',
  resolver: 'resolver',
  'mail-host': 'its resolver',
};

/** Who decides what a record says, where nobody knows it here. */
const decidedElsewhere: Partial<Record<PanelRecord['type'], string>> = {
  MX: 'what the mailbox’s provider specifies',
  CAA: 'the authority of the server’s certificate, which is still unknown',
  TLSA: 'the key of the server’s certificate, which is still unknown',
};

/** The full name, then what should be there, then what is. */
function values(record: PanelRecord, id: string): HTMLElement {
  const rows: [string, HTMLElement, (string | undefined)?][] = [['name', h('code', {}, record.name)]];
  // Providers ask for the address, and make the reverse name from it.
  if (record.purpose === 'ptr' && record.subject) rows.unshift(['address', h('code', {}, record.subject)]);
  const found = foundRows(record);
  const comparable = record.status !== 'ok' && record.value !== '';
  const difference = (value: string) =>
    comparable && value !== record.value ? compare(record.value, value) : undefined;
  // What is there instead, by the first server that says so.
  const other = found.find(({ values: seen }) => seen.length === 1 && difference(seen[0]!))?.values[0];
  const single = other === undefined ? undefined : difference(other);
  const value = record.value || (decidedElsewhere[record.type] ?? 'the server’s address');
  rows.push([
    'expected',
    record.value === ''
      ? h('span', { class: 'nothing' }, value)
      : text(single?.expected ?? value, 'ins', `${id}-expected`),
  ]);
  for (const { values: seen, at } of found) {
    if (seen.length === 0) rows.push(['found', h('span', { class: 'nothing' }, 'nothing'), at]);
    for (const value of seen)
      rows.push(['found', text(difference(value)?.found ?? value, 'del', `${id}-found-${rows.length}`), at]);
  }
  if (record.policy) rows.push(['policy', h('code', {}, record.policy.text.trim()), record.policy.url]);
  return h(
    'dl',
    { class: 'values' },
    ...rows.flatMap(([label, value, at]) => [
      h('dt', {}, label),
      h('dd', {}, value, at !== undefined && h('span', { class: 'at' }, ` at ${at}`)),
    ]),
  );
}

/** What is there, and where: one row when all servers agree. */
function foundRows(record: PanelRecord): { values: string[]; at?: string }[] {
  const groups = new Map<string, SeenAt[]>();
  for (const item of record.seen ?? []) {
    if (item.failure !== undefined) continue;
    const key = JSON.stringify([...item.values].sort());
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  if (groups.size < 2) return record.status === 'ok' && record.value !== '' ? [] : [{ values: record.observed }];
  return [...groups.values()].map(items => ({
    values: items[0]!.values,
    at: items.map(item => item.server).join(', '),
  }));
}

/** A value that breaks anywhere, with its differences marked; long ones are folded until asked for. */
function text(value: string | Stretch[], mark: 'ins' | 'del', id: string): HTMLElement {
  const stretches = typeof value === 'string' ? [{ text: value, same: true }] : value;
  const code = h('code', {}, ...stretches.map(part => (part.same ? h('span', {}, part.text) : h(mark, {}, part.text))));
  const length = stretches.reduce((sum, part) => sum + part.text.length, 0);
  return length <= foldBeyond ? code : folded(`${id}-fold`, code);
}

const severityIcons: Record<Finding['severity'], { icon: string; word: string }> = {
  error: { icon: 'error', word: 'Error' },
  warning: { icon: 'warning', word: 'Warning' },
  information: { icon: 'info', word: 'Note' },
};

/** A long value stands above already, with a button to copy it. */
function shortFix(fix: string, record: PanelRecord): string {
  return record.value.length > 60 ? fix.replace(`: ${record.value}`, ', shown above as expected.') : fix;
}

function findingLine(finding: Finding, record: PanelRecord): HTMLElement {
  const { icon: symbol, word } = severityIcons[finding.severity];
  return h(
    'div',
    { class: `finding finding-${finding.severity}`, 'data-code': finding.code },
    icon(symbol),
    h(
      'div',
      {},
      h(
        'p',
        {},
        h('span', { class: 'visually-hidden' }, `${word}: `),
        h('strong', {}, finding.message),
        finding.why !== undefined && finding.why !== record.why && ` ${finding.why}`,
      ),
      finding.fix !== undefined &&
        h('p', { class: 'fix' }, icon('arrow-right'), h('span', {}, shortFix(finding.fix, record))),
    ),
  );
}
