// Servers that cannot be reached, as the window tells it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import type { Workbench } from '../window/workbench';
import { Stage } from './stage';

describe('servers', () => {
  let stage: Stage;
  let window: Workbench;
  let mail: Host;

  before(async () => {
    stage = await Stage.open({
      name: 'servers',
      hosts: [{ name: 'mail' }],
    });
    ({ window } = stage);
    mail = stage.world.host('mail');
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
});
