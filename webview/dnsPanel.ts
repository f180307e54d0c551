import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import '@vscode/codicons/dist/codicon.css';
import './dnsPanel.css';
import { exportTitles, isExportFormat } from '../src/dns/export/format';
import type { Requirement } from '../src/dns/records/record';
import type { FromPage, PageState, PanelModel, PanelRecord, ToPage } from './messages';
import { card, statusWords } from './card';
import { button, h, icon } from './dom';
import { dnssecLine } from './dnssec';
import { menuButton, menuClosed } from './menu';

interface Host {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
}
declare function acquireVsCodeApi(): Host;

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());
const host = acquireVsCodeApi();
const root = document.getElementById('root')!;
const announcer = document.getElementById('announcer')!;
const saved = host.getState();
const state: PageState = saved ?? {
  server: root.dataset.server ?? '',
  domain: root.dataset.domain ?? '',
  toggled: [],
  scrollY: 0,
};
let status: Extract<ToPage, { type: 'status' }> = { type: 'status', text: 'Checking…', busy: true, watching: false };

const groups: { requirement: Requirement; title: string; text: string }[] = [
  { requirement: 'required', title: 'You must', text: 'Without these your mail is refused or lands in spam.' },
  { requirement: 'recommended', title: 'You should', text: 'These protect you and tell you when something breaks.' },
  { requirement: 'optional', title: 'Nice to have', text: 'For those who want to close the last gaps.' },
];

function remember(): void {
  state.scrollY = window.scrollY;
  host.setState(state);
}

/** A card is open when its record is not right, unless the user wanted it otherwise. */
function isOpen(record: PanelRecord): boolean {
  return (record.status !== 'ok') !== state.toggled.includes(record.id);
}

function toggle(id: string): void {
  state.toggled = state.toggled.includes(id) ? state.toggled.filter(item => item !== id) : [...state.toggled, id];
  remember();
  redraw();
}

let late = false;
root.addEventListener(menuClosed, () => {
  if (late) redraw();
});

/** Draws everything again and gives the focus back to where it was. Not under an open menu: that is drawn when it closes. */
function redraw(): void {
  late = root.querySelector('.menu:not([hidden])') !== null;
  if (late) return;
  const focused = document.activeElement?.closest('[data-testid]')?.getAttribute('data-testid');
  const { model } = state;
  root.replaceChildren(
    header(model),
    ...(model ? groups.map(group => section(group, model.records)).filter(part => part !== undefined) : []),
  );
  if (focused)
    root.querySelector<HTMLElement>(`[data-testid="${CSS.escape(focused)}"]`)?.focus({
      preventScroll: true,
    });
}

function header(model: PanelModel | undefined): HTMLElement {
  const worst = model?.verdict.worst ?? 'unknown';
  const words = model
    ? h(
        'p',
        { class: `verdict state-${worst}`, 'data-testid': 'verdict' },
        icon(statusWords[worst].icon),
        h('span', {}, model.verdict.sentence),
      )
    : undefined;
  return h(
    'header',
    {},
    h('h1', {}, state.domain, h('span', { class: 'server' }, ` on ${state.server}`)),
    words,
    model && dnssecLine(model.records),
    ...(model?.notices ?? []).map(notice => h('p', { class: 'notice' }, icon('info'), h('span', {}, notice))),
    toolbar(model),
    h(
      'p',
      { class: 'status-line', 'data-testid': 'status-line', 'data-busy': String(status.busy) },
      status.busy && h('vscode-progress-ring', { 'aria-hidden': 'true' }),
      h('span', {}, statusText(model)),
    ),
  );
}

function statusText(model: PanelModel | undefined): string {
  if (status.text) return status.text;
  return model ? `Checked at ${new Date(model.checkedAt).toLocaleTimeString()}.` : '';
}

function toolbar(model: PanelModel | undefined): HTMLElement {
  const items = Object.entries(exportTitles).flatMap(([format, label]) =>
    isExportFormat(format)
      ? [{ label, testId: `copy-all-${format}`, press: () => host.postMessage({ type: 'copy-all', format }) }]
      : [],
  );
  return h(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'DNS records' },
    button(status.offline ? 'Connect' : 'Check again', 'check-again', () => host.postMessage({ type: 'check' }), {
      icon: status.offline ? 'plug' : 'refresh',
      look: 'primary',
    }),
    button(
      status.watching ? 'Stop watching' : 'Watch until live',
      'watch',
      () => host.postMessage({ type: 'watch', on: !status.watching }),
      { icon: status.watching ? 'debug-stop' : 'eye' },
    ),
    model && menuButton('Copy all', 'copy-all', items),
    model?.canChoose &&
      button('Options', 'choose', () => host.postMessage({ type: 'choose' }), { icon: 'settings-gear' }),
    model?.canSend &&
      button('Send as update', 'send-update', () => host.postMessage({ type: 'send-update' }), {
        icon: 'cloud-upload',
      }),
  );
}

function section(group: (typeof groups)[number], all: PanelRecord[]): HTMLElement | undefined {
  const records = all.filter(record => record.requirement === group.requirement);
  if (records.length === 0) return undefined;
  const right = records.filter(record => record.status === 'ok').length;
  const actions = {
    copy: (id: string, part: Extract<FromPage, { type: 'copy' }>['part']) =>
      host.postMessage({ type: 'copy', id, part }),
    copyBuilt: (value: string) => host.postMessage({ type: 'copy-built', value }),
    open: (id: string) => host.postMessage({ type: 'open', id }),
    toggle,
  };
  const title = `group-${group.requirement}`;
  return h(
    'section',
    { 'aria-labelledby': title, 'data-testid': title },
    h('h2', { id: title }, group.title, h('span', { class: 'count' }, ` ${right} of ${records.length} OK`)),
    h('p', { class: 'group-text' }, group.text),
    ...records.map(record => card(record, isOpen(record), actions)),
  );
}

function announce(text: string): void {
  announcer.textContent = '';
  // Screen readers speak a change; the same text twice needs a gap.
  requestAnimationFrame(() => (announcer.textContent = text));
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;
function toast(text: string): void {
  const element = document.getElementById('toast')!;
  element.textContent = text;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element.hidden = true), 2500);
}

window.addEventListener('message', (event: MessageEvent<ToPage>) => {
  const message = event.data;
  if (message.type === 'model') {
    const before = state.model?.verdict.sentence;
    Object.assign(state, { model: message.model, domain: message.model.domain, server: message.model.server });
    remember();
    if (before !== message.model.verdict.sentence) announce(message.model.verdict.sentence);
  } else if (message.type === 'status') {
    if (message.text && message.text !== status.text) announce(message.text);
    status = message;
  } else {
    toast(`Copied ${message.what}`);
    announce(`Copied ${message.what}`);
    return;
  }
  redraw();
});
window.addEventListener('scroll', () => remember(), { passive: true });

redraw();
window.scrollTo(0, state.scrollY);
host.postMessage({ type: 'ready', ...(saved?.model && { model: saved.model }) });
