import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AuthContext } from 'ssh2';
import { LoginPrompts } from '../../../src/app/login';
import { Secrets } from '../../../src/app/secrets';
import { SshConnection } from '../../../src/ssh/connection';
import { HostKeyChangedError } from '../../../src/ssh/errors';
import type { SshTarget } from '../../../src/ssh/config/target';
import { FileTrustStore } from '../../../src/ssh/hostKeys/trustStore';
import { TypingPerson } from '../../support/loginWindow';
import { MemorySecrets } from '../../support/secretStorage';
import { type LibraryServer, startLibraryServer } from '../../support/sshLibraryServer';

/** A server with this password, which it wants by this method; keeps everything it was sent. */
async function start(password: string, method: 'password' | 'keyboard-interactive') {
  const received: string[] = [];
  const judge = (context: AuthContext, given: string | undefined) => {
    received.push(given ?? '');
    if (given === password) context.accept();
    else context.reject([method]);
  };
  const server = await startLibraryServer(context => {
    if (context.method === 'password') judge(context, context.password);
    else if (context.method === 'keyboard-interactive')
      context.prompt([{ prompt: 'Password: ', echo: false }], answers => judge(context, answers[0]));
    else context.reject([method]);
  });
  return { ...server, received };
}

let gate: LibraryServer & { received: string[] };
let mail: LibraryServer & { received: string[] };
let dir: string;
let secrets: Secrets;
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'login-'));
  gate = await start('of the gate', 'keyboard-interactive');
  mail = await start('of mail', 'password');
});
after(async () => {
  for (const server of [gate, mail]) await server?.stop();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  secrets = new Secrets(new MemorySecrets());
  for (const { received, tried } of [gate, mail]) received.length = tried.length = 0;
});

/** Logs in as the product does; `answers` by the titles of the questions. */
async function login(answers: Record<string, string>, more: Partial<SshTarget> = {}, known = 'known') {
  const configFile = join(dir, 'config');
  writeFileSync(configFile, `Host gate\n  HostName 127.0.0.1\n  Port ${gate.port}\n  User root\n`);
  const person = new TypingPerson(({ title }) => ({ text: answers[title] ?? 'a guess', remember: true }));
  const prompts = new LoginPrompts('mail', secrets, person);
  const deps = { prompts, trustStore: new FileTrustStore(join(dir, known)), log: () => undefined };
  const target = { host: '127.0.0.1', port: mail.port, user: 'root', proxyJump: 'gate', configFile };
  const connection = await SshConnection.connect({ ...target, knownHostsFiles: [], agent: 'none', ...more }, deps);
  await prompts.succeeded();
  connection.close();
  await connection.ended;
  return person.titles();
}
const titleOf = ({ port }: LibraryServer) => `Password of root@127.0.0.1:${port}`;
const passwordOf = ({ port }: LibraryServer) => ['password', `root@127.0.0.1:${port}`] as const;

describe('behind a jump host', () => {
  it('the stored password goes to the server alone, and each hop is asked for its own', async () => {
    await secrets.set(passwordOf(mail), 'of mail', 'mail');
    assert.deepEqual(await login({ [titleOf(gate)]: 'of the gate' }), [titleOf(gate)]);
    assert.deepEqual(gate.received, ['of the gate']);
    assert.deepEqual(mail.received, ['of mail']);
  });

  it('both are remembered, neither over the other, and then nothing is asked', async () => {
    const answers = { [titleOf(gate)]: 'of the gate', [titleOf(mail)]: 'of mail' };
    assert.deepEqual(await login(answers), [titleOf(gate), titleOf(mail)]);
    assert.equal(await secrets.get(passwordOf(gate)), 'of the gate');
    assert.equal(await secrets.get(passwordOf(mail)), 'of mail');
    assert.deepEqual(await login({}), []);
    assert.deepEqual([gate.received.at(-1), mail.received.at(-1)], ['of the gate', 'of mail']);
  });
});

it('an entry that leads to another host sends it nothing that was stored', async () => {
  await secrets.set(passwordOf(mail), 'of mail', 'mail');
  const stranger = await start('of the stranger', 'keyboard-interactive');
  try {
    const titles = await login({ [titleOf(stranger)]: 'of the stranger' }, { port: stranger.port, proxyJump: 'none' });
    assert.deepEqual(titles, [titleOf(stranger)]);
    assert.deepEqual(stranger.received, ['of the stranger']);
  } finally {
    await stranger.stop();
  }
});

it('a server whose host key has changed gets no stored password, and nothing is asked', async () => {
  await secrets.set(passwordOf(mail), 'of mail', 'mail');
  const known = join(dir, 'changed');
  const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIDcmTqEkqhNGT0TjDoqbJSzfHe1cmD3IMGwCKYZQlVeA';
  writeFileSync(known, `[127.0.0.1]:${mail.port} ssh-ed25519 ${blob}\n`);
  await assert.rejects(login({}, { proxyJump: 'none' }, 'changed'), HostKeyChangedError);
  assert.deepEqual([mail.tried, mail.received], [[], []]);
});
