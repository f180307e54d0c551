import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostFacts } from '../../../src/host/facts';
import { mailAddresses } from '../../../src/host/recordFacts';

const machine = (ipv4: string[], ipv6: string[]) => ({ addresses: { ipv4, ipv6 } }) as HostFacts;

describe('mailAddresses', () => {
  it('takes the public addresses of the interfaces', () => {
    const facts = machine(['203.0.113.7', '10.0.0.5', '172.17.0.1'], ['2001:DB8:0::7', 'fd00::5']);
    assert.deepEqual(mailAddresses(facts, '203.0.113.7'), { ipv4: ['203.0.113.7'], ipv6: ['2001:db8::7'] });
  });

  it('takes the address it was reached at when the machine is behind a NAT', () => {
    assert.deepEqual(mailAddresses(machine(['10.0.0.5'], []), '203.0.113.7'), { ipv4: ['203.0.113.7'], ipv6: [] });
  });

  it('takes a machine without public addresses as it is', () => {
    assert.deepEqual(mailAddresses(machine(['10.77.0.2'], ['fd00:77::2']), '10.77.0.2'), {
      ipv4: ['10.77.0.2'],
      ipv6: ['fd00:77::2'],
    });
  });

  it('passes over a name: a jump host tells no address', () => {
    assert.deepEqual(mailAddresses(machine(['203.0.113.7'], []), 'mail.internal').ipv4, ['203.0.113.7']);
  });
});
