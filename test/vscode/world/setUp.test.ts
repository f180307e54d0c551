// Set Up Server where things go wrong, as the terminal tells it: one server, a user who needs sudo's password.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { passwords } from '../../sandbox/passwords';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

describe('Set Up Server, in the terminal', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;

  before(async () => {
    stage = await Stage.open({
      name: 'setUp',
      hosts: [{ name: 'mail' }],
      knowsHosts: true,
      servers: world => [
        keyEntry(world.host('mail'), 'operator'),
        { ...keyEntry(world.host('mail'), 'plain'), name: 'powerless' },
      ],
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    await window.sidebar.open('Chasquid');
  });
  after(() => stage?.close());

  const setUp = async (server: string): Promise<void> => {
    await window.sidebar.row(server).contextMenu('Set Up Server');
    await window.quickInput.asks(/what comes after the @/);
    await window.quickInput.answer('example.test');
    await window.quickInput.asks(/full name/);
    assert.equal(await window.quickInput.value(), 'mail.example.test');
    await window.quickInput.accept();
  };
  const runStep = async (title: string): Promise<void> => {
    await window.sidebar.row('mail').contextMenu('Run Step…');
    await window.quickInput.shows('Run Step · mail');
    await window.quickInput.pick(title);
  };
  const ended = /Ready: .*|Not finished: .*|q stop: $/;

  it('takes the password of sudo without showing it, and says that a wrong one is wrong', async () => {
    const { terminal } = window;
    await setUp('mail');
    await terminal.waitFor(/^Password of operator on the server:/m);
    await terminal.type('not the password');
    await terminal.press('Enter');
    await terminal.waitFor(/sudo did not accept this password\.\nPassword of operator on the server:$/);
    await window.screenshot('wrong password');
    // Typed with a typo that is undone; an arrow key is no part of it.
    await terminal.type(`${passwords.operator.slice(0, -1)}x`);
    await terminal.press('Backspace');
    await terminal.press('ArrowUp');
    await terminal.type(passwords.operator.slice(-1));
    await terminal.press('Enter');
    await window.quickInput.asks(/^Which steps\?/);
    const text = await terminal.text();
    assert.match(text, /Looking +9 of 10 steps to do/);
    assert.ok(!text.includes('not the password') && !text.includes(passwords.operator), text);
  });

  it('shows in a dry run what each step would change, and changes nothing', async () => {
    const { terminal, quickInput } = window;
    const before = await host.sh('cat /etc/hostname /etc/hosts; dpkg -l | sha256sum; ls -laR /etc | sha256sum');
    await quickInput.pick(/Dry run/);
    await window.screenshot('steps');
    await quickInput.accept();
    const text = await terminal.waitFor(/Dry run: .*/);
    await window.screenshot('dry run');
    assert.match(text, /• {2}Server name +To be named mail\.example\.test\n {3}- \/etc\/hostname: mail\n/);
    assert.match(text, /Dry run: 9 of 9 steps would change something\. Nothing was changed\./);
    const after = await host.sh('cat /etc/hostname /etc/hosts; dpkg -l | sha256sum; ls -laR /etc | sha256sum');
    assert.equal(after, before);
  });

  it('tells what keeps a server from sending mail, and asks what next', async () => {
    const { terminal } = window;
    await host.closePorts('out', [25], 'reject');
    await host.sh(`cp --remove-destination /usr/lib/os-release /etc/os-release
      sed -i 's/^ID=.*/ID=fedora/; s/^VERSION_ID=.*/VERSION_ID=42/; s/^PRETTY_NAME=.*/PRETTY_NAME="Fedora Linux 42"/' /etc/os-release`);
    await runStep('Preflight');
    const text = await terminal.waitFor(/q stop:$/);
    await window.screenshot('not a mail server');
    const plain = text.replace(/\s+/g, ' ');
    assert.match(plain, /This server runs Fedora Linux 42\..* → Reinstall the server with one of these/);
    assert.match(plain, /cannot reach other mail servers on port 25\..* → Ask your provider to open outbound port 25/);
    await terminal.press('q');
    const stopped = await terminal.waitFor(/Not finished: 1 of 1 step is not done yet\./);
    assert.equal(stopped.match(/Preflight/g)?.length, 2, `The result stands there twice:\n${stopped}`);
    await host.sh('ln -sf ../usr/lib/os-release /etc/os-release');
    await host.openPorts();
  });

  it('stops with Ctrl+C: the command on the server ends, nothing is left running, nobody is alarmed', async () => {
    const { terminal } = window;
    await runStep('chasquid');
    await terminal.waitFor(/● {2}chasquid +working…\n(.*│.*\n?)+/);
    await window.screenshot('working');
    await terminal.press('Control+C');
    const text = await terminal.waitFor(/Stopped with Ctrl\+C\.\nRun Set Up Server again to go on: .*/);
    await window.screenshot('stopped');
    assert.match(text, /■ {2}chasquid +stopped/);
    assert.ok(!text.includes('●'), text);
    assert.deepEqual(await window.notifications.shown(), []);
    // dpkg ends its own children a moment after it was ended itself.
    await window.until(
      'the programs on the server end',
      () => host.sh('pgrep -a "apt|dpkg" || true'),
      running => running === '',
    );
  });

  it('fits a window that became narrower: what is to be read is wrapped, not cut', async () => {
    const { terminal, page } = window;
    const wide = page.viewportSize()!;
    await page.setViewportSize({ width: 820, height: wide.height });
    try {
      const narrow = await window.until(
        'the terminal to be redrawn',
        () => terminal.text(),
        text => text.split('\n').length > 12,
      );
      await window.screenshot('narrow');
      const read = narrow.replace(/\s+/g, ' ');
      assert.match(read, /Run Set Up Server again to go on: what is done already is left as it is\.$/);
    } finally {
      await page.setViewportSize(wide);
    }
  });

  it('goes on by itself when the connection is cut in the middle of a step, without asking again', async () => {
    const { terminal } = window;
    // Ctrl+C may have come when dpkg was nearly done; it does not stop half-way.
    await host.sh('dpkg --configure -a; dpkg --purge --force-remove-reinstreq chasquid');
    await runStep('chasquid');
    await terminal.waitFor(/● {2}chasquid +working…\n(.*│.*\n?)+/);
    assert.ok((await host.dropConnections()) > 0);
    await terminal.waitFor(/The connection was lost\. The command on the server goes on; connecting again…/);
    const text = await terminal.waitFor(ended);
    await window.screenshot('connection restored');
    assert.match(text, /Connected again; going on where it was\./);
    assert.ok(!text.includes('Password'), text);
    assert.match(text, /✓ {2}chasquid +chasquid .* is installed/);
    assert.match(text, /Ready: 1 of 1 step changed something\.$/);
    assert.match((await host.sh('dpkg -l chasquid | tail -1')).trim(), /^ii/);
  });

  it('says why a step failed, shows its log, and does it again', async () => {
    const { terminal, quickInput } = window;
    await host.fillDisk();
    await runStep('Server name');
    await quickInput.asks(/full name/);
    await quickInput.answer('mail.example.test');
    const failed = await terminal.waitFor(/r retry · s skip · l log · q stop:$/);
    await window.screenshot('full disk');
    assert.match(failed, /✗ {2}Server name +not done/);
    assert.match(failed, /The disk of the server is full\.\n {3}→ Free some space there/);
    await terminal.press('l');
    await window.editor.shows('hostname.log');
    await window.screenshot('log of the step');
    await host.freeDisk();
    await terminal.press('r');
    const text = await terminal.waitFor(/Ready: .*/);
    assert.match(text, /q stop: retry\n ✓ {2}Server name +mail\.example\.test/);
    assert.equal((await host.sh('cat /etc/hostname')).trim(), 'mail.example.test');
  });

  it('tells a user without sudo what to do, and leaves the server alone', async () => {
    const { terminal, notifications } = window;
    await setUp('powerless');
    await terminal.waitFor(/^Password of plain on the server:/m);
    await terminal.type(passwords.plain);
    await terminal.press('Enter');
    const { message } = await notifications.waitFor(/sudo on the server does not let plain become root/);
    await window.screenshot('no sudo');
    assert.match(message, /Connect as root, or as root run: adduser plain sudo$/);
    assert.match((await terminal.text()).replace(/\s+/g, ' '), /does not let plain become root\./);
    assert.equal(await host.sh('ls -d /var/backups/chasquid-setup/*/powerless 2>/dev/null || true'), '');
  });
});
