import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClientProcess } from '../../support/hostile/clientProcess';
import { honestOf, ofOthers } from '../../support/hostile/families';
import { tryAll, warmClient } from '../../support/hostile/run';

describe('Name servers, receivers, messages and files that nobody honest makes', () => {
  let client: ClientProcess;
  before(async () => (client = await warmClient(honestOf(ofOthers))));
  after(() => client.stop());

  for (const [family, { trials }] of Object.entries(ofOthers)) {
    it(`of the family ${family} get a verdict in sentences, and hold nobody up`, async () => {
      const { failures } = await tryAll(client, family, trials);
      assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
    });
  }
});
