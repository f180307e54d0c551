import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClientProcess } from '../../support/hostile/clientProcess';
import { fileTrials, honestFiles } from '../../support/hostile/files/files';
import { tryAll, warmClient } from '../../support/hostile/run';

describe('Files as no person writes them', () => {
  let client: ClientProcess;
  before(async () => (client = await warmClient(honestFiles)));
  after(() => client.stop());

  it('have findings in sentences, and hold nobody up', async () => {
    const { failures } = await tryAll(client, 'files', fileTrials);
    assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  });
});
