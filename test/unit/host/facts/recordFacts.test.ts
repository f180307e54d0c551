import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CertificateFacts, HostFacts } from '../../../../src/host/facts/facts';
import { mailAddresses, recordFacts } from '../../../../src/host/facts/recordFacts';

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

describe('recordFacts', () => {
  const certificate = (name: string, notAfter: number, names: string[]): CertificateFacts => ({
    name,
    names,
    issuer: name,
    notBefore: 0,
    notAfter,
    linked: false,
    tlsa: [`3 1 1 ${name}`],
    caaIssuer: `${name}.test`,
  });
  const facts = {
    ...machine(['203.0.113.7'], []),
    hostname: 'box.example.org',
    chasquid: {
      hostname: 'Mail.example.org',
      domains: [
        {
          name: 'example.org',
          dkim: [{ selector: 's1', file: 'x', algorithm: 'rsa', publicKey: 'AA==', loaded: false }],
        },
      ],
      certificates: [
        certificate('old', 1, ['mail.example.org']),
        certificate('new', 2, ['*.example.org']),
        certificate('other', 3, ['example.org', '*.deep.mail.example.org', 'mail.example.net']),
      ],
    },
  } as unknown as HostFacts;

  it('takes the certificate for the server’s name that lasts longest', () => {
    assert.deepEqual(recordFacts(facts, 'example.org', '203.0.113.7').certificate, {
      spkiSha256: 'new',
      tlsa: ['3 1 1 new'],
      caaIssuer: 'new.test',
    });
  });

  it('tells which keys the daemon does not know yet', () => {
    assert.deepEqual(recordFacts(facts, 'example.org', '203.0.113.7').dkim, [
      { selector: 's1', algorithm: 'rsa', publicKey: 'AA==', loaded: false },
    ]);
  });

  it('takes what the user chose', () => {
    const of = recordFacts(facts, 'example.org', '203.0.113.7', { receives: false, silent: ['www.example.org'] });
    assert.deepEqual([of.receives, of.silent], [false, ['www.example.org']]);
    assert.equal(recordFacts(facts, 'example.org', '203.0.113.7').receives, true);
  });
});
