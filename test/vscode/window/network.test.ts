// VS Code and its browser in a network without a way out, and the way in for a user outside.
import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { forward, portOf } from '../forward';
import { openBrowser, whenRestored } from '../page';
import { withParent } from '../served';
import { Workbench } from './workbench';

const fixture = join(import.meta.dirname, '..', 'fixture');

describe('a window in a network of its own', () => {
  let scratch: string;
  let holder: ChildProcess;
  let workbench: Workbench;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'chasquid-network-'));
    const hold = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && echo up && exec sleep infinity'];
    const [command, ...args] = [...withParent, ...hold] as [string, ...string[]];
    holder = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout!, 'data');
    workbench = await Workbench.open({
      folder: scratch,
      extensions: [fixture],
      fewBuiltIn: true,
      network: ['nsenter', `--net=/proc/${holder.pid}/ns/net`, '--'],
    });
    await workbench.statusBar.waitFor('Fixture ready', 180_000);
  });

  after(async () => {
    await workbench?.close();
    holder?.kill();
    await rm(scratch, { recursive: true, force: true });
  });

  it('has its terminals in that network', async () => {
    const inode = (path: string): string => execFileSync('readlink', [path], { encoding: 'utf8' }).trim();
    const inside = inode(`/proc/${holder.pid}/ns/net`);
    assert.notEqual(inside, inode('/proc/self/ns/net'));
    await workbench.runCommand('Terminal: Create New Terminal');
    await workbench.terminal.type('readlink /proc/self/ns/net');
    await workbench.terminal.press('Enter');
    assert.ok((await workbench.terminal.waitFor(/net:\[\d+\]/)).includes(inside));
  });

  it('is opened from outside through a forwarder to its unix socket', async () => {
    const forwarder = await forward(0, workbench.session.socket!);
    const { browser, context } = await openBrowser({ folder: scratch, size: { width: 800, height: 600 } });
    try {
      const page = await context.newPage();
      const address = new URL(workbench.session.address);
      address.port = String(portOf(forwarder));
      await page.goto(address.href, { timeout: 180_000 });
      await whenRestored(page);
      await page.getByText('Fixture ready').waitFor({ timeout: 180_000 });
    } finally {
      await browser.close();
      forwarder.close();
    }
  });
});
