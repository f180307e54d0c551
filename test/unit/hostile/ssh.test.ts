import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClientProcess } from '../../support/hostile/clientProcess';
import { honestOf, ofSsh } from '../../support/hostile/families';
import { tryAll, warmClient } from '../../support/hostile/run';

describe('An SSH server that lies', () => {
  let client: ClientProcess;
  before(async () => (client = await warmClient(honestOf(ofSsh))));
  after(() => client.stop());

  for (const [family, { trials }] of Object.entries(ofSsh)) {
    it(`about ${family} gets an answer or an error in sentences, and holds nobody up`, async () => {
      const { failures } = await tryAll(client, family, trials);
      assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
    });
  }
});
