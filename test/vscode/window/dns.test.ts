// The DNS panel in VS Code, from an empty zone of a real DNS server to one where all is live.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import type { AuthoritativeServer } from '../../sandbox/dns';
import { facts } from '../../support/records';
import { outputFolder } from '../cache';
import { panelExtension, panelSettings, startEmptyZone } from './dnsStage';
import { Workbench } from './workbench';

const at = (id: string) => `[data-testid="${id}"]`;
const title = 'DNS · example.test';

describe('the DNS panel', () => {
  const of = facts({ ipv6: [] });
  let folder: string;
  let dns: AuthoritativeServer;
  let workbench: Workbench;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chasquid-dns-'));
    dns = await startEmptyZone(join(folder, 'dns'));
    workbench = await Workbench.open({
      extensions: [await panelExtension(folder)],
      fewBuiltIn: true,
      settings: panelSettings(of, [dns.endpoint]),
      screenshots: outputFolder('dns'),
    });
    await workbench.runCommand('DNS Fixture: Show Records');
  });
  after(async () => {
    await workbench?.close();
    await dns?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const page = (): Promise<Frame> => workbench.webview(title);
  const text = async (id: string) => (await page()).locator(at(id)).innerText();
  const waitForText = (id: string, good: (seen: string) => boolean, withinMs?: number) =>
    workbench.until(`the text of ${id}`, () => text(id).catch(() => ''), good, withinMs);
  const states = async () =>
    (await page())
      .locator('article.card')
      .evaluateAll(cards => cards.map(card => [card.getAttribute('data-testid'), card.getAttribute('data-status')]));

  it('is all red for an empty zone, and says what each record is for', async () => {
    await waitForText('verdict', seen => /^\d+ records stop your mail/.test(seen), 60_000);
    assert.deepEqual(await states(), [
      ['record-a-A', 'missing'],
      ['record-ptr-PTR-v4', 'missing'],
      ['record-mx-MX', 'missing'],
      ['record-spf-TXT', 'missing'],
      ['record-dkim-TXT-s1', 'missing'],
      ['record-dmarc-TXT', 'missing'],
      ['record-spf-TXT-2', 'missing'],
      ['record-tls-rpt-TXT', 'missing'],
      ['record-mta-sts-TXT', 'missing'],
    ]);
    await workbench.screenshot('empty');
  });

  it('copies names and values to the real clipboard, and says so', async () => {
    const frame = await page();
    await frame.click(at('record-spf-TXT-copy-value'));
    await workbench.clipboard.waitFor('the value', seen => seen === 'v=spf1 a:mail.example.test -all');
    await frame.click(at('record-dkim-TXT-s1-copy-relative'));
    await workbench.clipboard.waitFor('the short name', seen => seen === 's1._domainkey');
    await frame.click(at('record-dkim-TXT-s1-more'));
    await frame.click(at('record-dkim-TXT-s1-copy-strings'));
    const strings = (await workbench.clipboard.waitFor('the strings', seen => seen.includes('\n'))).split('\n');
    assert.ok(strings.length > 1 && strings.every(part => part.length <= 255));
    const said = () => frame.locator('#toast').innerText();
    await workbench.until('what was copied', said, text => text === 'Copied value of TXT s1._domainkey as strings');
    await frame.click(at('record-dmarc-TXT-builder-summary'));
    await frame.selectOption(at('record-dmarc-TXT-policy'), 'quarantine');
    await frame.click(at('record-dmarc-TXT-copy-built'));
    await workbench.clipboard.waitFor(
      'the DMARC record that was built',
      seen => seen === 'v=DMARC1; p=quarantine; rua=mailto:postmaster@example.test',
    );
    await frame.click(at('record-mta-sts-TXT-copy-policy'));
    await workbench.clipboard.waitFor('the policy', seen =>
      /^version: STSv1\r?\nmode: testing\r?\nmx: mail\.example\.test/.test(seen),
    );
    await frame.click(at('copy-all'));
    await frame.click(at('copy-all-bind'));
    const zone = await workbench.clipboard.waitFor('the zone', seen => seen.startsWith('$ORIGIN example.test.'));
    assert.match(zone, /^@ 3600 IN MX 10 mail\.example\.test\.$/m);
  });

  it('watches until all that is required is live, while the records are sent and the reverse name is set', async () => {
    const frame = await page();
    await frame.click(at('watch'));
    await waitForText('status-line', seen => /^Watching: 6 required records are not live yet\./.test(seen));
    await workbench.screenshot('watching');

    await frame.click(at('send-update'));
    const { quickInput, dialog, notifications } = workbench;
    await quickInput.asks(/primary DNS server/);
    await quickInput.answer(dns.endpoint);
    await quickInput.asks(/TSIG key/);
    assert.equal(await quickInput.isPassword(), true);
    await quickInput.answer(`${dns.tsig.algorithm}:${dns.tsig.name}:${dns.tsig.secret}`);
    assert.equal(await dialog.message(), `Change example.test at ${dns.endpoint}?`);
    assert.match(await dialog.detail(), /add example\.test MX 10 mail\.example\.test/);
    await dialog.press('Send');
    await notifications.waitFor(/accepted 7 records of example\.test\. Reverse names are set/);
    await workbench.until('the records to be seen', states, seen =>
      seen.some(([id, status]) => id === 'record-mx-MX' && status === 'ok'),
    );
    assert.ok((await states()).some(([id, status]) => id === 'record-ptr-PTR-v4' && status === 'missing'));
    // The check after sending does not hide that the panel goes on watching.
    await waitForText('status-line', seen => /^Watching: 1 required record is not live yet\./.test(seen));
    await workbench.screenshot('mixed');

    await dns.update('add 1.2.0.192.in-addr.arpa. 5 PTR mail.example.test.');
    await notifications.waitFor(/^All required DNS records of example\.test are live\./, 60_000);
    await waitForText('verdict', seen => /^Your mail is trusted|^All required records are OK/.test(seen));
    assert.equal(await text('watch'), 'Watch until live');
    await workbench.screenshot('green');
  });

  it('keeps the TSIG key in the secret storage, not in settings or state', async () => {
    // The zone is right, so nothing is asked: the key is known.
    await (await page()).click(at('send-update'));
    await workbench.notifications.waitFor('Nothing to send: the records that can be sent are correct already.');
  });
});
