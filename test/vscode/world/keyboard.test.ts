// The main actions without a pointer: what a user does who uses a keyboard only, or a screen reader.
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import type { Host } from '../../sandbox/host';
import { setUpByHand } from '../../support/chasquid';
import type { Workbench } from '../window/workbench';
import { Stage } from './stage';

const domain = 'example.test';

describe('by keyboard only', () => {
  let stage: Stage;
  let window: Workbench;
  let page: Page;
  let mail: Host;

  before(async () => {
    stage = await Stage.open({ name: 'keyboard', hosts: [{ name: 'mail' }] });
    ({ window } = stage);
    ({ page } = window);
    mail = stage.world.host('mail');
    await copyFile(mail.clientKeyFile, join(stage.home, '.ssh', 'id_ed25519'));
  });
  after(() => stage?.close());

  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

  /** Presses the key until what has the focus announces itself so. */
  const moveTo = async (what: RegExp, key: string, where: Page | Frame = page) => {
    const seen: string[] = [];
    for (let presses = 0; presses < 60; presses++) {
      const name = await announced(where);
      if (what.test(name)) return name;
      seen.push(name);
      await page.keyboard.press(key);
      await moved(name, where);
    }
    return assert.fail(`${key} does not lead to ${what}, but to: ${seen.join(' | ')}`);
  };

  /** Waits until something else has the focus; what comes next may announce itself alike. */
  const moved = async (before: string, where: Page | Frame) => {
    for (let looks = 0; looks < 20 && (await announced(where)) === before; looks++) await page.waitForTimeout(25);
  };

  /** By the command palette; an open one does not learn of commands that VS Code adds while it starts. */
  const run = async (command: string) => {
    const { quickInput } = window;
    await window.until(
      `the command ${command}`,
      async () => {
        await press('Escape', 'F1');
        await page.keyboard.type(command);
        return quickInput.hasRow(command, 5_000);
      },
      found => found,
    );
    await moveTo(new RegExp(`^${command.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`), 'ArrowDown');
    await press('Enter');
  };

  const answer = async (question: RegExp, text: string) => {
    await window.quickInput.asks(question);
    await press('Control+A');
    await page.keyboard.type(text);
    await press('Enter');
  };

  it('a server is added, its host key read and trusted', async () => {
    await run('Chasquid: Focus on Mail Servers View');
    await window.sidebar.welcome();
    await moveTo(/^Add Server$/, 'Tab');
    await press('Enter');
    await answer(/^Host name or address/, `root@${mail.ipv4}`);
    await window.quickInput.asks(/^How do you log in/);
    await moveTo(/SSH agent or default keys/, 'ArrowDown');
    await press('Enter');
    await answer(/^Name in the sidebar/, 'mail');
    assert.match(await window.dialog.message(), /Is this its host key\?/);
    await moveTo(/^Trust This Server$/, 'Tab');
    await window.screenshot('host key');
    await press('Enter');
    await run('Chasquid: Focus on Mail Servers View');
    await moveTo(/^mail, no chasquid yet/, 'ArrowDown');
  });

  it('a dry run of the set-up is chosen from the row and shown', async () => {
    await run('Chasquid: Focus on Mail Servers View');
    await moveTo(/^mail, /, 'ArrowDown');
    await press('Shift+F10');
    await moveTo(/^Set Up Server/, 'ArrowDown');
    await press('Enter');
    await answer(/what comes after the @/, domain);
    await answer(/full name/, `mail.${domain}`);
    await window.quickInput.asks(/^Which steps\?/);
    await page.keyboard.type('Dry');
    await moveTo(/Dry run/, 'ArrowDown');
    await press('Space');
    await window.screenshot('dry run ticked');
    await press('Enter');
    const text = await window.terminal.waitFor(/would/, 60_000);
    await window.screenshot('dry run');
    assert.match(text, /Set Up mail/);
    assert.equal(await mail.sh('command -v chasquid || echo none'), 'none\n');
  });

  it('the records of a domain are reached in the order they are read, and copied', async () => {
    await setUpByHand(mail, { domain, hostname: `mail.${domain}`, selector: 'key', senders: {} });
    await run('Chasquid: Refresh');
    await window.sidebar.waitForRows('the domain', rows => rows.some(({ label }) => label === domain));
    await run('Chasquid: Show DNS Records');
    const panel = await window.webview(`DNS · ${domain}`);
    await window.screenshot('records');
    await moveTo(/^Check again/, 'Tab', panel);
    await moveTo(/^Copy name/, 'Tab', panel);
    await press('Enter');
    await window.until(
      'what was copied',
      () => window.clipboard.read(),
      text => text.includes(domain),
    );
  });
});

/** What a screen reader says of the element with the focus, as far as its name goes. */
function announced(where: Page | Frame): Promise<string> {
  return where.evaluate<string>(`(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const active = element?.getAttribute('aria-activedescendant');
    const named = (active && document.getElementById(active)) || element;
    if (!named || named === document.body) return '';
    const root = named.getRootNode();
    const host = root instanceof ShadowRoot ? root.host : undefined;
    const names = [named, host].flatMap(each => [each?.getAttribute('aria-label'), each?.textContent]);
    return (names.find(name => name?.trim()) ?? '').replace(/\\s+/g, ' ').trim();
  })()`);
}
