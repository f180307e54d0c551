import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Secrets } from '../../../../src/app/secrets';
import { askCredentials } from '../../../../src/commands/setup/credentials';
import type { Wizard } from '../../../../src/views/wizard';
import { MemorySecrets } from '../../../support/secretStorage';

let secrets: Secrets;
beforeEach(() => (secrets = new Secrets(new MemorySecrets())));

/** Asks for the keys of a domain's provider; `answers` are labels to pick and texts to type, in order. */
async function ask(domain: string, ...answers: string[]) {
  const shown: string[][] = [];
  const wizard = {
    pick: async (_: string, items: { label: string; description?: string; value: unknown }[]) => {
      shown.push(items.map(({ label, description }) => (description ? `${label} · ${description}` : label)));
      const wanted = answers.shift();
      return items.find(item => item.label === wanted)!.value;
    },
    text: async () => answers.shift(),
  } as unknown as Wizard;
  const given: Record<string, string> = { domain };
  await askCredentials({ secrets }, wizard, given, 'mail');
  return { offered: shown.slice(1).flat(), credentials: given.dnsCredentials, left: answers };
}

describe('the keys of a DNS provider', () => {
  it('are asked for once for each domain, and two accounts do not overwrite each other', async () => {
    await ask('one.example', 'Cloudflare', 'token of one');
    const second = await ask('two.example', 'Cloudflare', 'Enter others', 'token of two');
    assert.deepEqual(second.offered, ['Use the keys of one.example', 'Enter others']);
    const again = await ask('one.example', 'Cloudflare', 'Use the keys of one.example');
    assert.deepEqual(again.offered, ['Use the keys of one.example', 'Use the keys of two.example', 'Enter others']);
    assert.equal(again.credentials, 'CF_Token=token of one');
    const other = await ask('two.example', 'Cloudflare', 'Use the keys of two.example');
    assert.equal(other.offered[0], 'Use the keys of two.example');
    assert.equal(other.credentials, 'CF_Token=token of two');
  });

  it('of another domain can be used without being stored twice', async () => {
    await ask('one.example', 'Cloudflare', 'token');
    assert.equal((await ask('two.example', 'Cloudflare', 'Use the keys of one.example')).credentials, 'CF_Token=token');
    assert.deepEqual(await secrets.list(), [{ name: ['dnsKeys', 'dns_cf', 'one.example'], servers: ['mail'] }]);
  });

  it('are offered with what names the account, never with a secret', async () => {
    await ask('one.example', 'INWX', 'alice', 'hidden');
    const { offered } = await ask('two.example', 'INWX', 'Enter others', 'bob', 'hidden too');
    assert.deepEqual(offered, ['Use the keys of one.example · user name alice', 'Enter others']);
    assert.equal(await secrets.get(['dnsKeys', 'dns_inwx', 'two.example']), 'INWX_User=bob\nINWX_Password=hidden too');
  });

  it('of another provider are not offered', async () => {
    await ask('one.example', 'Cloudflare', 'token');
    assert.deepEqual((await ask('one.example', 'Hetzner', 'other token')).offered, []);
  });
});
