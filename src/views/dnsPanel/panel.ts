import * as vscode from 'vscode';
import { showError, showInformation } from '../../app/window';
import type { RecordVerdict } from '../../dns/records/record';
import type { FromPage, PanelModel, ToPage } from '../../../webview/messages';
import { exportRecords } from '../../dns/export';
import { exportTitles } from '../../dns/export/format';
import { recordIds } from '../../dns/records/recordIds';
import { reverseLink } from '../../dns/records/reverseLinks';
import { isLive, summarize } from '../../dns/check/summary';
import { watchUntilLive } from '../../dns/check/watch';
import { messageOf } from '../../text/problem';
import { copyText } from './copy';
import { Joined } from './joined';
import { pageHtml } from './page';
import { dnsPanelType } from './panelType';

/** What the panel shows and where it comes from. The commands make it; the panel knows neither SSH nor settings. */
export interface DnsPanelSource {
  /** The server's name in the settings, and the mail domain. */
  server: string;
  domain: string;
  /** Connects, but asks nothing. Rejects with a message for people. */
  connectUnasked(): Promise<unknown>;
  /** Resolves when the server has been connected by whomever; never, when the signal has aborted before. */
  whenConnected(signal: AbortSignal): Promise<void>;
  /** One whole check, which asks what is needed to connect. Rejects with a message for people, or with the signal's reason. */
  load(signal: AbortSignal): Promise<{ records: RecordVerdict[]; notices?: string[] }>;
  /** Lets the user say what no server tells of the domain. The panel checks again afterwards. */
  choose?(): PromiseLike<unknown>;
  /** Sends records to the zone's own DNS server (RFC 2136) after asking for what it needs; resolves to a sentence, or undefined when the user gave up. */
  send?(records: RecordVerdict[], signal: AbortSignal): Promise<string | undefined>;
}

const open = new Map<string, DnsPanel>();

/** Opens the panel of a server's domain, or brings the one that is open to the front and checks again. */
export function openDnsPanel(context: vscode.ExtensionContext, source: DnsPanelSource): DnsPanel {
  const existing = open.get(key(source));
  if (existing) {
    existing.reveal();
    void existing.check();
    return existing;
  }
  const options = { enableScripts: true, localResourceRoots: [pageRoot(context.extensionUri)] };
  const view = vscode.window.createWebviewPanel(dnsPanelType, title(source), vscode.ViewColumn.Active, options);
  const panel = new DnsPanel(context.extensionUri, source, view);
  void panel.check();
  return panel;
}

/** Fills a panel that VS Code has brought back after the window was reloaded; no moment to ask for a password. */
export function restoreDnsPanel(
  context: vscode.ExtensionContext,
  source: DnsPanelSource,
  view: vscode.WebviewPanel,
): void {
  view.webview.options = { enableScripts: true, localResourceRoots: [pageRoot(context.extensionUri)] };
  void new DnsPanel(context.extensionUri, source, view).checkUnasked();
}

/** Where the page's bundle lies in the extension. */
function pageRoot(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

function html(webview: vscode.Webview, extension: vscode.Uri, { server, domain }: DnsPanelSource): string {
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(pageRoot(extension), name)).toString();
  return pageHtml({
    script: file('dnsPanel.js'),
    style: file('dnsPanel.css'),
    source: webview.cspSource,
    server,
    domain,
  });
}

function key({ server, domain }: { server: string; domain: string }): string {
  return JSON.stringify([server, domain]);
}

function title({ domain }: { domain: string }): string {
  return `DNS · ${domain}`;
}

/** One open panel. */
export class DnsPanel implements vscode.Disposable {
  private readonly checked = new vscode.EventEmitter<RecordVerdict[]>();
  /** Fires after each check that ended with verdicts. */
  readonly onDidCheck = this.checked.event;
  private readonly closed = new AbortController();
  private readonly checking = new Joined(() => this.checkOnce());
  private watching?: AbortController;
  /** What the status line says between two looks while watching. */
  private waiting = '';
  /** What the page shows. */
  private model?: PanelModel;
  /** Whether it was checked in this window, and not brought along by the page. */
  private fresh = false;
  private status: Extract<ToPage, { type: 'status' }> = { type: 'status', text: '', busy: false, watching: false };

  constructor(
    extension: vscode.Uri,
    private readonly source: DnsPanelSource,
    private readonly view: vscode.WebviewPanel,
  ) {
    open.set(key(source), this);
    view.iconPath = new vscode.ThemeIcon('globe');
    view.onDidDispose(() => this.dispose());
    view.webview.onDidReceiveMessage((message: FromPage) =>
      this.receive(message).catch((error: unknown) => this.tellError(error)),
    );
    view.onDidChangeViewState(() => view.visible && this.show());
    view.webview.html = html(view.webview, extension, source);
  }

  reveal(): void {
    this.view.reveal();
  }

  /** Checks now, or joins the check that is under way. Resolves to undefined when it failed; the page says why. */
  check(): Promise<RecordVerdict[] | undefined> {
    return this.checking.run();
  }

  /** The same without a question: where one is needed the page says so, and its button asks. */
  async checkUnasked(): Promise<void> {
    this.say(`Connecting to ${this.source.server}…`, true);
    try {
      await this.source.connectUnasked();
    } catch (error) {
      this.say(messageOf(error), false, true);
      await this.source.whenConnected(this.closed.signal);
      if (!this.status.offline) return;
    }
    await this.check();
  }

  /** Checks with growing pauses until all required records are right, then says so; `false` stops. */
  async watch(on: boolean): Promise<void> {
    this.watching?.abort(new Error('stopped'));
    delete this.watching;
    this.waiting = '';
    if (!on) return this.say('', false);
    const own = (this.watching = new AbortController());
    const signal = AbortSignal.any([own.signal, this.closed.signal]);
    try {
      await watchUntilLive(round => this.load(round), {
        signal,
        onRound: (records, next) => this.say((this.waiting = waitingText(records, next)), false),
      });
      delete this.watching;
      this.waiting = '';
      this.say('', false);
      void showInformation(`All required DNS records of ${this.source.domain} are live.`);
    } catch (error) {
      if (signal.aborted) return;
      delete this.watching;
      this.waiting = '';
      this.say(messageOf(error), false);
    }
  }

  dispose(): void {
    if (this.closed.signal.aborted) return;
    this.closed.abort(new Error('The panel was closed.'));
    open.delete(key(this.source));
    this.checked.dispose();
    this.view.dispose();
  }

  private async checkOnce(): Promise<RecordVerdict[] | undefined> {
    const { signal } = this.closed;
    try {
      return await this.load(signal);
    } catch (error) {
      if (!signal.aborted) this.say(messageOf(error), false);
      return undefined;
    }
  }

  private async load(signal: AbortSignal): Promise<RecordVerdict[]> {
    this.say(this.model ? 'Checking again…' : 'Checking…', true);
    const { records, notices = [] } = await this.source.load(signal);
    signal.throwIfAborted();
    const ids = recordIds(records);
    const { sentence, worst } = summarize(records);
    this.model = {
      domain: this.source.domain,
      server: this.source.server,
      verdict: { sentence, worst },
      notices,
      records: records.map((record, at) => {
        const link = reverseLink(record);
        return { ...record, id: ids[at]!, ...(link ? { link } : {}) };
      }),
      checkedAt: Date.now(),
      canSend: this.source.send !== undefined,
      canChoose: this.source.choose !== undefined,
    };
    this.fresh = true;
    this.say(this.waiting, false);
    this.show();
    this.checked.fire(records);
    return records;
  }

  private say(text: string, busy: boolean, offline = false): void {
    this.status = { type: 'status', text, busy, watching: this.watching !== undefined, offline };
    this.post(this.status);
  }

  /** A hidden page takes no messages; it gets the present state when it is shown again. */
  private show(): void {
    if (this.model) this.post({ type: 'model', model: this.model });
    this.post(this.status);
  }

  private post(message: ToPage): void {
    if (!this.closed.signal.aborted) void this.view.webview.postMessage(message);
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        if (message.model) this.model ??= message.model;
        return this.show();
      case 'check':
        return void (await this.check());
      case 'watch':
        return this.watch(message.on);
      case 'copy': {
        const record = this.model?.records.find(item => item.id === message.id);
        return record && this.copy(copyText(record, message.part));
      }
      case 'copy-built':
        return this.copy({ text: message.value, what: 'the DMARC record' });
      case 'copy-all':
        return this.copy({
          text: exportRecords(this.model?.records ?? [], message.format),
          what: `all records as ${exportTitles[message.format]}`,
        });
      case 'open': {
        const link = this.model?.records.find(item => item.id === message.id)?.link;
        return link && void (await vscode.env.openExternal(vscode.Uri.parse(link.url, true)));
      }
      case 'send-update':
        return this.send();
      case 'choose':
        await this.source.choose?.();
        return void (await this.checking.runAfresh());
    }
  }

  private async copy({ text, what }: { text: string; what: string }): Promise<void> {
    await vscode.env.clipboard.writeText(text);
    this.post({ type: 'copied', what });
  }

  private async send(): Promise<void> {
    if (!this.source.send || (!this.fresh && !(await this.check())) || !this.model) return;
    try {
      this.say('Sending the records…', true);
      const done = await this.source.send(this.model.records, this.closed.signal);
      this.say(this.waiting, false);
      if (done === undefined) return;
      void showInformation(done);
      await this.checking.runAfresh();
    } catch (error) {
      this.say(this.waiting, false);
      this.tellError(error);
    }
  }

  private tellError(error: unknown): void {
    if (!this.closed.signal.aborted) void showError(messageOf(error));
  }
}

function waitingText(records: RecordVerdict[], nextInSeconds: number): string {
  const waiting = records.filter(record => record.requirement === 'required' && record.status !== 'ok').length;
  if (isLive(records)) return '';
  return `Watching: ${waiting} required ${waiting === 1 ? 'record is' : 'records are'} not live yet. The next check is in ${Math.round(nextInSeconds)} s.`;
}
