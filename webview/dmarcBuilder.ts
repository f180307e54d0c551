import type { DmarcChoices } from '../src/dns/dmarc/build';
import { buildDmarc, readChoices, stageAdvice } from '../src/dns/dmarc/build';
import { explainDmarc } from '../src/dns/dmarc/explain';
import type { PanelRecord } from './messages';
import { disclosure } from './disclosure';
import { button, h } from './dom';

/** What the user chose stays while the page is drawn again with each check; it begins with what the record says. */
const chosen = new Map<string, { from: string; choices: DmarcChoices }>();

const policies: [string, string][] = [
  ['none', 'none: only monitor'],
  ['quarantine', 'quarantine: put it into spam'],
  ['reject', 'reject: refuse it'],
];
const moments: [string, string][] = [
  ['0', '0: neither SPF nor DKIM passes'],
  ['1', '1: SPF or DKIM does not pass'],
  ['d', 'd: a DKIM signature fails'],
  ['s', 's: SPF fails'],
  ['d:s', 'd:s: either of the two fails'],
];

/** A form for the domain's DMARC record: each choice changes the value below, whose every tag is explained. */
export function dmarcBuilder(record: PanelRecord, id: string, copy: (value: string) => void): HTMLElement {
  const known = chosen.get(record.id);
  const choices = known?.from === record.value ? known.choices : readChoices(record.value);
  chosen.set(record.id, { from: record.value, choices });
  const output = h('code', { 'data-testid': `${id}-built` });
  const lines = h('ul', {});
  const advice = h('p', { class: 'why' });
  const draw = () => {
    output.textContent = buildDmarc(choices);
    lines.replaceChildren(...explainDmarc(buildDmarc(choices)).map(line => h('li', {}, line)));
    advice.textContent = stageAdvice(choices);
  };
  const set = <Key extends keyof DmarcChoices>(key: Key, value: DmarcChoices[Key]) => {
    choices[key] = value;
    draw();
  };
  const select = (key: 'policy' | 'subdomains' | 'missing' | 'when', options: [string, string][]) =>
    h(
      'select',
      {
        'data-testid': `${id}-${key}`,
        change: event => set(key, (event.target as HTMLSelectElement).value as never),
      },
      ...options.map(([value, label]) => h('option', { value, selected: choices[key] === value }, label)),
    );
  const input = (key: 'reports' | 'failures', placeholder: string) =>
    h('input', {
      type: 'text',
      value: choices[key],
      placeholder,
      spellcheck: 'false',
      'data-testid': `${id}-${key}`,
      input: event => set(key, (event.target as HTMLInputElement).value),
    });
  const check = (key: 'test' | 'strictDkim' | 'strictSpf', label: string) =>
    h(
      'label',
      { class: 'check' },
      h('input', {
        type: 'checkbox',
        checked: choices[key],
        'data-testid': `${id}-${key}`,
        change: event => set(key, (event.target as HTMLInputElement).checked),
      }),
      label,
    );
  const row = (label: string, control: HTMLElement) => h('label', { class: 'field' }, h('span', {}, label), control);
  const same: [string, string] = ['', 'the same policy'];
  draw();
  return disclosure(
    `${id}-builder`,
    'Build another record',
    h(
      'div',
      { class: 'builder', role: 'group', 'aria-label': 'DMARC record' },
      row('Mail in your name that does not pass', select('policy', policies)),
      row('The same of subdomains', select('subdomains', [same, ...policies])),
      row('The same of subdomains that do not exist', select('missing', [same, ...policies])),
      row('Daily reports go to', input('reports', 'nobody')),
      row('Reports about single messages go to', input('failures', 'nobody')),
      row('They are sent when', select('when', moments)),
      check('strictDkim', 'The domain of the DKIM signature must be exactly yours'),
      check('strictSpf', 'The domain that SPF checks must be exactly yours'),
      check('test', 'Only a trial: receivers apply one step less'),
      h('p', { class: 'built' }, output),
      advice,
      lines,
      button('Copy this value', `${id}-copy-built`, () => copy(buildDmarc(choices)), { icon: 'copy' }),
    ),
  );
}
