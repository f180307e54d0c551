import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { choicesOf } from '../../../../src/commands/rotation/choices';
import type { RotationAction, RotationStep } from '../../../../src/dns/dkim/rotation';

const record = { name: 'new._domainkey.example.com', type: 'TXT', value: 'v=DKIM1; p=x' } as const;
const step = (action: RotationAction, more: Partial<RotationStep> = {}): RotationStep => ({
  action,
  what: 'Do it.',
  why: 'Because.',
  ...more,
});
const offered = (...given: Parameters<typeof step>) => choicesOf(step(...given)).map(choice => choice.value);

describe('what is offered at a step of a rotation', () => {
  it('can always be left, and goes on later', () => {
    for (const action of ['stage', 'publish', 'wait-servers', 'move-in', 'verify', 'wait-mail', 'revoke'] as const)
      assert.deepEqual(offered(action).slice(-2), ['stop', 'give-up'], action);
  });

  it('a record is copied or sent, and looked for', () => {
    assert.deepEqual(offered('publish', { records: [record] }), ['copy', 'send', 'look', 'stop', 'give-up']);
    assert.equal(choicesOf(step('publish', { records: [record] }))[0]!.detail, record.name);
  });

  it('a wait is watched or skipped, with what is risked', () => {
    assert.deepEqual(offered('wait-caches'), ['watch', 'look', 'skip', 'stop', 'give-up']);
    const skip = choicesOf(step('wait-caches', { wait: 'caches', risk: 'Some mail fails.' })).find(
      choice => choice.value === 'skip',
    );
    assert.equal(skip?.detail, 'Some mail fails.');
  });

  it('a signature is shown by a mail that was received', () => {
    assert.deepEqual(offered('verify'), ['mail', 'check', 'stop', 'give-up']);
  });

  it('what the server has to do is done when the user says so', () => {
    const [first] = choicesOf(step('move-in'));
    assert.equal(first?.value, 'act');
    assert.deepEqual([first?.label, first?.detail], ['$(play) Do it.', 'Because.']);
  });
});
