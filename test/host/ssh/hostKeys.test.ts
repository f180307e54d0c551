import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SshConnection } from '../../../src/ssh/connection';
import { HostKeyChangedError, HostKeyError } from '../../../src/ssh/errors';
import { FileTrustStore } from '../../../src/ssh/hostKeys/trustStore';
import { type Answers, Person, targetOf } from '../../support/sshPerson';
import { type Sshd, startSshd } from '../../support/sshd';

let sshd: Sshd;
/** A server whose keys are nobody's: their lines stand for a former or a foreign server. */
let stranger: Record<string, string>;
let dir: string;
let name: string;
before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'host-keys-'));
  sshd = await startSshd({ hostKeyTypes: ['ed25519', 'ecdsa', 'rsa'] });
  const other = await startSshd({ hostKeyTypes: ['ed25519', 'rsa'] });
  stranger = other.hostKeys;
  await other.stop();
  name = `[127.0.0.1]:${sshd.port}`;
});
after(async () => {
  await sshd?.stop();
  rmSync(dir, { recursive: true });
});

let count = 0;
function fileOf(text: string): string {
  const file = join(dir, `file${++count}`);
  writeFileSync(file, text);
  return file;
}
const keyOf = (line: string) => line.split(' ').slice(0, 2).join(' ');

/** Connects with these lines as known_hosts and these as the SSH configuration. */
async function attempt(knownHosts: string, config = '', answers: Answers = {}, more = {}) {
  const person = new Person(answers);
  const target = targetOf(sshd, {
    knownHostsFiles: [fileOf(knownHosts)],
    configFile: fileOf(config),
    ...more,
  });
  const connection = await SshConnection.connect(target, person);
  const { hostKey } = connection;
  connection.close();
  return { person, hostKey, target };
}

async function refusal(promise: Promise<unknown>, code: string): Promise<HostKeyError> {
  const error = await promise.then(
    () => assert.fail('it connected'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HostKeyError, String(error));
  assert.equal(error.code, code);
  return error;
}

/** How many logins the server has seen begin: none may before its key is verified. */
async function logins(): Promise<number> {
  return (
    (await sshd.log()).match(/Accepted|Failed|userauth|Postponed|Connection (closed|reset) by authenticating/g)
      ?.length ?? 0
  );
}

describe('an unknown host key', () => {
  it('is shown with its type and fingerprints', async () => {
    const { person } = await attempt('');
    const [ask] = person.asked;
    assert.ok(ask?.kind === 'hostKey');
    const printed = execFileSync('ssh-keygen', ['-l', '-f', join(sshd.dir, 'host_ed25519')], { encoding: 'utf8' });
    assert.deepEqual([ask.host, ask.port, ask.type, ask.note], ['127.0.0.1', sshd.port, 'ssh-ed25519', undefined]);
    assert.equal(ask.sha256, printed.split(' ')[1]);
    assert.match(ask.md5, /^MD5(:[0-9a-f]{2}){16}$/);
  });

  it('that is declined ends the connection before any login, and is not kept', async () => {
    const before = await logins();
    const store = new FileTrustStore(join(dir, 'declined'));
    const error = await refusal(attempt('', '', { hostKey: () => false, trustStore: store }), 'host-key-declined');
    assert.match(
      error.message,
      /was not accepted\. You did not confirm its ssh-ed25519 key SHA256:.+ Compare the fingerprint/,
    );
    assert.equal(existsSync(store.file), false);
    assert.equal(await logins(), before);
  });

  it('that is accepted is kept in the own store, never in known_hosts, and not asked again', async () => {
    const trustStore = new FileTrustStore(join(dir, 'accepted'));
    const first = await attempt('# mine\n', '', { trustStore });
    assert.deepEqual(first.person.kinds(), ['hostKey']);
    assert.equal(readFileSync(first.target.knownHostsFiles![0]!, 'utf8'), '# mine\n');
    assert.equal(readFileSync(trustStore.file, 'utf8'), `${name} ${keyOf(sshd.hostKeys['ed25519']!)}\n`);
    const second = await attempt('', '', { trustStore });
    assert.deepEqual(second.person.kinds(), []);
  });

  it('is refused with StrictHostKeyChecking yes', async () => {
    const error = await refusal(attempt('', 'StrictHostKeyChecking yes\n'), 'host-key-unknown');
    assert.match(error.message, /StrictHostKeyChecking is "yes"/);
  });

  for (const setting of ['accept-new', 'no']) {
    it(`is kept without a question with StrictHostKeyChecking ${setting}`, async () => {
      const trustStore = new FileTrustStore(join(dir, `store-${setting}`));
      const { person } = await attempt('', `StrictHostKeyChecking ${setting}\n`, { trustStore });
      assert.deepEqual(person.kinds(), []);
      assert.equal((await trustStore.get(name)).length, 1);
    });
  }
});

describe('a known host key', () => {
  it('is accepted from known_hosts: plain, hashed, wildcard, without the port, in the second file', async () => {
    const key = keyOf(sshd.hostKeys['ed25519']!);
    const hashed = fileOf(`${name} ${key}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', hashed], { stdio: 'ignore' });
    for (const text of [
      `${name} ${key}\n`,
      readFileSync(hashed, 'utf8'),
      `[127.0.0.?]:* ${key}\n`,
      `127.0.0.1 ${key}\n`,
      `other.example.com,${name} ${key} a comment\n`,
    ]) {
      assert.deepEqual((await attempt(text, 'StrictHostKeyChecking yes\n')).person.kinds(), [], text);
    }
    const files = { knownHostsFiles: [fileOf(''), join(dir, 'missing'), fileOf(`${name} ${key}\n`)] };
    assert.deepEqual((await attempt('', '', {}, files)).person.kinds(), []);
  });

  for (const type of ['rsa', 'ecdsa']) {
    it(`of type ${type} makes the server show that one`, async () => {
      const { person, hostKey } = await attempt(`${name} ${keyOf(sshd.hostKeys[type]!)}\n`);
      assert.deepEqual(person.kinds(), []);
      assert.equal(hostKey.type, keyOf(sshd.hostKeys[type]!).split(' ')[0]);
    });
  }

  it('is looked up under HostKeyAlias', async () => {
    const key = keyOf(sshd.hostKeys['ed25519']!);
    const { person } = await attempt(`mail-alias ${key}\n`, 'HostKeyAlias mail-alias\n');
    assert.deepEqual(person.kinds(), []);
    const asked = await attempt(`${name} ${key}\n`, 'HostKeyAlias mail-alias\n');
    assert.deepEqual(asked.person.kinds(), ['hostKey']);
  });
});

describe('a changed host key', () => {
  for (const config of [
    '',
    'StrictHostKeyChecking no\n',
    'StrictHostKeyChecking accept-new\n',
    'StrictHostKeyChecking yes\n',
  ]) {
    it(`is refused before any login, with both fingerprints (${config.trim() || 'by default'})`, async () => {
      const before = await logins();
      const text = `\n${name} ${keyOf(stranger['ed25519']!)}\n`;
      const error = await refusal(attempt(text, config), 'host-key-changed');
      assert.ok(error instanceof HostKeyChangedError);
      const { presented, known } = error;
      assert.equal(presented!.type, 'ssh-ed25519');
      assert.notEqual(presented!.sha256, known[0]!.sha256);
      assert.match(known[0]!.where!, /file\d+:2$/);
      for (const part of [presented!.sha256, known[0]!.sha256, known[0]!.where!])
        assert.ok(error.message.includes(part));
      assert.equal(await logins(), before);
    });
  }

  it('is refused when our own store knows another one', async () => {
    const trustStore = new FileTrustStore(join(dir, 'changed-store'));
    const [type, key] = keyOf(stranger['ed25519']!).split(' ');
    await trustStore.add(name, { type: type!, key: key! });
    const error = await refusal(attempt('', '', { trustStore }), 'host-key-changed');
    assert.ok(error.message.includes(`${trustStore.file}:1`));
    writeFileSync(trustStore.file, '');
    assert.deepEqual((await attempt('', '', { trustStore })).person.kinds(), ['hostKey']);
  });

  it('is refused when the server hides the type that is known', async () => {
    const single = await startSshd({ hostKeyTypes: ['ed25519'] });
    try {
      const known = fileOf(`[127.0.0.1]:${single.port} ${keyOf(stranger['rsa']!)}\n`);
      const target = targetOf(single, { knownHostsFiles: [known] });
      await refusal(SshConnection.connect(target, new Person()), 'host-key-changed');
    } finally {
      await single.stop();
    }
  });
});

describe('markers', () => {
  it('a revoked key is refused even where it is also trusted', async () => {
    const key = keyOf(sshd.hostKeys['ed25519']!);
    for (const names of [name, '*', '127.0.0.1']) {
      const error = await refusal(
        attempt(`${name} ${key}\n@revoked ${names} ${key}\n`, 'StrictHostKeyChecking no\n'),
        'host-key-revoked',
      );
      assert.match(error.message, /is revoked, so nothing was sent to it\. .+file\d+:2 marks/);
    }
  });

  it('a revoked key of another type does not matter', async () => {
    const text = `${name} ${keyOf(sshd.hostKeys['ed25519']!)}\n@revoked * ${keyOf(stranger['rsa']!)}\n`;
    assert.deepEqual((await attempt(text)).person.kinds(), []);
  });

  it('the key of a certificate authority is not the key of a host', async () => {
    const text = `@cert-authority ${name} ${keyOf(sshd.hostKeys['ed25519']!)}\n`;
    const { person } = await attempt(text);
    const [ask] = person.asked;
    assert.ok(ask?.kind === 'hostKey');
    assert.match(ask.note!, /trusts a certificate authority for this host; host certificates are not supported/);
    await refusal(attempt(text, 'StrictHostKeyChecking yes\n'), 'host-key-unknown');
  });
});

describe('known_hosts that cannot be read', () => {
  it('fails closed, before the server hears anything', async () => {
    const person = new Person();
    const target = targetOf(sshd, { knownHostsFiles: [dir] });
    await refusal(SshConnection.connect(target, person), 'known-hosts-unreadable');
    assert.deepEqual(person.asked, []);
  });
});

it('a key that is exchanged again in a running connection stays verified', async () => {
  const rekeying = await startSshd({ config: ['RekeyLimit 1M'] });
  try {
    const connection = await SshConnection.connect(targetOf(rekeying), new Person());
    let bytes = 0;
    await connection.exec('head -c 8000000 /dev/zero', { onStdout: chunk => (bytes += chunk.length) });
    assert.equal(bytes, 8_000_000);
    connection.close();
  } finally {
    await rekeying.stop();
  }
});
