import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Secrets, type SecretName } from '../../../src/app/secrets';
import { secretTitle } from '../../../src/app/secretTitle';
import { MemorySecrets } from '../../support/secretStorage';

const one = ['password', 'root@one.example:22'] as const;

describe('Secrets', () => {
  it('gives a secret to the very name only', async () => {
    const secrets = new Secrets(new MemorySecrets());
    await secrets.set(one, 'right', 'mail');
    assert.equal(await secrets.get(one), 'right');
    const others: SecretName[] = [
      ['password', 'root@two.example:22'],
      ['password', 'root@one.example:2222'],
      ['password', 'admin@one.example:22'],
      ['passphrase', 'root@one.example:22'],
      ['dnsKeys', 'root@one.example:22', ''],
      ['tsigKey', 'root@one.example:22', ''],
    ];
    for (const name of others) assert.equal(await secrets.get(name), undefined, name.join());
  });

  it('keeps two accounts at one DNS provider apart, and two DNS servers of a zone', async () => {
    const secrets = new Secrets(new MemorySecrets());
    await secrets.set(['dnsKeys', 'dns_cf', 'one.example'], 'CF_Token=1', 'mail');
    await secrets.set(['dnsKeys', 'dns_cf', 'two.example'], 'CF_Token=2', 'mail');
    await secrets.set(['tsigKey', 'one.example', '192.0.2.1:53'], 'a:b:c', 'mail');
    assert.equal(await secrets.get(['dnsKeys', 'dns_cf', 'one.example']), 'CF_Token=1');
    assert.equal(await secrets.get(['dnsKeys', 'dns_cf', 'two.example']), 'CF_Token=2');
    assert.equal(await secrets.get(['tsigKey', 'one.example', '192.0.2.2:53']), undefined);
  });

  it('forgets what is stored under the name of a server or of a provider alone, whatever is used first', async () => {
    const old = {
      'chasquid.password:mail': 'p',
      'chasquid.passphrase:mail': 'q',
      // A server may have any name.
      'chasquid.password:root@one.example:22': 'r',
      'chasquid.dns:dns_cf': 'CF_Token=1',
      'chasquid.tsig:one.example': 'a:b:c',
    };
    for (const use of [
      (secrets: Secrets) => secrets.get(one),
      (secrets: Secrets) => secrets.list(),
      (secrets: Secrets) => secrets.set(['passphrase', '/k'], 's', 'mail'),
    ]) {
      const storage = new MemorySecrets(old);
      const secrets = new Secrets(storage);
      await use(secrets);
      assert.equal(await secrets.get(one), undefined);
      assert.deepEqual(
        [...storage.kept.keys()].filter(key => key in old),
        [],
      );
    }
  });

  it('lists what is stored with the servers that used it, never a value', async () => {
    const secrets = new Secrets(new MemorySecrets());
    await secrets.set(one, 'hidden', 'mail');
    await secrets.set(one, 'hidden too', 'other');
    await secrets.set(['tsigKey', 'one.example', '192.0.2.1:53'], 'hidden', 'mail');
    await secrets.renameServer('mail', 'post');
    const list = await secrets.list();
    assert.deepEqual(list, [
      { name: one, servers: ['post', 'other'] },
      { name: ['tsigKey', 'one.example', '192.0.2.1:53'], servers: ['post'] },
    ]);
    assert.doesNotMatch(JSON.stringify(list), /hidden/);
    assert.equal(await secrets.get(one), 'hidden too');
    await secrets.delete(one);
    assert.equal(await secrets.get(one), undefined);
    assert.equal((await secrets.list()).length, 1);
  });
});

it('a secret is called by what it is for', () => {
  assert.deepEqual(
    (
      [
        one,
        ['passphrase', '/home/you/.ssh/id_ed25519'],
        ['dnsKeys', 'dns_cf', 'one.example'],
        ['dnsKeys', 'dns_acmedns', 'one.example'],
        ['tsigKey', 'one.example', '192.0.2.1:53'],
      ] satisfies SecretName[]
    ).map(secretTitle),
    [
      'Password of root@one.example:22',
      'Passphrase of /home/you/.ssh/id_ed25519',
      'Keys of Cloudflare for one.example',
      'Keys of dns_acmedns for one.example',
      'TSIG key for one.example at 192.0.2.1:53',
    ],
  );
});
