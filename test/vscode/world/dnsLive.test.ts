// A domain's DNS as a user brings it to life in the window: an empty zone, all red; sent as an update; watched until live; then mail
// that a foreign verifier passes, before, during and after the rotation of the key.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reverseName } from '../../../src/dns/address';
import type { Host } from '../../sandbox/host';
import type { Received } from '../../sandbox/receiver';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

const domain = 'example.test';
const hostname = 'mail.example.test';
const password = 'four knots on a cord';

describe('the DNS of a domain, from an empty zone to a rotated key', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;

  before(async () => {
    stage = await Stage.open({
      name: 'dnsLive',
      hosts: [{ name: 'mail', ready: withChasquid }],
      prepare: one => setUpByHand(one, { domain, hostname, selector: 'first', senders: { i: password } }),
      knowsHosts: true,
      servers: world => [keyEntry(world.host('mail'))],
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    await stage.connect('mail');
  });
  after(() => stage?.close());

  const page = () => window.webview(`DNS · ${domain}`);
  const required = async () =>
    (await page())
      .locator('[data-testid="group-required"] [data-status]')
      .evaluateAll(cards =>
        cards.map(card => `${card.getAttribute('data-testid')} ${card.getAttribute('data-status')}`),
      );
  const text = async (id: string) => (await page()).getByTestId(id).innerText();

  let count = 0;
  /** Answers the questions of Send Test Mail; resolves with the message as it arrived. */
  async function testMail(): Promise<Received> {
    const { quickInput, notifications } = window;
    const to = `reader${++count}@sink.test`;
    await quickInput.asks(/password of i@example\.test/i);
    await quickInput.answer(password);
    await quickInput.asks(/^Where to/);
    await quickInput.answer(to);
    await notifications.waitFor(new RegExp(`^The mail was delivered to the server of ${to}`), 60_000);
    return stage.world.receiver.waitFor(message => message.to.includes(to), 30_000);
  }
  const fromSidebar = async () => {
    await window.sidebar.row('mail', domain, 'Senders', 'i').inlineAction('Send Test Mail…');
    return testMail();
  };
  const assertPasses = (mail: Received, selectors: string[]) => {
    assert.deepEqual([mail.spf, mail.dmarc], ['pass', 'pass'], JSON.stringify(mail.dkim));
    assert.deepEqual(
      mail.dkim.map(one => `${one.selector} ${one.result}`).sort(),
      selectors.map(one => `${one} pass`),
    );
  };

  it('is all red while the zone is empty, and mail is not trusted', async () => {
    await window.sidebar.row('mail', domain).inlineAction('Show DNS Records');
    await window.until(
      'the verdict',
      () => text('verdict').catch(() => ''),
      seen => /records stop your mail/.test(seen),
      60_000,
    );
    assert.deepEqual(await required(), [
      'record-a-A missing',
      'record-aaaa-AAAA missing',
      'record-ptr-PTR-v4 missing',
      'record-ptr-PTR-v6 missing',
      'record-mx-MX missing',
      'record-spf-TXT missing',
      'record-dkim-TXT-first missing',
      'record-dmarc-TXT missing',
    ]);
    await window.screenshot('empty');
    const mail = await fromSidebar();
    assert.notEqual(mail.spf, 'pass');
    assert.notEqual(mail.dkim[0]?.result, 'pass');
  });

  it('turns green by an update and by the reverse names, which Watch Until Live waits for', async () => {
    const { quickInput, dialog, notifications, world } = { ...window, world: stage.world };
    await (await page()).getByTestId('watch').click();
    await (await page()).getByTestId('send-update').click();
    await quickInput.asks(/primary DNS server/);
    await quickInput.answer(world.dns.endpoint);
    await quickInput.asks(/TSIG key/);
    const { algorithm, name, secret } = world.dns.tsig;
    await quickInput.answer(`${algorithm}:${name}:${secret}`);
    await dialog.press('Send');
    await notifications.waitFor(/accepted \d+ records of example\.test\. Reverse names are set/, 60_000);
    await window.screenshot('sent');
    for (const address of [host.ipv4, host.ipv6])
      await world.dns.update(`add ${reverseName(address)}. 1 PTR ${hostname}.`);
    await notifications.waitFor(/^All required DNS records of example\.test are live\./, 90_000);
    assert.deepEqual(
      (await required()).filter(card => !card.endsWith(' ok')),
      [],
    );
    await window.screenshot('green');
  });

  it('lets mail pass SPF, DKIM and DMARC with a verifier that is not ours', async () => {
    assertPasses(await fromSidebar(), ['first']);
  });

  it('keeps passing while the key is rotated, and afterwards', async () => {
    const { quickInput, clipboard } = window;
    await window.sidebar.row('mail', domain, 'DKIM').inlineAction('Rotate DKIM Key…');
    await quickInput.pick('RSA, 2048 bits');
    await quickInput.asks(/^Selector of the new key/);
    await quickInput.answer('second');
    await step(/^Make the new key second \(rsa\) in a separate folder/);
    await step(/^Send it as DNS update/);
    await send();
    await step(/^Move the key second into the folder/);
    await step(/^Send a test mail/);
    const both = await testMail();
    assertPasses(both, ['first', 'second']);
    await clipboard.write(`Return-Path: <i@${domain}>\r\n${both.raw.toString('latin1')}`);
    await step(/^Check the received original/);
    await quickInput.pick('The clipboard');
    await step(/^Move first out of the folder/);
    // The record was sent with a TTL of an hour, for which it would wait. All mail is delivered.
    await step(/^Do not wait/);
    await window.screenshot('old key out');
    await step(/^Send it as DNS update/);
    await send();
    // A notification says so too, and goes away by itself.
    await window.markdownPage(`Rotate DKIM Key · ${domain}`, /example\.test signs with second\. first is revoked\./);
    assert.match((await stage.world.dns.query(`first._domainkey.${domain}`, 'TXT')).join(), /p=$/);
    assertPasses(await fromSidebar(), ['second']);
    await window.screenshot('rotated');
  });

  it('leaves no DNS key behind when its server is removed and one says so', async () => {
    const { dialog, notifications, sidebar } = window;
    await sidebar.row('mail').contextMenu('Remove Server…');
    await dialog.press('Remove');
    const removed = /^mail was removed from the list\. Still stored: /;
    const { message, buttons } = await notifications.waitFor(removed);
    assert.ok(message.endsWith(`: TSIG key for example.test at ${stage.world.dns.address}.`), message);
    assert.deepEqual(buttons, ['Undo', 'Delete DNS Keys']);
    await window.screenshot('removed');
    await notifications.press(removed, 'Delete DNS Keys');
    await notifications.waitFor('The DNS keys were deleted.');
    await window.runCommand('Chasquid: Forget Stored Secrets…');
    await notifications.waitFor('No password, passphrase or key is stored.');
  });

  /** Picks what to do next in the rotation; where it must wait first, it watches until that is over. */
  async function step(label: RegExp): Promise<void> {
    const { quickInput } = window;
    for (let turn = 0; turn < 60 && !(await quickInput.hasRow(label, 1000)); turn++)
      if (await quickInput.hasRow(/^Watch until it is done/, 100)) await quickInput.pick(/^Watch until it is done/);
    await quickInput.pick(label);
  }

  /** The server and the key are known from the records that were sent before. */
  async function send(): Promise<void> {
    await window.quickInput.asks(/primary DNS server/);
    assert.equal(await window.quickInput.value(), stage.world.dns.endpoint);
    await window.quickInput.accept();
    await window.dialog.press('Send');
  }
});
