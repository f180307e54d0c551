// What one asks of a server that runs: where mail goes, what waits, what the DNS says, a new key, a backup.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { deliver, login } from '../../support/mailClient';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

const domain = 'example.test';
const password = 'four knots on a cord';

describe('the commands of a server that runs', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;
  let record: string;

  /** The text of a page that a command has made. */
  const page = (title: string, wanted: RegExp): Promise<string> => window.markdownPage(title, wanted);

  before(async () => {
    stage = await Stage.open({
      name: 'commands',
      hosts: [{ name: 'mail', ready: withChasquid }],
      prepare: async one => {
        record = await setUpByHand(one, {
          domain,
          hostname: 'mail.example.test',
          selector: 'old',
          senders: { i: password },
        });
        await one.sh(`mkdir -p /etc/chasquid/domains/example2.test
          printf 'postmaster: i\\n*: you@sink.test\\n' > /etc/chasquid/domains/example.test/aliases
          chown -R chasquid: /etc/chasquid/domains; systemctl restart chasquid`);
      },
      knowsHosts: true,
      servers: world => [keyEntry(world.host('mail'))],
      settings: { 'chasquid.logs.source': 'mail' },
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    const { dns } = stage.world;
    await dns.update(
      `add mail.example.test. 1 A ${host.ipv4}`,
      `add mail.example.test. 1 AAAA ${host.ipv6}`,
      `add example.test. 1 MX 10 mail.example.test.`,
      `add example.test. 1 TXT "v=spf1 mx -all"`,
      `add _dmarc.example.test. 1 TXT "v=DMARC1; p=reject"`,
    );
    await dns.addText(`old._domainkey.${domain}`, record);
    await stage.connect('mail');
  });
  after(() => stage?.close());

  it('tell where mail to an address goes', async () => {
    await window.sidebar.row('mail', domain, 'Aliases').contextMenu('Resolve Address…');
    await window.quickInput.answer('anybody@example.test');
    const text = await page('Where mail to anybody@example.test goes', /It ends at/);
    await window.screenshot('resolved');
    assert.match(text, /It ends at you@sink\.test\./);
    assert.match(text, /anybody@example\.test – by the catch-all\s+→ you@sink\.test – on another server/);
  });

  it('show what waits in the queue, and the story of one message', async t => {
    t.after(() => stage.world.receiver.mode('accept'));
    await stage.world.receiver.mode('greylist');
    await host.sh('cat > /root/send.py; python3 /root/send.py', {
      stdin: `
import smtplib, ssl
context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
with smtplib.SMTP_SSL('127.0.0.1', 465, context=context) as server:
    server.login('i@example.test', '${password}')
    server.sendmail('i@example.test', ['you@sink.test'], 'From: i@example.test\\nSubject: waits\\n\\nHello')
`,
    });
    const queue = window.sidebar.row('mail', 'Queue');
    await window.sidebar.row('mail').inlineAction('Refresh');
    await queue.waitFor('a message that waits', row => row.description === '1 waiting');
    await queue.click();
    const text = await page('Queue of mail', /Greylisted/);
    await window.screenshot('queue');
    assert.match(text, /1 message waits\..*tries each again for 20 hours/s);
    assert.match(text, /you@sink\.test\s+waiting\s+.*451 .*Greylisted, please try again later/s);
    await queue.inlineAction('Trace Message…');
    await window.quickInput.pick(/^i@example\.test → you@sink\.test/);
    const [id] = /[\w-]{11}/.exec(/Queue of mail[^]*?\n([\w-]{11})\n/.exec(text)![1]!)!;
    const trace = await page(`Message ${id}`, /chasquid is not finished with it/);
    await window.screenshot('trace');
    assert.match(trace, /From i@example\.test to you@sink\.test, on mail/);
  });

  it('show of the log what the settings ask for', async () => {
    await window.sidebar.row('mail').inlineAction('Show Logs');
    const text = await window.outputChannel('Chasquid: mail').waitFor(/from=i@example\.test queued ip=/);
    assert.doesNotMatch(text, /SMTP\.Conn|Queue\.SendLoop|systemd|Started chasquid/);
  });

  it('report the health of a domain, and copy its records', async () => {
    await window.sidebar.row('mail', domain, 'DNS records').contextMenu('Show Health Report');
    const text = await page(`Health of ${domain}`, /Changes/);
    await window.screenshot('health');
    assert.match(text, /_dmarc\.example\.test/);
    await window.sidebar
      .row('mail', domain, 'DNS records')
      .waitFor('the count', row => /^\d+ of \d+ OK$/.test(row.description));
    const copied = await window.clipboard.borrow(async () => {
      await window.sidebar.row('mail', domain, 'DNS records').contextMenu('Copy DNS Records…');
      await window.quickInput.pick('BIND zone file');
      await window.clipboard.waitFor('the zone', zone => zone.includes('old._domainkey'));
    });
    assert.match(copied, /IN\s+MX\s+10 mail\.example\.test\./);
  });

  it('forward all mail to a mailbox elsewhere, when one confirms the lines, and take that back', async () => {
    const { dialog, notifications, quickInput } = window;
    const aliases = () => host.sh('cat /etc/chasquid/domains/example.test/aliases');
    const before = await aliases();
    await window.sidebar.row('mail', domain, 'Aliases').contextMenu('Forward Mail…');
    await quickInput.asks(/^Where should all mail/);
    await quickInput.type('me@example2.test');
    await quickInput.accept();
    await window.until(
      'the refusal of a circle',
      () => quickInput.validationMessage(),
      message => message.startsWith('example2.test is a mail domain of this server itself'),
    );
    await quickInput.answer('box@sink.test');
    assert.match(await dialog.message(), /^Forward all mail to example\.test to box@sink\.test\?$/);
    assert.match(await dialog.detail(), /− \*: you@sink\.test\s\+ \*: box@sink\.test\s\+ i: box@sink\.test/);
    await window.screenshot('forward');
    await dialog.press('Forward');
    await notifications.waitFor(/^Within 30 seconds mail to example\.test goes to box@sink\.test\./);
    assert.equal(await aliases(), 'postmaster: i\n*: box@sink.test\ni: box@sink.test\n');
    await notifications.press(/^Within 30 seconds/, 'Undo');
    await notifications.waitFor('The aliases of example.test are as they were.');
    assert.equal(await aliases(), before);
  });

  it('show what Gmail wants to be told, and wait for its confirmation', async () => {
    const { notifications, quickInput, clipboard } = window;
    const choose = () =>
      window.sidebar.row('mail', domain, 'Senders', 'i').contextMenu('Use in Gmail or a Mail Program…');
    await host.sh(
      `printf 'i: box@sink.test\\n' >> /etc/chasquid/domains/example.test/aliases; systemctl restart chasquid`,
    );
    await choose();
    await quickInput.asks(/^Settings for i@example\.test/);
    await window.screenshot('mail settings');
    const copied = await clipboard.borrow(async () => {
      await quickInput.pick('SMTP server');
      await clipboard.waitFor('the name', text => text === 'mail.example.test');
    });
    assert.equal(copied, 'mail.example.test');
    await quickInput.pick(/^Wait for the confirmation/);
    await notifications.waitFor(/^Waiting for Gmail to confirm i@example\.test/);
    assert.match(await login(host, 'i@example.test', 'not the password'), /^535/);
    await notifications.waitFor(/tried to log in as i@example\.test, and the password was wrong/);
    await deliver(host, 'confirm@gaia.bounces.google.com', 'i@example.test');
    await notifications.waitFor(
      /^The mail from confirm@gaia\.bounces\.google\.com to i@example\.test was passed on to box@sink\.test\. Open it there/,
    );
    await window.screenshot('confirmation');
  });

  it('judge the original of a message', async () => {
    const { notifications, quickInput } = window;
    await window.sidebar.row('mail', domain, 'Senders', 'i').inlineAction('Send Test Mail…');
    await quickInput.asks(/password of i@example\.test/i);
    await quickInput.answer(password);
    await quickInput.asks(/^Where to/);
    await quickInput.answer('me@sink.test');
    await notifications.waitFor(/^The mail was delivered to the server of me@sink\.test/);
    const { raw, ip } = await stage.world.receiver.waitFor(message => message.to.includes('me@sink.test'));
    const received = `Return-Path: <i@example.test>\r\nReceived: from mail.example.test (mail.example.test [${ip}])\r\n by mx.sink.test with ESMTPS (TLS1.3); ${new Date().toUTCString()}\r\n`;
    await window.clipboard.borrow(async () => {
      await window.clipboard.write(received + raw.toString('latin1'));
      await window.runCommand('Chasquid: Analyze Message…');
      await quickInput.pick('The clipboard');
      const text = await page('Message analysis', /DMARC/);
      await window.screenshot('analysis');
      assert.match(text, /This message is trusted/);
      for (const what of ['TLS', 'SPF', 'DKIM', 'DMARC']) assert.match(text, new RegExp(`${what}\\s+✓ pass`), text);
    });
  });

  it('lead through the rotation of the DKIM key, which goes on after a break', async () => {
    const { quickInput, clipboard } = window;
    const begin = () => window.sidebar.row('mail', domain, 'DKIM').inlineAction('Rotate DKIM Key…');
    const title = `Rotate DKIM Key · ${domain}`;
    await begin();
    await quickInput.pick('RSA, 2048 bits');
    await quickInput.asks(/^Selector of the new key/);
    await quickInput.answer('new');
    await quickInput.pick(/^Make the new key new \(rsa\) in a separate folder/);
    const value = await clipboard.borrow(async () => {
      await quickInput.pick('Copy the value');
      await clipboard.waitFor('the record', text => text.startsWith('v=DKIM1'));
    });
    await quickInput.shows(title);
    await window.screenshot('rotation: publish');
    await quickInput.pick(/^Stop here/);
    await stage.world.dns.addText(`new._domainkey.${domain}`, value);
    await begin();
    await quickInput.pick(/^Move the key new into the folder/);
    await quickInput.pick('Check the received original…');
    await quickInput.asks(/^Where is the original/);
    await quickInput.cancel();
    const text = await page(title, /A received message verified/);
    await window.screenshot('rotation: verify');
    assert.match(text, /✓ chasquid signs with it as well/);
    await window.sidebar.row('mail', domain, 'DKIM').waitFor('both keys', row => row.description === 'new, old');
  });

  it('keep the configuration as a backup, and restore it', async () => {
    const { dialog, notifications, quickInput } = window;
    const backUp = async () => {
      await window.sidebar.row('mail', 'Configuration').contextMenu('Back Up Configuration…');
      await quickInput.pick('On the server');
    };
    await backUp();
    await notifications.press(/^git is not installed on the server\./, 'Install git');
    await quickInput.pick('On the server');
    await notifications.waitFor(/^The configuration of mail is backed up \([0-9a-f]{7}\)\.$/);
    await host.sh("printf 'postmaster: nobody\\n' > /etc/chasquid/domains/example.test/aliases");
    await window.sidebar.row('mail', 'Configuration').contextMenu('Restore Configuration…');
    await quickInput.pick('Back up the configuration');
    assert.match(await dialog.message(), /^Restore the configuration of mail from [0-9a-f]{7}\?$/);
    await dialog.press('Restore');
    await notifications.waitFor(/^Restored 1 file on mail; chasquid runs with them\./);
    assert.match(await host.sh('cat /etc/chasquid/domains/example.test/aliases'), /^postmaster: i\n\*: you/);
  });

  it('remove a domain when one confirms it, and put it back', async () => {
    const { dialog, notifications } = window;
    await window.sidebar.row('mail', 'example2.test').contextMenu('Remove Domain…');
    assert.equal(await dialog.message(), 'Remove domain example2.test from mail?');
    await window.screenshot('remove domain');
    await dialog.press('Remove');
    await notifications.waitFor(/^example2\.test was removed from mail\./);
    assert.equal((await host.exec('test -d /etc/chasquid/domains/example2.test')).code, 1);
    await notifications.press(/^example2\.test was removed from mail\./, 'Undo');
    await window.sidebar.row('mail', 'example2.test').state();
    assert.equal((await host.exec('test -d /etc/chasquid/domains/example2.test')).code, 0);
  });

  it('take the plan along', async () => {
    await window.sidebar.row('mail').contextMenu('Export Plan…');
    const { quickInput } = window;
    await quickInput.pick('Shell script');
    await quickInput.asks(/^Domain: /);
    await quickInput.answer(domain);
    await quickInput.asks(/^Server name: /);
    await quickInput.answer('mail.example.test');
    await quickInput.pick(/^Over HTTP, on port 80/);
    await quickInput.pick('Let’s Encrypt');
    await quickInput.asks(/^First sender: /);
    await quickInput.answer('i@example.test');
    await window.until(
      'the script',
      () => window.editor.text(),
      text => text.startsWith('#!/bin/sh'),
    );
    await window.screenshot('plan');
  });
});
