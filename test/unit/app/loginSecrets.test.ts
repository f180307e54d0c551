import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { forgetUnused, type Login, storeLogin, unusedDnsKeys } from '../../../src/app/loginSecrets';
import { Secrets } from '../../../src/app/secrets';
import { secretTitle } from '../../../src/app/secretTitle';
import { SshConfigError } from '../../../src/ssh/errors';
import type { SshTarget } from '../../../src/ssh/config/target';
import { MemorySecrets } from '../../support/secretStorage';

let dir: string;
let configFile: string;
let key: string;
let secrets: Secrets;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'login-secrets-'));
  configFile = join(dir, 'config');
  key = join(dir, 'id');
  await writeFile(key, '');
});
after(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  secrets = new Secrets(new MemorySecrets());
  await configure('one.example');
});

/** The Host `alias` of the SSH configuration leads to this host, through `gate`. */
const configure = (hostName: string) =>
  writeFile(
    configFile,
    `Host alias\n  HostName ${hostName}\n  Port 2200\n  User admin\n  ProxyJump gate\nHost gate\n  HostName gate.example\n  User jump\nHost *\n  User root\n  IdentityFile ${join(dir, 'missing')}\n`,
  );
const login = (name: string, target: SshTarget): Login => ({ name, target: { configFile, ...target } });
const stored = async () => (await secrets.list()).map(({ name }) => secretTitle(name)).sort();

describe('what is given with a server entry', () => {
  it('is stored for the address where ssh really goes, the password not for the jump host', async () => {
    const entry = login('mail', { host: 'alias', identityFile: key });
    await storeLogin(secrets, entry, { password: 'p', passphrase: 'q' });
    assert.deepEqual(await stored(), [`Passphrase of ${key}`, 'Password of admin@one.example:2200']);
    assert.equal(await secrets.get(['password', 'admin@one.example:2200']), 'p');
    assert.equal(await secrets.get(['passphrase', key]), 'q');
  });

  it('does not follow an alias of the SSH configuration to another host', async () => {
    await storeLogin(secrets, login('mail', { host: 'alias' }), { password: 'p' });
    await configure('two.example');
    await storeLogin(secrets, login('mail', { host: 'alias' }), { password: 'other' });
    assert.equal(await secrets.get(['password', 'admin@one.example:2200']), 'p');
    assert.equal(await secrets.get(['password', 'admin@two.example:2200']), 'other');
  });

  it('is an error when nobody can tell where the entry leads', async () => {
    await writeFile(configFile, 'Port nonsense\n');
    await assert.rejects(storeLogin(secrets, login('mail', { host: 'x' }), { password: 'p' }), SshConfigError);
    await storeLogin(secrets, login('mail', { host: 'x' }), {});
    assert.deepEqual(await stored(), []);
  });
});

describe('an entry that is changed or removed', () => {
  const mail = () => login('mail', { host: 'one.example' });
  beforeEach(async () => {
    await storeLogin(secrets, mail(), { password: 'p' });
    await secrets.set(['password', 'jump@gate.example:22'], 'g', 'mail');
  });

  it('loses its password and those of its jump hosts when it is removed', async () => {
    await secrets.set(['dnsKeys', 'dns_cf', 'one.example'], 'CF_Token=1', 'mail');
    await forgetUnused(secrets, mail(), []);
    assert.deepEqual(await stored(), ['Keys of Cloudflare for one.example']);
  });

  for (const [what, change] of Object.entries({
    host: { host: 'two.example' },
    port: { host: 'one.example', port: 2222 },
    user: { host: 'one.example', user: 'admin' },
  })) {
    it(`loses it when its ${what} changes, and gets no other one for it`, async () => {
      const changed = login('mail', change);
      await forgetUnused(secrets, mail(), [changed]);
      assert.deepEqual(await stored(), []);
    });
  }

  it('keeps it under another name, and when something else changes', async () => {
    await secrets.renameServer('mail', 'post');
    const changed = login('post', { host: 'one.example', identityFile: key, proxyJump: 'gate' });
    await forgetUnused(secrets, { ...mail(), name: 'post' }, [changed]);
    assert.deepEqual(await stored(), ['Password of jump@gate.example:22', 'Password of root@one.example:22']);
    assert.deepEqual(await secrets.list().then(list => list.map(({ servers }) => servers)), [['post'], ['post']]);
  });

  it('leaves what another entry uses: the same address, however it is written, or the same jump host', async () => {
    await secrets.set(['password', 'admin@one.example:2200'], 'a', 'mail');
    const rest = [
      login('same', { host: 'ONE.example', port: 22 }),
      login('behind', { host: 'three.example', proxyJump: 'gate' }),
      login('alias', { host: 'alias', proxyJump: 'none' }),
    ];
    await forgetUnused(secrets, mail(), rest);
    assert.equal((await stored()).length, 3);
    await forgetUnused(secrets, rest[0]!, rest.slice(1));
    assert.deepEqual(await stored(), ['Password of admin@one.example:2200', 'Password of jump@gate.example:22']);
  });

  it('loses what it used before the SSH configuration led elsewhere, or could no longer be read', async () => {
    await secrets.set(['password', 'admin@former.example:2200'], 'f', 'mail');
    await writeFile(configFile, 'Port nonsense\n');
    await forgetUnused(secrets, mail(), [login('other', { host: 'x' })]);
    assert.deepEqual(await stored(), []);
  });
});

it('the DNS keys that only a removed server has used are told', async () => {
  await secrets.set(['dnsKeys', 'dns_cf', 'one.example'], 'CF_Token=1', 'mail');
  await secrets.set(['dnsKeys', 'dns_cf', 'two.example'], 'CF_Token=2', 'mail');
  await secrets.set(['dnsKeys', 'dns_cf', 'two.example'], 'CF_Token=2', 'other');
  await secrets.set(['tsigKey', 'one.example', '192.0.2.1:53'], 'a:b:c', 'mail');
  await secrets.set(['dnsKeys', 'dns_cf', 'three.example'], 'CF_Token=3', 'other');
  const only = ['dnsKeys dns_cf one.example', 'tsigKey one.example 192.0.2.1:53'];
  assert.deepEqual(
    (await unusedDnsKeys(secrets, 'mail', ['other'])).map(name => name.join(' ')),
    only,
  );
  assert.equal((await unusedDnsKeys(secrets, 'mail', [])).length, 3);
});
