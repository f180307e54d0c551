import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ClientProcess } from '../../support/hostile/clientProcess';
import { honestPolicies, policyTrials } from '../../support/hostile/dns/policies';
import { dnsTrials, honestDns } from '../../support/hostile/dns/trials';
import { tryAll, warmClient } from '../../support/hostile/run';

describe('Name servers and web servers that lie', () => {
  let client: ClientProcess;
  before(async () => (client = await warmClient([...honestDns, ...honestPolicies])));
  after(() => client.stop());

  it('in DNS answers get a verdict, and hold nobody up', async () => {
    const { failures } = await tryAll(client, 'DNS', dnsTrials);
    assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  });

  it('about a policy get a clause, and hold nobody up', async () => {
    const { failures } = await tryAll(client, 'policies', policyTrials);
    assert.equal(failures.length, 0, `\n${failures.join('\n')}`);
  });
});
