import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { modelOf, rightZone } from '../../support/panelModel';
import { button, idle, panelStage } from '../../support/panelStage';

describe('the page of the DNS panel, in Chromium under its content policy', () => {
  const { models, open, show } = panelStage();

  it('says what stops the mail, in three groups, and folds what is right', async () => {
    const { page, complaints } = await show(models.mixed, 'dark');
    assert.match(await page.innerText(button('verdict')), /^\d+ records stop your mail from being trusted\.$/m);
    assert.equal(await page.getAttribute(button('record-dkim-TXT-s1'), 'data-status'), 'wrong');
    assert.equal(await page.isVisible(button('record-dkim-TXT-s1-copy-value')), true);
    assert.equal(await page.getAttribute(button('record-a-A-toggle'), 'aria-expanded'), 'false');
    await page.click(button('record-a-A-toggle'));
    assert.equal(await page.isVisible(button('record-a-A-copy-name')), true);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('marks what differs, and names every finding with what to do', async () => {
    const { page } = await show(models.mixed, 'light');
    const mx = page.locator(button('record-mx-MX'));
    assert.equal(await mx.locator('ins').innerText(), 'mail.example.test');
    assert.equal(await mx.locator('del').innerText(), 'alias.example.test');
    assert.equal(await mx.locator('[data-code="mx-alias"] .fix').count(), 1);
    await page.context().close();
  });

  it('asks the extension to copy, check, watch, send and export', async () => {
    const { page, sent, send } = await show(models.mixed, 'dark');
    await page.click(button('record-spf-TXT-copy-name'));
    await page.click(button('record-spf-TXT-copy-value'));
    await page.click(button('record-ptr-PTR-v6-copy-relative'));
    await page.click(button('record-dkim-TXT-s1-more'));
    await page.click(button('record-dkim-TXT-s1-copy-quoted'));
    await page.click(button('copy-all'));
    await page.click(button('copy-all-bind'));
    await page.click(button('check-again'));
    await page.click(button('watch'));
    await page.click(button('choose'));
    await page.click(button('send-update'));
    assert.deepEqual(await sent(), [
      { type: 'ready' },
      { type: 'copy', id: 'spf-TXT', part: 'name' },
      { type: 'copy', id: 'spf-TXT', part: 'value' },
      { type: 'copy', id: 'ptr-PTR-v6', part: 'relative' },
      { type: 'copy', id: 'dkim-TXT-s1', part: 'quoted' },
      { type: 'copy-all', format: 'bind' },
      { type: 'check' },
      { type: 'watch', on: true },
      { type: 'choose' },
      { type: 'send-update' },
    ]);
    await send({ type: 'copied', what: 'name example.test' });
    await page.locator('#announcer', { hasText: 'Copied name example.test' }).waitFor({ state: 'attached' });
    assert.equal(await page.innerText('#toast'), 'Copied name example.test');
    await page.context().close();
  });

  it('is used with the keyboard alone: in reading order, menus by arrows, focus kept through a new check', async () => {
    const { page, send, sent } = await show(models.mixed, 'dark');
    const focused = () => page.evaluate<string>(`document.activeElement.closest('[data-testid]')?.dataset.testid`);
    const order: string[] = [];
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
    }
    assert.deepEqual(order, [
      'check-again',
      'watch',
      'copy-all',
      'choose',
      'send-update',
      'record-a-A-toggle',
      'record-aaaa-AAAA-toggle',
      'record-aaaa-AAAA-copy-name',
    ]);
    await send({ type: 'model', model: models.mixed });
    await page.waitForTimeout(100);
    assert.equal(await focused(), 'record-aaaa-AAAA-copy-name');
    await page.focus(button('copy-all'));
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'copy-all-plain');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), 'copy-all-octodns');
    await page.keyboard.press('Escape');
    assert.equal(await focused(), 'copy-all');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    assert.deepEqual((await sent()).at(-1), { type: 'copy-all', format: 'nsupdate' });
    await page.context().close();
  });

  it('keeps what was opened, and the last verdicts, across a reload', async () => {
    const first = await show(models.green, 'dark');
    await first.page.click(button('record-mx-MX-toggle'));
    const kept = await first.page.evaluate('window.kept');
    await first.page.context().close();
    const second = await open('dark', undefined, kept);
    assert.equal(await second.page.isVisible(button('record-mx-MX-copy-value')), true);
    assert.match(await second.page.innerText(button('verdict')), /All required records are OK/);
    await second.page.context().close();
  });

  it('tells what each server answers and for how long', async () => {
    const { page } = await show(models.split, 'dark');
    const servers = page.locator(button('record-mx-MX-servers'));
    await servers.locator('summary').click();
    const lines = (await servers.locator('dl').innerText()).split('\n').map(line => line.trim());
    assert.deepEqual(
      lines.filter(line => / kept for /.test(line)),
      ['10 mail.example.test kept for 60 seconds', '10 old.example.test kept for 60 seconds'],
    );
    // One silent server takes nothing from what the others say.
    await page.click(button('record-dkim-TXT-s1-toggle'));
    await page.locator(button('record-dkim-TXT-s1-servers')).locator('summary').click();
    assert.match(await page.innerText(button('record-dkim-TXT-s1-servers')), /no answer: says it cannot answer/);
    await page.context().close();
  });

  it('says how DNSSEC stands in the domain’s zone, in each of its states', async () => {
    for (const [zone, expected] of [
      [rightZone(), 'DNSSEC: example.test is not signed.'],
      [
        `${rightZone()}\nexample.test DNSKEY x`,
        'DNSSEC: example.test is signed, but the registrar has no DS record, so nobody validates it.',
      ],
      [`${rightZone()}\nexample.test DS 1`, 'DNSSEC: example.test is signed; it was not validated here.'],
      [`${rightZone()}\nexample.test SECURE`, 'DNSSEC: example.test is signed, and the signature holds.'],
      [
        `${rightZone()}\nexample.test BOGUS`,
        'DNSSEC: example.test is broken: resolvers that validate refuse the zone.',
      ],
    ] as const) {
      const { page } = await show(await modelOf(zone), 'dark');
      assert.equal((await page.innerText(button('dnssec'))).trim(), expected);
      await page.context().close();
    }
  });

  it('shows on a folded line what is published, an address instead of its reverse name, and that there is a note', async () => {
    const { page } = await show(models.green, 'dark');
    const line = async (id: string) =>
      (await page.innerText(button(`record-${id}-toggle`))).replace(/\s+/g, ' ').trim();
    assert.equal(await line('mx-MX'), 'OK Mail exchanger MX @ example.test 10 mail.example.test');
    assert.equal(await line('ptr-PTR-v4'), 'OK Reverse name PTR 192.0.2.1 mail.example.test');
    assert.equal(
      await line('dmarc-TXT'),
      'OK DMARC TXT _dmarc.example.test 1 note v=DMARC1; p=none; rua=mailto:postmaster@example.test',
    );
    const preview = page.locator(`${button('record-dkim-TXT-s1-toggle')} .preview`);
    assert.equal((await preview.boundingBox())!.height < 30, true);
    await page.setViewportSize({ width: 400, height: 900 });
    assert.equal(await preview.isVisible(), false);
    await page.context().close();
  });

  it('builds another DMARC record, explains it tag by tag, and keeps the choices while checks come in', async () => {
    const { page, send, sent } = await show(models.green, 'dark');
    const at = (id: string) => page.locator(button(`record-dmarc-TXT-${id}`));
    await page.click(button('record-dmarc-TXT-toggle'));
    await at('builder-summary').click();
    assert.equal(await at('built').innerText(), 'v=DMARC1; p=none; rua=mailto:postmaster@example.test');
    assert.match(await at('builder').innerText(), /Stage 1 of 3, monitoring/);
    await at('policy').selectOption('quarantine');
    await at('reports').fill('dmarc@example.test');
    await at('failures').fill('dmarc@example.test');
    await at('when').selectOption('1');
    await at('strictDkim').check();
    const built = 'v=DMARC1; p=quarantine; rua=mailto:dmarc@example.test; ruf=mailto:dmarc@example.test; fo=1; adkim=s';
    assert.equal(await at('built').innerText(), built);
    assert.match(await at('builder').innerText(), /fo=1: a failure report is sent when SPF or DKIM does not pass\./);
    await send({ type: 'model', model: { ...models.green, checkedAt: models.green.checkedAt + 1000 } });
    await page.waitForTimeout(100);
    assert.equal(await at('built').innerText(), built);
    await at('copy-built').click();
    assert.deepEqual((await sent()).at(-1), { type: 'copy-built', value: built });
    await page.context().close();
  });

  it('shows the policy that MTA-STS needs besides its record, and where it is served', async () => {
    const { page, sent } = await show(models.empty, 'dark');
    const text = await page.innerText(button('record-mta-sts-TXT'));
    assert.match(
      text,
      /policy\s+version: STSv1\s+mode: testing\s+mx: mail\.example\.test\s+max_age: 604800 at https:\/\/mta-sts\.example\.test\/\.well-known\/mta-sts\.txt/,
    );
    await page.click(button('record-mta-sts-TXT-copy-policy'));
    assert.deepEqual((await sent()).at(-1), { type: 'copy', id: 'mta-sts-TXT', part: 'policy' });
    await page.context().close();
  });

  it('marks what differs at each server', async () => {
    const { page } = await show(models.disagreeing, 'dark');
    const mx = page.locator(button('record-mx-MX'));
    assert.deepEqual(await mx.locator('.values').first().locator('del').allInnerTexts(), [
      'old.example.test',
      '20',
      'older.example.test',
    ]);
    await page.context().close();
  });

  it('keeps open what was opened, and the focus there, while checks come in', async () => {
    const { page, send } = await show(models.split, 'dark');
    await page.locator(button('record-mx-MX-servers')).locator('summary').click();
    await page.click(button('record-dkim-TXT-s1-toggle'));
    const fold = page.locator(button('record-dkim-TXT-s1')).locator('.fold').first();
    await fold.click();
    await page.locator(button('record-mx-MX-servers')).locator('summary').focus();
    await send({ type: 'status', text: 'Checking again…', busy: true, watching: false });
    await send({ type: 'model', model: { ...models.split, checkedAt: models.split.checkedAt + 1000 } });
    await send(idle);
    await page.waitForTimeout(100);
    assert.equal(await page.locator(button('record-mx-MX-servers')).getAttribute('open'), '');
    assert.equal(await fold.getAttribute('aria-expanded'), 'true');
    assert.equal(await page.evaluate<string>('document.activeElement.tagName'), 'SUMMARY');
    await page.context().close();
  });

  it('shows what it showed before the window was reloaded, gives it to the extension, and offers to connect', async () => {
    const state = { server: 'mail.example.test', domain: 'example.test', model: models.mixed, toggled: [], scrollY: 0 };
    const { page, sent, send } = await open('dark', undefined, state);
    await page.waitForSelector(button('record-mx-MX'));
    await send({ type: 'status', text: 'mail is not connected.', busy: false, watching: false, offline: true });
    await page.locator(button('status-line'), { hasText: 'mail is not connected.' }).waitFor();
    assert.equal((await page.innerText(button('check-again'))).trim(), 'Connect');
    await page.click(button('check-again'));
    assert.deepEqual(await sent(), [{ type: 'ready', model: models.mixed }, { type: 'check' }]);
    await send({ type: 'status', text: 'Checking…', busy: true, watching: false });
    await page.locator(button('check-again'), { hasText: 'Check again' }).waitFor();
    await page.context().close();
  });

  it('lets nobody’s open menu go when a check ends, and draws its verdicts afterwards', async () => {
    const { page, send } = await show(models.mixed, 'dark');
    await page.click(button('copy-all'));
    await send({ type: 'model', model: models.green });
    await send(idle);
    await page.waitForTimeout(100);
    assert.equal(await page.isVisible(button('copy-all-bind')), true);
    await page.keyboard.press('Escape');
    await page.locator(button('verdict'), { hasText: 'All required records are OK.' }).waitFor();
    assert.equal(
      await page.evaluate<string>(`document.activeElement.closest('[data-testid]').dataset.testid`),
      'copy-all',
    );
    await page.context().close();
  });

  it('says plainly where mail goes that stays elsewhere, and offers no value to copy', async () => {
    const { page } = await show(models.elsewhere, 'dark');
    const mx = page.locator(button('record-mx-MX'));
    assert.equal(await mx.getAttribute('data-status'), 'ok');
    await page.click(button('record-mx-MX-toggle'));
    assert.match(await mx.innerText(), /Mail for example\.test goes to mx\.other\.test, as you chose\./);
    assert.match(await mx.innerText(), /found\s+1 mx\.other\.test/);
    assert.equal(await mx.locator(button('record-mx-MX-copy-value')).count(), 0);
    await page.context().close();
  });

  it('shows hostile text from the DNS as text', async () => {
    const evil = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
    const model = await modelOf(
      `example.test TXT v=spf1 ${evil.replace(/ /g, '')} -all\n_dmarc.example.test TXT ${evil}\n1.2.0.192.in-addr.arpa PTR <b>evil</b>.test`,
    );
    const { page, complaints } = await show(model, 'dark');
    assert.equal(await page.locator('main img, main script, main b').count(), 0);
    assert.notEqual(await page.title(), 'owned');
    assert.match(await page.innerText(button('record-dmarc-TXT')), /<img src=x onerror=/);
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it('refuses what its policy forbids: inline script, foreign images, connections', async () => {
    const { page } = await show(models.green, 'dark');
    const ran = await page.evaluate<unknown>(`(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.inline = true';
      document.body.append(script);
      const image = await new Promise(done => { const i = new Image(); i.onload = () => done('loaded'); i.onerror = () => done('blocked'); i.src = '/dnsPanel.css'; });
      const connection = await fetch('/dnsPanel.js').then(() => 'made', () => 'blocked');
      return { inline: window.inline === true, image, connection };
    })()`);
    assert.deepEqual(ran, { inline: false, image: 'blocked', connection: 'blocked' });
    await page.context().close();
  });
});
