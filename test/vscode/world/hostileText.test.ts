// What a server, a receiver and the DNS say while they want something clicked: the window shows it as text, and nothing runs.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

const domain = 'example.test';
const password = 'four knots on a cord';
/** Would open an empty editor. */
const link = '[click here](command:workbench.action.files.newUntitledFile)';
const shown = '[click here] (command:workbench.action.files.newUntitledFile)';

/** A message of RFC 4253 §11.1 as it goes over the wire before there is any encryption. */
function disconnect(description: string): Buffer {
  const text = Buffer.from(description);
  const number = (value: number): Buffer => {
    const four = Buffer.alloc(4);
    four.writeUInt32BE(value);
    return four;
  };
  const payload = Buffer.concat([Buffer.from([1]), number(2), number(text.length), text, number(0)]);
  const padding = 8 - ((payload.length + 5) % 8) + 8;
  return Buffer.concat([number(payload.length + padding + 1), Buffer.from([padding]), payload, Buffer.alloc(padding)]);
}

describe('text that wants to be clicked', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;
  const servers: Server[] = [];

  /** A program on a port that says this to whoever comes. */
  async function speaker(say: (socket: Socket) => void): Promise<number> {
    const server = createServer(socket => {
      socket.on('error', () => undefined);
      say(socket);
    });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  }

  before(async () => {
    const greeting = await speaker(socket => socket.end(`${link}\r\nSSH-2.0-x\r\n`));
    const farewell = await speaker(socket => {
      socket.write('SSH-2.0-OpenSSH_9.9\r\n');
      socket.once('data', () => socket.end(disconnect(link)));
    });
    const local = (name: string, port: number) => ({ name, host: '127.0.0.1', port, user: 'root' });
    stage = await Stage.open({
      name: 'hostileText',
      hosts: [{ name: 'mail', ready: withChasquid }],
      prepare: one =>
        setUpByHand(one, { domain, hostname: 'mail.example.test', selector: 'first', senders: { i: password } }),
      knowsHosts: true,
      servers: world => [keyEntry(world.host('mail')), local('greeting', greeting), local('farewell', farewell)],
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    await stage.connect('mail');
  });
  after(async () => {
    for (const server of servers) server.close();
    await stage?.close();
  });

  /** Clicks each word of a notification that is shown as text, and finds that nothing has opened. */
  async function isText(picture: string): Promise<void> {
    const { message } = await window.notifications.waitFor(/click here/);
    assert.ok(message.includes(shown), message);
    await window.screenshot(picture);
    const toast = window.page.locator('.notifications-toasts .notification-list-item-message');
    assert.equal(await toast.locator('a').count(), 0);
    await toast.filter({ hasText: 'click here' }).first().click();
    await window.notifications.close(/click here/);
    assert.deepEqual(await window.editor.tabs(), []);
  }

  it('in the greeting of what is no SSH server', async () => {
    await window.sidebar.row('greeting').click();
    await isText('greeting');
  });

  it('in the farewell of an SSH server, before any key was checked', async () => {
    await window.sidebar.row('farewell').click();
    await isText('farewell');
    const tooltip = await window.sidebar.row('farewell').tooltip();
    assert.ok(tooltip.includes('[click here](command:'), tooltip);
  });

  it('in what a receiver answers to a mail', async () => {
    await stage.world.receiver.mode('refuse', `5.7.1 ${link}`);
    await window.sidebar.row('mail', domain, 'Senders', 'i').inlineAction('Send Test Mail…');
    await window.quickInput.asks(/password of i@example\.test/i);
    await window.quickInput.answer(password);
    await window.quickInput.asks(/^Where to/);
    await window.quickInput.answer('reader@sink.test');
    await isText('answer of a receiver');
  });

  it('in a record of the DNS, in the panel and in the report', { timeout: 120_000 }, async () => {
    const { dns } = stage.world;
    await dns.addText(`_dmarc.${domain}`, `v=DMARC1; p=none; x=${link}`);
    await dns.addText(domain, `v=spf1 ${link} $(check) -all`);
    await dns.update(`add mail.example.test. 1 A ${host.ipv4}`, 'add example.test. 1 MX 10 mail.example.test.');
    await window.sidebar.row('mail', domain).inlineAction('Show DNS Records');
    const panel = await window.webview(`DNS · ${domain}`);
    await panel.getByText('click here').first().waitFor();
    await window.screenshot('record in the panel');
    assert.equal(await panel.locator('a[href^="command:"]').count(), 0);
    await panel.getByText('click here').first().click();
    await window.sidebar.row('mail', domain).contextMenu('Show Health Report');
    const report = await window.webview(`Preview Health of ${domain}.md`);
    await report.getByText('click here').first().waitFor();
    await window.screenshot('record in the report');
    assert.equal(await report.locator('a[href^="command:"], a[data-href^="command:"]').count(), 0);
    await report.getByText('click here').first().click();
    const tabs = await window.editor.tabs();
    assert.ok(!tabs.some(name => /Untitled/.test(name)), tabs.join());
  });
});
