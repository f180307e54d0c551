import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BaseAgent, ParsedKey } from 'ssh2';
import { Authenticator } from '../../../../src/ssh/connect/authenticator';
import { resolveConfig } from '../../../../src/ssh/config/config';
import { loadSsh2, type Ssh2 } from '../../../../src/ssh/library';
import { Watchdog } from '../../../../src/ssh/connect/watchdog';
import { Person } from '../../../support/sshPerson';
import { keygen } from '../../../support/sshd';

let dir: string;
let ssh2: Ssh2;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'authenticator-'));
  ssh2 = await loadSsh2();
});
after(() => rm(dir, { recursive: true }));

/** What becomes of a login with a new key of this type when ssh2 wants it signed with this hash. */
async function login(type: string, hash: 'sha1' | 'sha256', configuration: string) {
  const file = join(dir, `${type}-${hash}-${configuration.length}`);
  await keygen(file, ['-t', type]);
  const key = ssh2.utils.parseKey(await readFile(file)) as ParsedKey;
  const configFile = `${file}.config`;
  await writeFile(configFile, configuration);
  const person = new Person();
  const signed: string[] = [];
  const authenticator = new Authenticator({
    config: await resolveConfig({ host: 'mail', user: 'root', configFile }, person),
    ssh2,
    identities: [
      {
        label: 'my key',
        publicKey: async () => key,
        sign: async (data, by) => {
          signed.push(by ?? 'default');
          return key.sign(data, by);
        },
      },
    ],
    skipped: [],
    deps: person,
    watchdog: new Watchdog(() => assert.fail('too slow')),
    signal: new AbortController().signal,
    giveUp: error => assert.fail(error),
  });
  authenticator.refused(['publickey'], false);
  await authenticator.next();
  const method = (await authenticator.next()) as unknown as { agent: BaseAgent<ParsedKey> };
  const error = await new Promise<Error | undefined>(resolve =>
    method.agent.sign(key, Buffer.from('data'), { hash: hash }, failure => resolve(failure ?? undefined)),
  );
  await authenticator.next();
  return { signed, error, message: authenticator.error('').message };
}

describe('a server that wants the signature of an RSA key with SHA-1', () => {
  it('does not get it, and the message tells what to do', async () => {
    const { signed, message } = await login('rsa', 'sha1', '');
    assert.deepEqual(signed, []);
    assert.equal(
      message,
      'The server refused to let root@mail in. It accepts: publickey; tried: my key: the server wants its signature with SHA-1 (ssh-rsa). Use an Ed25519 key; or add "PubkeyAcceptedAlgorithms +ssh-rsa" for this host to your SSH configuration.',
    );
  });

  it('gets it where the SSH configuration asks for it', async () => {
    const { signed, error } = await login('rsa', 'sha1', 'PubkeyAcceptedAlgorithms +ssh-rsa\n');
    assert.deepEqual([signed, error], [['sha1'], undefined]);
  });

  it('does not stand in the way of SHA-2 and of other keys', async () => {
    assert.deepEqual((await login('rsa', 'sha256', '')).signed, ['sha256']);
    assert.equal((await login('ed25519', 'sha1', '')).signed.length, 1);
  });
});
