import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { expectedRecords } from '../../../../src/dns/records/expected';
import { facts, key } from '../../../support/records';

const lines = (change = {}) =>
  expectedRecords(facts(change)).map(({ requirement, name, type, value }) => `${requirement} ${name} ${type} ${value}`);

describe('the records a domain needs', () => {
  it('are these for a server with both address families', () => {
    const found = lines();
    assert.deepEqual(found.slice(0, 9), [
      'required mail.example.test A 192.0.2.1',
      'required mail.example.test AAAA 2001:db8::1',
      'required 1.2.0.192.in-addr.arpa PTR mail.example.test',
      'required 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR mail.example.test',
      'required example.test MX 10 mail.example.test',
      'required example.test TXT v=spf1 a:mail.example.test -all',
      'recommended mail.example.test TXT v=spf1 a -all',
      `required s1._domainkey.example.test TXT v=DKIM1; k=rsa; p=${key}`,
      'required _dmarc.example.test TXT v=DMARC1; p=none; rua=mailto:postmaster@example.test',
    ]);
    assert.match(found[9]!, /^optional _mta-sts\.example\.test TXT v=STSv1; id=[0-9a-f]{20}$/);
    assert.equal(found[10], 'recommended _smtp._tls.example.test TXT v=TLSRPTv1; rua=mailto:postmaster@example.test');
    assert.equal(found.length, 11);
  });

  it('leave the mailbox where it is when the server only sends', () => {
    const found = lines({ receives: false });
    assert.ok(found.includes('recommended example.test MX '));
    assert.ok(!found.some(line => /_mta-sts|_smtp/.test(line)));
    assert.ok(found.includes('required example.test TXT v=spf1 a:mail.example.test ~all'));
  });

  it('name each address and each key, and pin the certificate when it is known', () => {
    const found = lines({
      ipv4: ['192.0.2.1', '192.0.2.2'],
      dkim: [
        { selector: 'a', algorithm: 'rsa', publicKey: 'AA==' },
        { selector: 'b', algorithm: 'ed25519', publicKey: 'BB==' },
      ],
      certificate: { spkiSha256: 'AB'.repeat(32), caaIssuer: 'letsencrypt.org' },
    });
    for (const line of [
      'required mail.example.test A 192.0.2.2',
      'required 2.2.0.192.in-addr.arpa PTR mail.example.test',
      'required b._domainkey.example.test TXT v=DKIM1; k=ed25519; p=BB==',
      `optional _25._tcp.mail.example.test TLSA 3 1 1 ${'ab'.repeat(32)}`,
      'optional example.test CAA 0 issue "letsencrypt.org"',
    ])
      assert.ok(found.includes(line), line);
  });

  it('are entered in the registrable domain, under a relative name', () => {
    const records = expectedRecords(facts({ domain: 'news.example.co.uk', hostname: 'mail.example.org' }));
    const place = (name: string) => {
      const { zone, relativeName } = records.find(record => record.name === name)!;
      return [zone, relativeName];
    };
    assert.deepEqual(place('s1._domainkey.news.example.co.uk'), ['example.co.uk', 's1._domainkey.news']);
    assert.deepEqual(place('mail.example.org'), ['example.org', 'mail']);
    assert.deepEqual(place('1.2.0.192.in-addr.arpa'), ['2.0.192.in-addr.arpa', '1']);
    assert.deepEqual(expectedRecords(facts()).find(record => record.purpose === 'mx')!.relativeName, '@');
  });

  it('use A-labels for other scripts', () => {
    assert.ok(
      lines({ domain: 'пример.test', hostname: 'mail.пример.test' }).includes(
        'required xn--e1afmkfd.test MX 10 mail.xn--e1afmkfd.test',
      ),
    );
  });

  it('are refused for what is no name, with what to write instead', () => {
    for (const domain of ['', 'a b.test', 'a..test', `${'a'.repeat(64)}.test`, 'x;rm.test', '-a.test'])
      assert.throws(() => expectedRecords(facts({ domain })), /is not a domain name.*Write it like/);
  });
});
