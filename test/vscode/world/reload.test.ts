// What is still there after the window was reloaded with the sidebar hidden: until then nothing has started the extension.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { passwords } from '../../sandbox/passwords';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { runs } from '../window/row';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

const domain = 'example.test';
const aliases = `/etc/chasquid/domains/${domain}/aliases`;
const panel = `DNS · ${domain}`;

describe('after the window was reloaded', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;

  before(async () => {
    stage = await Stage.open({
      name: 'reload',
      hosts: [{ name: 'mail', passwordLogin: true, ready: withChasquid }],
      prepare: one =>
        setUpByHand(one, { domain, hostname: 'mail.example.test', selector: 's', senders: { i: 'first password' } }),
      knowsHosts: true,
      // Two ways to the same machine: one that asks nothing, one that asks for passwords, to log in and for sudo.
      servers: world => [
        { name: 'guarded', host: world.host('mail').ipv4, user: 'operator' },
        keyEntry(world.host('mail')),
      ],
      settings: { 'files.hotExit': 'onExit' },
    });
    ({ window } = stage);
    host = stage.world.host('mail');
  });
  after(() => stage?.close());

  beforeEach(async () => {
    await host.sh(`printf 'postmaster: i@example.test\\n' > ${aliases}`);
    await window.runCommand('View: Close All Editors');
    await window.sidebar.open('Chasquid');
  });

  /** Answers the question for this password of the user `operator`. */
  const password = async (of: 'login' | 'sudo'): Promise<void> => {
    await window.quickInput.shows(of === 'sudo' ? /^sudo password of operator/ : /^Password of operator/);
    await window.quickInput.answer(passwords.operator);
  };
  const connect = async (server: string): Promise<void> => {
    const row = window.sidebar.row(server);
    await row.click();
    if (server === 'guarded') await password('login');
    // Without the password of sudo less is seen of it.
    const good = server === 'guarded' ? /^chasquid/ : runs;
    await row.waitFor('the connection', ({ description }) => good.test(description));
  };
  const openAliases = async (server: string): Promise<void> => {
    await window.sidebar.row(server, domain, 'Aliases').click();
    if (server === 'guarded') await password('sudo');
    await window.editor.shows('aliases');
  };
  const openPanel = async (server: string): Promise<string> => {
    await window.sidebar.row(server, domain).inlineAction('Show DNS Records');
    return shown('verdict', text => text !== '');
  };
  /** Waits for a text of the panel's page. */
  const shown = (id: string, good: (text: string) => boolean): Promise<string> =>
    window.until(
      `the text of ${id}`,
      async () =>
        (await window.webview(panel))
          .getByTestId(id)
          .innerText()
          .catch(() => ''),
      good,
    );
  const reload = async (): Promise<void> => {
    await window.sidebar.open('Explorer');
    await window.reload();
  };
  const text = (good: RegExp): Promise<string> =>
    window.until(
      `${good} in the editor`,
      () => window.editor.text(),
      seen => good.test(seen),
    );
  const dirty = (wanted: boolean): Promise<boolean> =>
    window.until(
      wanted ? 'unsaved text' : 'saved text',
      () => window.editor.isDirty(),
      seen => seen === wanted,
    );

  it('the DNS panel and a file of the server are there, and connect by themselves where nothing is asked', async () => {
    await connect('mail');
    const verdict = await openPanel('mail');
    const page = await window.webview(panel);
    const isOpen = async (): Promise<boolean> =>
      (await (await window.webview(panel)).getByTestId('record-mx-MX').innerText()).includes('Copy name');
    const wasOpen = await isOpen();
    await page.getByTestId('record-mx-MX-toggle').click();
    await openAliases('mail');
    await reload();
    await text(/^# This is|^postmaster: i@example\.test\n$/);
    await text(/^postmaster: i@example\.test\n$/);
    await window.screenshot('file');
    assert.equal(await shown('verdict', seen => seen !== ''), verdict);
    assert.equal(await isOpen(), !wasOpen);
    await shown('status-line', seen => seen.startsWith('Checked at'));
    await window.screenshot('panel');
    // The row, too, knows what it knew.
    await window.sidebar.open('Chasquid');
    await window.sidebar.row('mail').waitFor('that chasquid runs', row => runs.test(row.description));
  });

  it('both ask to connect where a password is needed, and show at once what they showed before', async () => {
    const { editor } = window;
    await connect('guarded');
    await openAliases('guarded');
    const verdict = await openPanel('guarded');
    await window.runCommand('View: Open Previous Editor in Group');
    await editor.shows('aliases');
    await reload();
    const standIn = await text(/^# This is not the file: guarded is not connected\.\n/);
    await window.screenshot('file asks to connect');
    assert.match(standIn, /Choose “Connect to guarded” above, or connect in the sidebar/);
    await editor.type('x');
    assert.equal(await editor.isDirty(), false);

    assert.equal(await shown('verdict', seen => seen !== ''), verdict);
    assert.match(await shown('status-line', seen => seen !== ''), /^guarded is not connected\. .* Choose Connect\.$/);
    const page = await window.webview(panel);
    assert.equal(await page.getByTestId('check-again').innerText(), 'Connect');
    await window.screenshot('panel asks to connect');
    // What it still shows can be copied, as before.
    await page.getByTestId('copy-all').click();
    await page.getByTestId('copy-all-bind').click();
    await window.clipboard.waitFor('the zone', seen => seen.startsWith('$ORIGIN example.test.'));

    await window.runCommand('View: Open Previous Editor in Group');
    await editor.press('Escape');
    await editor.lens('Connect to guarded');
    await password('login');
    await password('sudo');
    await text(/^postmaster: i@example\.test\n$/);
    await window.screenshot('file after connecting');
    await shown('status-line', seen => seen.startsWith('Checked at'));

    // Undo brings back what stood in for the file; it cannot be saved in place of it.
    await window.runCommand('View: Open Previous Editor in Group');
    await editor.press('Control+Z');
    await text(/^# This is not the file/);
    await dirty(true);
    await editor.press('Control+S');
    await window.notifications.waitFor(/This text was only a placeholder/);
    await window.screenshot('a stand-in is not saved');
    assert.equal(await host.sh(`cat ${aliases}`), 'postmaster: i@example.test\n');
    await window.runCommand('File: Revert File');
    await text(/^postmaster: i@example\.test\n$/);
  });

  for (const server of ['mail', 'guarded']) {
    it(`text that was not saved is there, and saved where the file on ${server} is as it was`, async () => {
      const { editor } = window;
      await connect(server);
      await openAliases(server);
      await editor.goTo(1, 1);
      await editor.type(`${server}: i@example.test, `);
      await window.untilBackedUp(`${server}: i@example.test, `);
      await reload();
      await text(new RegExp(`^${server}: i@example\\.test, `));
      assert.equal(await editor.isDirty(), true);
      await editor.press('Control+S');
      if (server === 'guarded') {
        await password('login');
        await password('sudo');
      }
      await dirty(false);
      assert.match(await host.sh(`cat ${aliases}`), new RegExp(`^${server}: i@example\\.test, `));
    });
  }

  it('text that was not saved is a conflict where the file has changed meanwhile, even to the same length', async () => {
    const { editor, notifications } = window;
    const newer = /The content of the file is newer/;
    await connect('mail');
    await openAliases('mail');
    await editor.goTo(1, 1);
    await editor.type('abuse: i@example.test, ');
    await window.untilBackedUp('abuse: i@example.test, ');
    await reload();
    await text(/^abuse: /);
    await host.sh(`printf 'postmeister: @example.test\\n' > ${aliases}`);
    await editor.press('Control+S');
    await notifications.waitFor(newer);
    await window.screenshot('conflict');
    assert.equal(await host.sh(`cat ${aliases}`), 'postmeister: @example.test\n');
    await notifications.press(newer, 'Overwrite');
    await dirty(false);
    assert.match(await host.sh(`cat ${aliases}`), /^abuse: i@example\.test, postmaster/);
  });

  it('text that was not saved is not written where the server cannot be reached to compare', async () => {
    const { editor, notifications, quickInput } = window;
    await connect('guarded');
    await openAliases('guarded');
    await editor.goTo(1, 1);
    await editor.type('abuse: i@example.test, ');
    await window.untilBackedUp('abuse: i@example.test, ');
    await reload();
    await text(/^abuse: /);
    await host.sh(`printf 'changed: i@example.test\\n' > ${aliases}`);
    await editor.press('Control+S');
    await quickInput.shows(/assword of operator/);
    await quickInput.cancel();
    await notifications.waitFor(/Nothing was written/);
    await window.screenshot('not compared');
    assert.equal(await host.sh(`cat ${aliases}`), 'changed: i@example.test\n');
    // Giving the text up asks nothing.
    await window.runCommand('View: Revert and Close Editor');
    await window.until(
      'no editor',
      () => editor.title(),
      title => title === '',
    );
    assert.equal(await quickInput.isOpen(), false);
  });

  it('a page is there, and says that it is to be made again', async () => {
    await connect('mail');
    await window.sidebar.row('mail', 'Service').click();
    // Only then it takes the focus, which the next action must not lose to it.
    await window.markdownPage('chasquid on mail', /Last lines of its log/);
    await reload();
    await window.markdownPage('chasquid on mail', /made in an earlier window\. Run its command again/);
    await window.screenshot('page');
  });
});
