import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import type { Sandbox } from '../../sandbox/index';
import { runs } from '../window/row';
import type { Workbench } from '../window/workbench';
import type { DemoReport } from './report';

const server = 'mail';
const domain = 'example.test';
const hostname = 'mail.example.test';
const firstSender = `i@${domain}`;
const secondSender = `news@${domain}`;
const recipient = 'someone@sink.test';
/** For accounts which exist for the length of one run, in a world without a way out. */
const password = 'correct horse battery';

/** How long a set-up may take: acme.sh alone needs half a minute of computing. */
const setUpMs = 8 * 60_000;

/**
 * The main job as a user does it, through the window only: from an empty server to a delivered mail. Where a user
 * would go to a DNS provider's page, each name and value is taken from the panel's copy buttons and entered into the zone.
 */
export class MainJob {
  constructor(
    private readonly world: Sandbox,
    private readonly window: Workbench,
    private readonly say: (text: string) => void,
  ) {}

  async play(): Promise<Omit<DemoReport, 'ok' | 'vscode' | 'suite'>> {
    await this.addServer();
    await this.setUp();
    const steps = await this.stepsOfLog();
    const chasquid = await this.chasquidVersion();
    await this.publish();
    await this.addSender();
    const mail = await this.sendTestMail();
    const changed = await this.setUpAgain();
    const records = await this.records();
    await this.showLogs();
    return { chasquid, steps, secondRun: { changed }, records, mail };
  }

  private async addServer(): Promise<void> {
    const { window } = this;
    const host = this.world.host(server);
    this.say('Add Server');
    await window.sidebar.open('Chasquid');
    await window.until(
      'the welcome',
      () => window.sidebar.welcome(),
      text => text.includes('Add Server'),
      60_000,
    );
    await window.screenshot('welcome');
    await window.sidebar.press('Add Server');
    const { quickInput } = window;
    await quickInput.shows(/Add Server/);
    await window.screenshot('add server');
    await quickInput.answer(`root@${host.ipv4}`);
    await quickInput.pick(/A key file/);
    await quickInput.shows('Private key file');
    await quickInput.chooseFile(host.clientKeyFile, 'Use This Key');
    await quickInput.asks(/Name in the sidebar/);
    await quickInput.answer(server);
    const detail = await window.dialog.detail();
    assert.ok(
      host.hostKeys.some(key => detail.includes(key.sha256)),
      `The dialog does not show a fingerprint of the server: ${detail}`,
    );
    await window.screenshot('host key');
    await window.dialog.press('Trust This Server');
    await window.sidebar.row(server).waitFor('no chasquid yet', row => row.description === 'no chasquid yet');
    await window.screenshot('connected');
  }

  private async setUp(): Promise<void> {
    const { window, world } = this;
    const { quickInput } = window;
    this.say('Set Up Server');
    await this.askSetUp();
    await window.screenshot('steps');
    await quickInput.accept();
    await quickInput.asks(/How should the certificate authority validate/);
    await quickInput.pick(/Over DNS/);
    await quickInput.asks(/Who serves the DNS/);
    await quickInput.type('own name server');
    await quickInput.pick(/My own name server/);
    const { tsig, address } = world.dns;
    for (const [key, value] of [
      [/NSUPDATE_SERVER/, address],
      [/TSIG_NAME/, tsig.name],
      [/TSIG_ALGORITHM/, tsig.algorithm],
      [/TSIG_SECRET/, tsig.secret],
    ] as const) {
      await quickInput.asks(key);
      await quickInput.answer(value);
    }
    await quickInput.asks(/Seconds to wait/);
    await quickInput.answer('1');
    await quickInput.asks(/Certificate authority/);
    await quickInput.pick(/Another ACME directory/);
    await quickInput.asks(/Address of its ACME directory/);
    await quickInput.answer(world.acme.directory);
    await quickInput.asks(/First sender/);
    await quickInput.answer(firstSender);
    await this.newPassword();
    await window.terminal.waitFor(/TLS certificate/, setUpMs);
    await window.screenshot('setting up');
    await window.terminal.waitFor(/Ready:|Not finished:|r retry/, setUpMs);
    await window.screenshot('set up');
    assert.match(await window.terminal.text(), /Ready: \d+ of \d+ steps/);
  }

  /** Opens Set Up Server and answers down to the list of steps. */
  private async askSetUp(): Promise<void> {
    const { window } = this;
    const { quickInput } = window;
    await window.sidebar.row(server).contextMenu('Set Up Server');
    await quickInput.asks(/what comes after the @/i);
    await quickInput.answer(domain);
    await quickInput.asks(/full name/);
    await quickInput.answer(hostname);
    await quickInput.asks(/^Which steps\?/);
  }

  private async newPassword(): Promise<void> {
    const { quickInput } = this.window;
    await quickInput.asks(/^Password for/);
    assert.ok(await quickInput.isPassword(), 'The password is shown while it is typed.');
    await quickInput.answer(password);
    await quickInput.asks(/The same password again/);
    await quickInput.answer(password);
  }

  /** The extension's log tells each step's end. */
  private async stepsOfLog(): Promise<DemoReport['steps']> {
    const text = await this.window.outputChannel('Chasquid').text();
    return [...text.matchAll(/: step (\S+): (\w+) after (\d+) ms/g)].map(([, id, state, ms]) => ({
      id: id!,
      state: state!,
      ms: Number(ms),
    }));
  }

  private async chasquidVersion(): Promise<string> {
    const row = await this.window.sidebar
      .row(server)
      .waitFor('that chasquid runs', ({ description }) => runs.test(description));
    return /chasquid (\S+)/.exec(row.description)?.[1] ?? '';
  }

  private async publish(): Promise<void> {
    const { window } = this;
    this.say('Publish the DNS records');
    await window.sidebar.row(server, domain).inlineAction('Show DNS Records');
    const page = await this.panel();
    await window.screenshot('dns before');
    for (const id of await this.recordIds(page, ':not([data-status="ok"])')) await this.enter(page, id);
    await page.getByTestId('check-again').click();
    await window.until(
      'every record to be right',
      () => this.statuses(page),
      records => records.length > 0 && records.every(({ status }) => status === 'ok'),
      60_000,
    );
    await window.screenshot('dns after');
  }

  /** One record: what the copy buttons give goes into the zone, as it would into a provider's form. */
  private async enter(page: Frame, id: string): Promise<void> {
    const button = (part: string) => page.getByTestId(`record-${id}-${part}`);
    if (!(await button('copy-value').isVisible())) await button('toggle').click();
    const name = await this.copied(() => button('copy-name').click());
    const value = await this.copied(() => button('copy-value').click());
    const type = id.split('-').find(part => /^[A-Z]+$/.test(part)) ?? '';
    this.say(`  ${type} ${name}`);
    if (type === 'TXT') {
      await this.world.dns.addText(name, value);
      return;
    }
    await this.world.dns.update(
      `add ${name}. 1 ${type} ${value}${['MX', 'PTR', 'CNAME'].includes(type) && !value.endsWith('.') ? '.' : ''}`,
    );
  }

  private async copied(press: () => Promise<void>): Promise<string> {
    const { clipboard } = this.window;
    await clipboard.write('');
    await press();
    return clipboard.waitFor('what was copied', text => text !== '');
  }

  private async panel(): Promise<Frame> {
    const page = await this.window.webview(`DNS · ${domain}`);
    await page.getByTestId('verdict').waitFor({ timeout: 60_000 });
    return page;
  }

  /** Ids of the records that one publishes: those in the first two groups. */
  private recordIds(page: Frame, which: string): Promise<string[]> {
    return page
      .locator(
        ['required', 'recommended'].map(group => `[data-testid="group-${group}"] [data-status]${which}`).join(', '),
      )
      .evaluateAll(cards => cards.map(card => (card.getAttribute('data-testid') ?? '').replace(/^record-/, '')));
  }

  private statuses(page: Frame): Promise<{ id: string; status: string }[]> {
    return page
      .locator('[data-testid="group-required"] [data-status], [data-testid="group-recommended"] [data-status]')
      .evaluateAll(cards =>
        cards.map(card => ({
          id: (card.getAttribute('data-testid') ?? '').replace(/^record-/, ''),
          status: card.getAttribute('data-status') ?? '',
        })),
      );
  }

  private async addSender(): Promise<void> {
    const { window } = this;
    const { quickInput } = window;
    this.say('Add Sender');
    await window.sidebar.row(server, domain, 'Senders').inlineAction('Add Sender…');
    await quickInput.asks(/Address of the new sender/);
    await quickInput.answer('news');
    await this.newPassword();
    await window.notifications.waitFor(/can send now/, 60_000);
    await window.sidebar.row(server, domain, 'Senders', 'news').state();
    await window.screenshot('sender');
  }

  private async sendTestMail(): Promise<DemoReport['mail']> {
    const { window, world } = this;
    const { quickInput } = window;
    this.say('Send Test Mail');
    await window.notifications.press(/can send now/, 'Send Test Mail');
    await quickInput.asks(/^Password of/);
    await quickInput.answer(password);
    await quickInput.asks(/Where to/);
    await quickInput.answer(recipient);
    const { message } = await window.notifications.waitFor(/queue ID/, 90_000);
    await window.screenshot('test mail');
    const received = await world.receiver.waitFor(
      mail => mail.to.includes(recipient) && mail.from.startsWith(secondSender.split('@')[0]!),
    );
    return {
      queueId: /queue ID (\S+?)\)\.$/.exec(message)?.[1] ?? '',
      delivered: true,
      tls: received.tls,
      ip: received.ip,
      spf: received.spf,
      dkim: received.dkim.some(({ result }) => result === 'pass') ? 'pass' : (received.dkim[0]?.result ?? 'none'),
      dmarc: received.dmarc,
      verifiedBy: received.verifiedBy,
    };
  }

  /** The same once more: nothing may be left to do. Returns how many steps changed something all the same. */
  private async setUpAgain(): Promise<number> {
    const { window } = this;
    this.say('Set Up Server once more');
    await this.askSetUp();
    await window.screenshot('steps again');
    await window.quickInput.accept();
    const text = await window.terminal.waitFor(/Ready: \d+ of \d+ steps|Not finished:|r retry/, setUpMs);
    await window.screenshot('set up again');
    return Number(/Ready: (\d+) of/.exec(text)?.[1] ?? Number.NaN);
  }

  private async records(): Promise<DemoReport['records']> {
    const page = await this.panel();
    await page.getByTestId('check-again').click();
    await page.getByTestId('status-line').filter({ hasNotText: 'Checking' }).waitFor({ timeout: 60_000 });
    const records = await this.statuses(page);
    const named: DemoReport['records'] = [];
    for (const { id, status } of records) {
      const button = (part: string) => page.getByTestId(`record-${id}-${part}`);
      if (!(await button('copy-name').isVisible())) await button('toggle').click();
      const name = await this.copied(() => button('copy-name').click());
      named.push({ name, type: id.split('-').find(part => /^[A-Z]+$/.test(part)) ?? '', status });
    }
    await this.window.screenshot('dns at the end');
    return named;
  }

  private async showLogs(): Promise<void> {
    const { window } = this;
    this.say('Show Logs');
    await window.sidebar.row(server).inlineAction('Show Logs');
    const channel = window.outputChannel(`Chasquid: ${server}`);
    await window.until(
      'the delivery in the log',
      () => channel.text(),
      text => text.includes(`to=${recipient} sent`),
      60_000,
    );
    await window.screenshot('logs');
  }
}
