import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DnsState } from '../../../../src/app/snapshot';
import type { CertificateFacts, DkimKeyFacts, HostFacts } from '../../../../src/host/facts/facts';
import { domainTodo, serverTodo, thingsToDo } from '../../../../src/views/servers/todo';

const key: DkimKeyFacts = { selector: 's', file: 'domains/a.example/dkim:s.pem', algorithm: 'ed25519', publicKey: 'x' };
const domain = { name: 'a.example', senders: ['i'], aliasCount: 0, dkim: [key] };
const dns: DnsState = { ok: 1, total: 1, errors: [], dkim: {} };

function certificate(days: number, readable?: boolean): CertificateFacts {
  const notAfter = Date.now() / 1000 + days * 86400 + 60;
  return {
    name: 'c',
    names: ['c'],
    issuer: 'CA',
    notBefore: 0,
    notAfter,
    linked: false,
    ...(readable === undefined ? {} : { readable }),
  };
}

describe('domainTodo', () => {
  it('is empty where all is right, checked or not', () => {
    assert.deepEqual([domainTodo(domain, undefined), domainTodo(domain, dns)], [[], []]);
  });

  it('names what is missing', () => {
    assert.match(domainTodo({ ...domain, senders: [] }, dns).join(), /^Nobody can send as @a\.example yet/);
    assert.match(domainTodo({ ...domain, dkim: [] }, undefined).join(), /^There is no DKIM key/);
    assert.match(
      domainTodo({ ...domain, dkim: [{ ...key, readable: false }] }, dns).join(),
      /cannot read the DKIM key s/,
    );
    assert.match(
      domainTodo({ ...domain, dkim: [{ ...key, usable: false }] }, dns).join(),
      /^Mail is not signed: .*cannot read the format of the DKIM key s\./,
    );
    assert.match(
      domainTodo({ ...domain, dkim: [{ ...key, loaded: false }] }, dns).join(),
      /has not read the DKIM key s yet/,
    );
  });

  it('tells a missing key once, as the DNS check does', () => {
    assert.deepEqual(domainTodo({ ...domain, dkim: [] }, { ...dns, errors: ['No key.'] }), ['No key.']);
  });
});

describe('serverTodo', () => {
  const todo = (certificates: CertificateFacts[], domains = [domain]): string[] =>
    serverTodo({
      name: 'mail',
      address: 'root@mail',
      state: 'connected',
      dns: { 'a.example': { ...dns, errors: ['No SPF.'] } },
      facts: {
        problems: ['Something else.'],
        chasquid: {
          version: '1.15.0',
          service: 'active',
          configDir: '/etc/chasquid',
          daemonUser: 'c',
          domains,
          certificates,
        },
      } as unknown as HostFacts,
    });

  it('has what the server, its certificates and its domains need', () => {
    assert.deepEqual(todo([certificate(60)]), ['Something else.', 'No SPF.']);
    assert.match(todo([])[1]!, /^There is no TLS certificate/);
    assert.match(todo([certificate(-2)])[1]!, /^The certificate c has expired/);
    assert.match(todo([certificate(14)])[1]!, /^The certificate c ends in 14 days/);
    assert.equal(todo([certificate(15)]).length, 2);
    assert.match(todo([certificate(60, false)])[1]!, /^chasquid cannot read the certificate c/);
    assert.match(todo([certificate(60)], [])[1]!, /^There is no mail domain yet/);
  });

  it('is empty where nothing is known', () => {
    assert.deepEqual(serverTodo({ name: 'mail', address: 'x', state: 'offline', dns: {} }), []);
  });
});

it('counts in words', () => {
  assert.deepEqual([thingsToDo(1), thingsToDo(2)], ['1 thing to do', '2 things to do']);
});
