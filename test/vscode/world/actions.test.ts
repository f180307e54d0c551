// What one does with a server that runs: its files, senders, service and log.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { knock, login } from '../../support/mailClient';
import { runs } from '../window/row';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

const aliases = '/etc/chasquid/domains/example.test/aliases';

describe('a server that runs', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;
  const sender = () => window.sidebar.row('mail', 'example.test', 'Senders', 'i');

  before(async () => {
    stage = await Stage.open({
      name: 'actions',
      hosts: [{ name: 'mail', ready: withChasquid }],
      prepare: one =>
        setUpByHand(one, {
          domain: 'example.test',
          hostname: 'mail.example.test',
          selector: 's',
          senders: { i: 'first password' },
        }),
      knowsHosts: true,
      servers: world => [keyEntry(world.host('mail'))],
      settings: { 'chasquid.refreshInterval': 3600 },
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    await stage.connect('mail');
  });
  after(() => stage?.close());

  it('tells a screen reader what each row shows', async () => {
    await window.sidebar.row('mail', 'example.test', 'Senders', 'i').state();
    for (const { label, description, spoken } of await window.sidebar.rows())
      assert.equal(spoken, description ? `${label}, ${description}` : label);
    await window.screenshot('rows');
  });

  it('is checked again by itself as often as the setting says, from the moment that it says so', async () => {
    const aliasesRow = window.sidebar.row('mail', 'example.test', 'Aliases');
    assert.equal((await aliasesRow.state()).description, '0');
    await host.sh(`printf 'hello: i@example.test\n' > ${aliases}`);
    await window.changeSetting('chasquid.refreshInterval', 1);
    await aliasesRow.waitFor('the new alias', row => row.description === '1');
    await host.sh(`rm ${aliases}`);
    await aliasesRow.waitFor('no alias', row => row.description === '0');
    await window.changeSetting('chasquid.refreshInterval', 3600);
  });

  describe('its files', () => {
    it('are edited, judged by the version of the server, and saved with a backup', async () => {
      const { editor } = window;
      await window.sidebar.row('mail', 'example.test', 'Aliases').click();
      await editor.shows('aliases');
      assert.equal(await editor.text(), '');
      await editor.type('postmaster: i@example.test');
      await editor.newLine();
      await editor.type('no colon here');
      const [problem] = await window.problems.waitFor('what is wrong', found => found.length === 1);
      assert.equal(problem!.severity, 'warning');
      assert.match(problem!.message, /chasquid 1\.15\.\S+ skips the line silently/);
      await editor.save();
      assert.equal(await host.sh(`cat ${aliases}`), 'postmaster: i@example.test\nno colon here\n');
      assert.equal((await host.sh(`stat -c '%U %a' ${aliases}`)).trim(), 'chasquid 660');
      const told = await window.notifications.waitFor(/^aliases is saved, but one line of it has no effect/);
      await window.screenshot('saved with a warning');
      assert.deepEqual(told.buttons, ['Show Problems']);
      await window.sidebar.row('mail', 'example.test', 'Aliases').waitFor('one alias', row => row.description === '1');
      const backups = await host.sh(`find /var/backups/chasquid-setup -path '*${aliases}' | wc -l`);
      assert.equal(Number(backups), 1);
    });

    it('are not written over when somebody else has changed them, even to the same length', async () => {
      const { editor, notifications } = window;
      await host.sh(`sed -i 's/no colon/on colon/' ${aliases}`);
      await editor.goTo(1, 1);
      await editor.type('abuse: i@example.test, ');
      await editor.press('Control+S');
      const { buttons } = await notifications.waitFor(/The content of the file is newer/);
      await window.screenshot('conflict');
      assert.deepEqual(buttons, ['Compare', 'Overwrite']);
      assert.match(await host.sh(`cat ${aliases}`), /^postmaster: i@example\.test\non colon/);
      await notifications.press(/The content of the file is newer/, 'Overwrite');
      await window.until(
        'the editor saved',
        () => editor.isDirty(),
        dirty => !dirty,
      );
      assert.match(await host.sh(`cat ${aliases}`), /^abuse: .*\nno colon here\n$/);
    });

    it('that chasquid would not start with are only saved when one insists', async () => {
      const { editor, dialog, notifications } = window;
      await window.sidebar.row('mail', 'Configuration').click();
      await editor.shows('chasquid.conf');
      const before = await host.sh('sha256sum /etc/chasquid/chasquid.conf');
      await editor.goTo(1, 1);
      await editor.type('hostnam: "x"');
      await editor.press('Escape');
      await editor.press('Enter');
      await editor.press('Control+S');
      assert.match(await dialog.message(), /^chasquid 1\.15\.\S+ will not accept chasquid\.conf\. Save it anyway\?$/);
      assert.match(
        await dialog.detail(),
        /^Line 1: There is no field “hostnam”\. .* does not start with such a file\./,
      );
      await window.screenshot('save anyway');
      await dialog.press('Cancel');
      await notifications.waitFor(/You chose not to save it\. The file on the server is as it was\./);
      assert.equal(await host.sh('sha256sum /etc/chasquid/chasquid.conf'), before);
      await editor.press('Control+S');
      await dialog.press('Save Anyway');
      await window.until(
        'the editor saved',
        () => editor.isDirty(),
        dirty => !dirty,
      );
      assert.match(await host.sh('head -1 /etc/chasquid/chasquid.conf'), /^hostnam: "x"/);
    });
  });

  describe('its service', () => {
    it('is restarted; when it does not stay up, the reason is told', async () => {
      const { notifications, sidebar } = window;
      await sidebar.row('mail', 'Service').inlineAction('Restart Service');
      const { message, severity } = await notifications.waitFor(/hostnam/);
      await window.screenshot('restart failed');
      assert.equal(severity, 'error');
      assert.match(message, /\. .*\.$/);
      await sidebar.row('mail').waitFor('that it has failed', row => row.description.endsWith('failed'));
      await host.sh(`sed -i '/^hostnam:/d' /etc/chasquid/chasquid.conf`);
      await sidebar.row('mail', 'Service').inlineAction('Restart Service');
      await notifications.waitFor('chasquid on mail was restarted and runs.');
      await sidebar.row('mail').waitFor('that it runs', row => runs.test(row.description));
    });

    it('tells its status on a page', async () => {
      await window.sidebar.row('mail', 'Service').click();
      const text = await window.markdownPage('chasquid on mail', /It runs, for .* now \(running\)\./);
      await window.screenshot('status');
      assert.match(text, /^chasquid on mail\n/);
      assert.match(text, /It starts when the server boots\./);
      assert.match(text, /25 \(mail from other servers\): open/);
    });
  });

  describe('its senders', () => {
    it('have their passwords checked', async () => {
      const { quickInput, notifications } = window;
      for (const [password, verdict] of [
        ['not this one', /^The password of i@example\.test is wrong\. The server keeps only its hash/],
        ['first password', /^The password of i@example\.test is correct\.$/],
      ] as const) {
        await sender().contextMenu('Check Sender Password…');
        await quickInput.asks(/^Password of i@example\.test to try/);
        assert.ok(await quickInput.isPassword());
        await quickInput.answer(password);
        await notifications.waitFor(verdict);
        await window.screenshot('password checked');
      }
    });

    it('get new passwords, typed twice', async () => {
      const { quickInput, notifications } = window;
      await sender().contextMenu('Change Sender Password…');
      await quickInput.asks(/^Password for i@example\.test/);
      await quickInput.type('short');
      await quickInput.accept();
      await quickInput.waitForValidation(/at least 8 characters/);
      await quickInput.answer('second password');
      await quickInput.asks(/^The same password again/);
      await quickInput.type('another password');
      await quickInput.accept();
      await quickInput.waitForValidation(/^The two passwords differ/);
      await quickInput.answer('second password');
      await notifications.waitFor(/^i@example\.test has a new password\./);
      assert.equal(await login(host, 'i@example.test', 'second password'), 'ok');
    });

    it('are removed when one confirms it, and undone with the password they had', async () => {
      const { dialog, notifications } = window;
      await sender().contextMenu('Remove Sender…');
      assert.equal(await dialog.message(), 'Remove sender i@example.test?');
      await dialog.press('Cancel');
      assert.equal(await login(host, 'i@example.test', 'second password'), 'ok');
      await sender().contextMenu('Remove Sender…');
      await dialog.press('Remove');
      const { buttons } = await notifications.waitFor('i@example.test was removed.');
      assert.deepEqual(buttons, ['Undo']);
      await window.sidebar
        .row('mail', 'example.test', 'Senders')
        .waitFor('no sender', row => row.description === 'none yet');
      assert.match(await login(host, 'i@example.test', 'second password'), /^535/);
      await notifications.press('i@example.test was removed.', 'Undo');
      await notifications.waitFor('i@example.test can send again, with the password it had.');
      await sender().state();
      assert.equal(await login(host, 'i@example.test', 'second password'), 'ok');
    });
  });

  it('shows its log across a connection that is cut: no line lost, none doubled', async () => {
    await window.sidebar.row('mail').inlineAction('Show Logs');
    const channel = window.outputChannel('Chasquid: mail');
    const numbers = async (): Promise<number[]> => [
      ...new Set([...(await channel.text()).matchAll(/nobody(\d+)@/g)].map(match => Number(match[1]))),
    ];
    await knock(host, 0, 5);
    await window.until('the first lines', numbers, seen => seen.includes(4));
    const knocking = knock(host, 5, 60, 100);
    await window.until('the log go on', numbers, seen => seen.includes(9));
    assert.ok((await host.dropConnections()) > 0);
    await knocking;
    await window.until('the last lines', numbers, seen => seen.includes(59));
    await window.screenshot('log');
    assert.deepEqual(await numbers(), [...Array(60).keys()]);
    const text = await channel.text();
    assert.match(text, /\[warning\] .*The log goes on when the connection is back\.\n/);
    assert.match(text, /\[info\] The connection is back\.\n/);
    // Each knock leaves as many lines as any other.
    const counts = new Map<string, number>();
    for (const [, number] of text.matchAll(/nobody(\d+)@/g)) counts.set(number!, (counts.get(number!) ?? 0) + 1);
    assert.equal(new Set(counts.values()).size, 1, JSON.stringify([...counts]));
  });

  const logins = () => host.sh("journalctl --unit ssh --output cat | grep -c '^Accepted'");
  let loginsBefore: string;

  it('is disconnected when one disconnects it, whatever is open', async () => {
    const { sidebar } = window;
    loginsBefore = await logins();
    await sidebar.row('mail').contextMenu('Disconnect');
    await sidebar.row('mail').waitFor('no connection', row => row.description === 'not connected');
    await window.outputChannel('Chasquid: mail').waitFor(/Disconnected\. Show Logs follows the log again\./);
  });

  it('is removed from the list when one confirms it, and brought back', async () => {
    const { dialog, notifications, sidebar } = window;
    await sidebar.row('mail').contextMenu('Remove Server…');
    assert.equal(await dialog.message(), 'Remove mail from the list?');
    await dialog.press('Remove');
    await window.until(
      'the welcome',
      () => sidebar.welcome(),
      text => text.includes('Add Server'),
    );
    await notifications.press('mail was removed from the list.', 'Undo');
    await sidebar.row('mail').waitFor('the server', row => row.description === 'not connected');
    assert.equal(await logins(), loginsBefore, 'nothing has connected again by itself');
  });
});
