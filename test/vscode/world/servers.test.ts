// Servers that cannot be reached, as the window tells it.
import assert from 'node:assert/strict';
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { passwords } from '../../sandbox/passwords';
import type { Workbench } from '../window/workbench';
import { Stage } from './stage';

describe('servers', () => {
  let stage: Stage;
  let window: Workbench;
  let mail: Host;
  let jump: Host;

  before(async () => {
    stage = await Stage.open({
      name: 'servers',
      hosts: [{ name: 'mail', passwordLogin: true }, { name: 'jump' }],
      // PAM would wait for some seconds after each wrong password.
      prepare: host => host.sh("sed -i '/pam_unix.so/s/$/ nodelay/' /etc/pam.d/common-auth"),
    });
    ({ window } = stage);
    mail = stage.world.host('mail');
    jump = stage.world.host('jump');
    await window.sidebar.open('Chasquid');
  });
  after(() => stage?.close());

  const row = (name: string) => window.sidebar.row(name);
  const says = (name: string, description: string) =>
    row(name).waitFor(description, state => state.description === description);

  it('that cannot be reached say why, in a row and in a sentence', async () => {
    const { quickInput, notifications } = window;
    for (const [address, description, text] of [
      ['root@nowhere.test', 'name not found', /nowhere\.test/],
      [`root@${mail.ipv4}:2222`, 'connection refused', /2222/],
    ] as const) {
      await window.runCommand('Chasquid: Add Server…');
      await quickInput.asks(/^Host name or address/);
      await quickInput.answer(address);
      await quickInput.pick(/SSH agent or default keys/);
      await quickInput.asks(/^Name in the sidebar/);
      await quickInput.answer(description);
      const { message, severity, buttons } = await notifications.waitFor(text);
      await says(description, description);
      await window.screenshot(description);
      assert.equal(severity, 'error');
      assert.match(message, /^[^.]+.*\. .*\.$/);
      assert.deepEqual(buttons, ['Try Again', 'Edit Server…', 'Show Log']);
      await notifications.close(text);
    }
  });

  it('can be added with a step back, a host key that is declined first, and wrong passwords', async () => {
    const { quickInput, notifications, dialog } = window;
    await window.runCommand('Chasquid: Add Server…');
    await quickInput.answer('root@mail.exampel.test');
    await quickInput.pick(/^Password/);
    await quickInput.asks(/^Name in the sidebar/);
    await quickInput.button('Back');
    await quickInput.asks(/^How do you log in/);
    await quickInput.button('Back');
    await quickInput.asks(/^Host name or address/);
    assert.equal(await quickInput.value(), 'root@mail.exampel.test');
    await quickInput.answer(`operator@${mail.ipv4}`);
    await quickInput.pick(/^Password/);
    await quickInput.asks(/^Name in the sidebar/);
    await quickInput.answer('fresh');

    assert.equal(await dialog.message(), `${mail.ipv4} is a new server. Is this its host key?`);
    const detail = await dialog.detail();
    assert.ok(
      mail.hostKeys.some(key => detail.includes(key.sha256)),
      detail,
    );
    await window.screenshot('unknown host key');
    await dialog.press('Cancel');
    const declined = await notifications.waitFor(/host key/);
    await notifications.close(/host key/);
    assert.ok(!declined.buttons.includes('Trust This Server'), declined.buttons.join());

    await row('fresh').contextMenu('Connect');
    await dialog.press('Trust This Server');
    // The server takes passwords in two ways, with three attempts each.
    for (let attempt = 0; attempt < 6; attempt++) {
      await quickInput.asks(attempt === 0 ? /^Sent only after the host key was verified/ : /^That was not accepted/);
      assert.ok(await quickInput.isPassword());
      await window.until(
        'an empty box',
        () => quickInput.value(),
        value => value === '',
      );
      await quickInput.answer(`guess ${attempt}`);
      if (attempt === 0) await window.screenshot('wrong password');
    }
    const refused = await notifications.waitFor(/^The server refused to let operator@/);
    await window.screenshot('wrong passwords');
    assert.match(refused.message, /It accepts: .*password.*; tried: .*refused/);
    assert.doesNotMatch(refused.message, /guess/);
    await notifications.press(/^The server refused to let operator@/, 'Try Again');
    await quickInput.asks(/^Sent only after/);
    await quickInput.button('Remember in VS Code’s secret storage');
    await quickInput.asks(/Will be remembered\./);
    await quickInput.answer(passwords.operator);
    await says('fresh', 'no chasquid yet');
  });

  it('whose password is remembered ask no more; it belongs to the login, not to the name of the entry', async () => {
    const { quickInput, dialog, notifications } = window;
    const edit = async (address: string) => {
      await row('fresh').contextMenu('Edit Server…');
      await quickInput.asks(/^Host name or address/);
      await quickInput.answer(address);
      await quickInput.pick(/^Password/);
      await quickInput.asks(/^Name in the sidebar/);
      await quickInput.answer('fresh');
    };
    await row('fresh').contextMenu('Disconnect');
    await says('fresh', 'not connected');
    await row('fresh').contextMenu('Connect');
    await says('fresh', 'no chasquid yet');

    await window.runCommand('Chasquid: Forget Stored Secrets…');
    const stored = (await quickInput.items()).map(({ label, description }) => `${label} (${description})`);
    assert.deepEqual(stored, [`Password of operator@${mail.ipv4}:22 (fresh)`]);
    await window.screenshot('stored secrets');
    await quickInput.cancel();

    // Another user of the same host under the same name is asked for a password of its own.
    await edit(`debian@${mail.ipv4}`);
    await quickInput.asks(/^Sent only after the host key was verified/);
    assert.equal(await quickInput.title(), `Password of debian@${mail.ipv4}`);
    await quickInput.cancel();
    await notifications.close(/^Logging in to debian@.* was cancelled\./);
    await window.runCommand('Chasquid: Forget Stored Secrets…');
    await notifications.close('No password, passphrase or key is stored.');
    await edit(`operator@${mail.ipv4}`);
    await quickInput.asks(/^Sent only after the host key was verified/);
    await quickInput.button('Remember in VS Code’s secret storage');
    await quickInput.answer(passwords.operator);
    await says('fresh', 'no chasquid yet');

    await window.runCommand('Chasquid: Forget Stored Secrets…');
    const title = `Password of operator@${mail.ipv4}:22`;
    await quickInput.pick(title);
    await quickInput.accept();
    assert.equal(await dialog.message(), `Delete “${title}”?`);
    await dialog.press('Delete');
    await notifications.close(`Deleted: ${title}.`);
    await window.runCommand('Chasquid: Forget Stored Secrets…');
    await notifications.close('No password, passphrase or key is stored.');
  });

  it('behind a jump host are reached with the command line that a user would type, each hop verified', async () => {
    const { quickInput, dialog, notifications } = window;
    const key = mail.clientKeyFile;
    await window.runCommand('Chasquid: Add Server…');
    await quickInput.asks(/^Host name or address/);
    await quickInput.answer(`ssh -J debian@${jump.ipv4} -i ${key} root@[${mail.ipv6}]`);
    await quickInput.asks(/^Name in the sidebar/);
    await quickInput.answer('inner');

    // The key of the server is for that server: the jump host is asked with what ssh itself would take.
    assert.match(await dialog.message(), new RegExp(`^${jump.ipv4} is a new server`));
    await dialog.press('Trust This Server');
    const refused = await notifications.waitFor(/^The server refused to let debian@/);
    assert.match(refused.message, new RegExp(jump.ipv4));
    await notifications.close(/^The server refused to let debian@/);

    await copyFile(key, join(stage.home, '.ssh', 'id_ed25519'));
    await chmod(join(stage.home, '.ssh', 'id_ed25519'), 0o600);
    await row('inner').contextMenu('Connect');
    assert.match(await dialog.message(), new RegExp(`^${mail.ipv6} is a new server`));
    const detail = await dialog.detail();
    assert.ok(
      mail.hostKeys.some(({ sha256 }) => detail.includes(sha256)),
      detail,
    );
    await window.screenshot('behind a jump host');
    await dialog.press('Trust This Server');
    await says('inner', 'no chasquid yet');
    const journal = await mail.sh('journalctl --unit ssh --output cat');
    assert.match(journal, new RegExp(`Accepted publickey for root from ${jump.ipv6} `));

    await jump.dropConnections();
    await says('inner', 'connection lost');
    await row('inner').click();
    await says('inner', 'no chasquid yet');
    await row('inner').contextMenu('Edit Server…');
    await quickInput.asks(/^Host name or address/);
    assert.equal(await quickInput.value(), `ssh -J debian@${jump.ipv4} root@${mail.ipv6}`);
    await quickInput.cancel();
  });

  it('whose host key has changed is refused with both fingerprints, and nothing leads past it', async () => {
    const { notifications, dialog, quickInput } = window;
    await row('fresh').contextMenu('Disconnect');
    const before = mail.hostKeys.map(key => key.sha256);
    await mail.changeHostKeys();
    await row('fresh').contextMenu('Connect');
    const { message, buttons } = await notifications.waitFor(/has changed, so nothing was sent to it\./);
    await window.screenshot('changed host key');
    const shown: string[] = message.match(/SHA256:[\w+/]{43}/g) ?? [];
    assert.ok(
      before.some(print => shown.includes(print)),
      message,
    );
    assert.ok(
      mail.hostKeys.some(key => shown.includes(key.sha256)),
      message,
    );
    assert.deepEqual(buttons, ['Show Log']);
    assert.deepEqual([await dialog.isOpen(), await quickInput.isOpen()], [false, false]);
    await says('fresh', 'host key changed');
  });
});
