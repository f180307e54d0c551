import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SshConnection } from '../../../src/ssh/connection';
import type { ConnectError } from '../../../src/ssh/errors';
import { HostKeyChangedError, SshConfigError } from '../../../src/ssh/errors';
import { Person } from '../../support/sshPerson';
import { type Sshd, startSshd } from '../../support/sshd';

let gate: Sshd;
let second: Sshd;
let mail: Sshd;
let dir: string;
before(async () => {
  [gate, second, mail] = [await startSshd(), await startSshd(), await startSshd()];
  dir = mkdtempSync(join(tmpdir(), 'jump-'));
});
after(async () => {
  for (const sshd of [gate, second, mail]) await sshd?.stop();
  rmSync(dir, { recursive: true });
});

/** Names the three servers in a configuration; `extra` goes before. */
function config(extra = ''): string {
  const file = join(dir, 'config');
  const entry = (name: string, { port, user, key }: Sshd) =>
    `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  User ${user}\n  IdentityFile ${key}\n`;
  writeFileSync(file, extra + entry('gate', gate) + entry('second', second) + entry('mail', mail));
  return file;
}
const connect = (extra: string, person: Person, more = {}) =>
  SshConnection.connect(
    { host: 'mail', configFile: config(extra), knownHostsFiles: [], agent: 'none', ...more },
    person,
  );
const sshdOf = async (sshd: Sshd) => (await sshd.log()).match(/Accepted publickey/g)?.length ?? 0;

describe('a jump host', () => {
  it('is gone through, and each hop’s key is verified with its own name', async () => {
    const person = new Person();
    const connection = await connect('Host mail\n  ProxyJump gate\n', person);
    assert.equal((await connection.exec('echo "$SSH_CONNECTION"')).stdout.trim().split(' ')[3], String(mail.port));
    assert.deepEqual(
      person.asked.map(ask => ask.kind === 'hostKey' && ask.port),
      [gate.port, mail.port],
    );
    assert.deepEqual(connection.peer, { address: '127.0.0.1', port: mail.port, direct: false });
    assert.deepEqual(
      connection.jumps.map(hop => hop.name),
      ['gate'],
    );
    assert.ok((await sshdOf(gate)) >= 1);
    connection.close();
    assert.equal(await connection.ended, undefined);
  });

  it('may be one of several, and have one of its own', async () => {
    for (const extra of [
      'Host mail\n  ProxyJump gate,second\n',
      'Host mail\n  ProxyJump second\nHost second\n  ProxyJump gate\n',
    ]) {
      const person = new Person();
      const connection = await connect(extra, person);
      assert.deepEqual(
        person.asked.map(ask => ask.kind === 'hostKey' && ask.port),
        [gate.port, second.port, mail.port],
      );
      assert.equal((await connection.exec('echo there')).stdout, 'there\n');
      connection.close();
    }
  });

  it('can be chosen or switched off by the target', async () => {
    const through = await connect('', new Person(), { proxyJump: 'gate' });
    assert.equal(through.jumps.length, 1);
    through.close();
    const direct = await connect('Host mail\n  ProxyJump gate\n', new Person(), { proxyJump: 'none' });
    assert.equal(direct.jumps.length, 0);
    direct.close();
  });

  it('whose key has changed is not logged in to, nor anything behind it', async () => {
    const known = join(dir, 'known');
    writeFileSync(known, `[127.0.0.1]:${gate.port} ${mail.hostKeys['ed25519']}\n`);
    const before = [await sshdOf(gate), await sshdOf(mail)];
    const person = new Person();
    await assert.rejects(
      connect('Host mail\n  ProxyJump gate\n', person, { knownHostsFiles: [known] }),
      (error: HostKeyChangedError) => {
        assert.match(error.message, new RegExp(`The host key of \\[127\\.0\\.0\\.1\\]:${gate.port} has changed`));
        return error instanceof HostKeyChangedError;
      },
    );
    assert.deepEqual([await sshdOf(gate), await sshdOf(mail)], before);
    assert.deepEqual(person.asked, []);
  });

  it('behind which the server shows a changed key ends it all', async () => {
    const known = join(dir, 'known');
    writeFileSync(
      known,
      `[127.0.0.1]:${gate.port} ${gate.hostKeys['ed25519']}\n[127.0.0.1]:${mail.port} ${gate.hostKeys['ed25519']}\n`,
    );
    const before = await sshdOf(mail);
    await assert.rejects(
      connect('Host mail\n  ProxyJump gate\n', new Person(), { knownHostsFiles: [known] }),
      HostKeyChangedError,
    );
    assert.equal(await sshdOf(mail), before);
  });

  it('that cannot reach the server says so', async () => {
    await assert.rejects(connect('Host mail\n  ProxyJump gate\n', new Person(), { port: 1 }), (error: ConnectError) => {
      assert.equal(error.code, 'jump');
      assert.match(
        error.message,
        /^127\.0\.0\.1 did not connect on to 127\.0\.0\.1 port 1\. The jump host reports: .*refused/i,
      );
      return true;
    });
  });

  it('that leads through itself is found out', async () => {
    await assert.rejects(connect('Host *\n  ProxyJump gate\n', new Person()), (error: SshConfigError) => {
      assert.match(error.message, /too many jump hosts\. .+ProxyJump none/);
      return error instanceof SshConfigError;
    });
  });

  it('by ProxyCommand is refused with the command and the way out', async () => {
    await assert.rejects(
      connect('Host mail\n  ProxyCommand ssh -W %h:%p gate\n', new Person()),
      (error: SshConfigError) => {
        assert.equal(error.code, 'proxy-command');
        assert.match(error.message, /"ssh -W %h:%p gate" \(ProxyCommand\).+write "ProxyJump that-server" instead/);
        return true;
      },
    );
  });
});
