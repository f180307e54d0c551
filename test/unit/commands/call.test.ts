import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCall } from '../../../src/commands/call';
import type { Row } from '../../../src/views/servers/row';

const row: Row = {
  id: 'mail/senders/i',
  server: 'mail',
  domain: 'example.com',
  address: 'i@example.com',
  label: 'i',
  icon: 'person',
  context: 'sender',
  tooltip: '',
  children: [],
};

describe('what a command is called with', () => {
  it('nothing, as from the palette or a key: the user, and everything is asked for', () => {
    for (const nothing of [undefined, null, 'mail', 7, [row]])
      assert.deepEqual(readCall(nothing), { inputs: {}, interactive: true });
  });

  it('a row of the tree: the user, with what the row stands for and nothing else of it', () => {
    assert.deepEqual(readCall(row), {
      inputs: { server: 'mail', domain: 'example.com', address: 'i@example.com' },
      interactive: true,
    });
  });

  it('inputs of a program: all of them as they are, and not interactive', () => {
    const inputs = { server: 'mail', context: 'sender', children: 3 };
    assert.deepEqual(readCall(inputs), { inputs, interactive: false });
    assert.deepEqual(readCall({}), { inputs: {}, interactive: false });
  });

  it('inputs of a button: interactive, which is no input itself', () => {
    assert.deepEqual(readCall({ server: 'mail', interactive: true }), {
      inputs: { server: 'mail' },
      interactive: true,
    });
    assert.deepEqual(readCall({ server: 'mail', interactive: 'yes' }), {
      inputs: { server: 'mail' },
      interactive: false,
    });
  });
});
