import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClientProcess } from '../../support/hostile/clientProcess';
import { honestMessage, messageTrials } from '../../support/hostile/mail/messages';
import { honestReceiver, receiverTrials } from '../../support/hostile/mail/receivers';
import { tryAll, warmClient } from '../../support/hostile/run';

describe('What others make of mail', () => {
  let client: ClientProcess;
  before(async () => (client = await warmClient([honestReceiver, honestMessage])));
  after(() => client.stop());

  it('receivers that lie get an end in sentences, and hold nobody up', async () => {
    const { failures } = await tryAll(client, 'receivers', receiverTrials);
    assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  });

  it('messages that nobody honest sends get a verdict, and hold nobody up', async () => {
    const { failures } = await tryAll(client, 'messages', messageTrials);
    assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  });
});
