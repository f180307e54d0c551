import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergeSpf } from '../../../../src/dns/spf/merge';

const merge = (records: string | string[], lookups = 1) =>
  mergeSpf([records].flat(), {
    domain: 'example.test',
    host: 'mail.example.test',
    addresses: ['192.0.2.1', '2001:db8::1'],
    lookups,
  });

describe('putting the server into the SPF record that is there', () => {
  for (const [about, before, after] of [
    [
      'keeps includes and the end',
      'v=spf1 include:_spf.google.com ~all',
      'v=spf1 a:mail.example.test include:_spf.google.com ~all',
    ],
    [
      'keeps redirect, which is the end',
      'v=spf1 redirect=_spf.other.test',
      'v=spf1 a:mail.example.test redirect=_spf.other.test',
    ],
    ['leaves out blocks that hold everybody', 'v=spf1 ip4:0.0.0.0/0 -all', 'v=spf1 a:mail.example.test -all'],
    ['keeps exp', 'v=spf1 mx -all exp=why.example.test', 'v=spf1 a:mail.example.test mx -all exp=why.example.test'],
    [
      'changes nothing when the server is named',
      'v=spf1 a:MAIL.example.test mx -all',
      'v=spf1 a:MAIL.example.test mx -all',
    ],
    ['gives an end where there is none', 'v=spf1 mx', 'v=spf1 a:mail.example.test mx ~all'],
    ['does not let everybody in', 'v=spf1 mx +all', 'v=spf1 a:mail.example.test mx ~all'],
    ['drops what is never read', 'v=spf1 mx -all ip4:198.51.100.1', 'v=spf1 a:mail.example.test mx -all'],
    ['drops what is broken or there twice', 'v=spf1 mx ipv4:1.2.3.4 mx -all', 'v=spf1 a:mail.example.test mx -all'],
    [
      'keeps a denial of the server’s own name apart',
      'v=spf1 -a:mail.example.test ~all',
      'v=spf1 a:mail.example.test -a:mail.example.test ~all',
    ],
  ] as const)
    it(about, () => assert.equal(merge(before), after));

  it('makes one record of several', () => {
    assert.equal(
      merge(['v=spf1 include:a.test ~all', 'v=spf1 include:b.test include:a.test -all']),
      'v=spf1 a:mail.example.test include:a.test include:b.test ~all',
    );
  });

  it('names addresses where no lookup is left', () => {
    assert.equal(merge('v=spf1 include:a.test -all', 10), 'v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 include:a.test -all');
  });

  it('changes nothing the second time', () => {
    for (const record of ['v=spf1', 'v=spf1 mx +all', 'v=spf1 include:a redirect=b exp=c', 'v=spf1 nonsense -all ptr'])
      assert.equal(merge(merge(record)), merge(record));
  });
});
