import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SshConnection } from '../../../src/ssh/connection';
import { ConnectError, type SshErrorCode } from '../../../src/ssh/errors';
import type { SshTarget } from '../../../src/ssh/config/target';
import { Person, targetOf } from '../../support/sshPerson';
import { longestTurn } from '../../support/eventLoop';
import { freePort, type Sshd, startSshd } from '../../support/sshd';

let sshd: Sshd;
before(async () => {
  sshd = await startSshd();
});
after(() => sshd?.stop());

const connect = (more: Partial<SshTarget>, signal?: AbortSignal) =>
  SshConnection.connect(targetOf(sshd, more), new Person(), signal);

async function fails(more: Partial<SshTarget>, code: SshErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(connect(more), (error: ConnectError) => {
    assert.ok(error instanceof ConnectError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.ok(error.problem.what && error.problem.why && error.problem.fix);
    return true;
  });
}

/** Something that listens and is no SSH server. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ port: number; server: Server }> {
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const port = await freePort();
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
  return { port, server };
}

describe('a connection that cannot be made says why', () => {
  it('name not found', () =>
    fails(
      { host: 'no-such-host.invalid' },
      'dns',
      /^The name no-such-host\.invalid was not found\. .+ Check the spelling/,
    ));

  it('refused', async () => {
    await fails({ port: await freePort() }, 'refused', /refused the connection on port \d+\. .+ Check the port/);
  });

  it('not an SSH server', async () => {
    const { port, server } = await listen(socket => socket.end('HTTP/1.1 400 Bad Request\r\n'.repeat(2000)));
    await fails({ port }, 'not-ssh', /does not speak SSH\. .+ Check the port/);
    server.close();
  });

  it('a greeting without end, in lines or in one', async () => {
    for (const text of ['Please wait. '.repeat(100) + '\r\n', 'x'.repeat(1000)]) {
      const { port, server } = await listen(socket => {
        const send = (): void => {
          while (socket.writable && socket.write(text));
        };
        socket.on('drain', send);
        send();
      });
      const { ms } = await longestTurn(() =>
        fails({ port }, 'handshake', /was given up\. The server sent more than 64 KiB of text before it/),
      );
      assert.ok(ms < 100, `blocked for ${ms} ms`);
      server.close();
    }
  });

  it('closed at once', async () => {
    const { port, server } = await listen(socket => socket.end());
    await fails({ port }, 'closed', /closed the connection at once\. .+fail2ban.+ Wait some minutes/);
    server.close();
  });

  it('no common cryptography', async () => {
    const old = await startSshd({ config: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'] });
    try {
      await fails(
        { port: old.port },
        'algorithms',
        /no common cryptography\. As key exchange algorithm the server offers only sntrup761x25519-sha512@openssh\.com[\w@., -]*\. Update/,
      );
    } finally {
      await old.stop();
    }
  });
});

describe('SHA-1 is not used unless the SSH configuration asks for it', () => {
  const connectWith = (server: Sshd, lines: string) => {
    const configFile = join(server.dir, 'client_config');
    writeFileSync(configFile, lines);
    return SshConnection.connect(targetOf(server, { configFile }), new Person());
  };

  for (const [what, server, config, message] of [
    [
      'as message authentication code',
      { config: ['Ciphers aes128-ctr', 'MACs hmac-sha1'] },
      'MACs +hmac-sha1',
      /As MAC the server offers only hmac-sha1, and SHA-1 is no longer safe\. Update the SSH server; until then, add "MACs \+hmac-sha1" for this host to your SSH configuration\.$/,
    ],
    [
      'of a host key',
      { config: ['HostKeyAlgorithms ssh-rsa'], hostKeyTypes: ['rsa'] },
      'HostKeyAlgorithms +ssh-rsa',
      /As host key algorithm the server offers only ssh-rsa, and SHA-1 is no longer safe\. Update the SSH server; until then, add "HostKeyAlgorithms \+ssh-rsa" for this host to your SSH configuration\.$/,
    ],
  ] satisfies [string, Parameters<typeof startSshd>[0], string, RegExp][]) {
    it(what, async () => {
      const old = await startSshd(server);
      try {
        await fails({ port: old.port }, 'algorithms', message);
        const connection = await connectWith(old, config);
        assert.equal((await connection.exec('echo in')).stdout, 'in\n');
        connection.close();
      } finally {
        await old.stop();
      }
    });
  }
});

describe('aborting', () => {
  it('before anything', async () => {
    await assert.rejects(connect({}, AbortSignal.abort(new Error('never mind'))), /^Error: never mind$/);
  });

  it('while the server is silent', async () => {
    const { port, server } = await listen(() => undefined);
    const abort = new AbortController();
    const started = performance.now();
    setTimeout(() => abort.abort(new Error('never mind')), 300);
    await assert.rejects(connect({ port }, abort.signal), /^Error: never mind$/);
    assert.ok(performance.now() - started < 3000);
    server.close();
  });

  it('while a user is asked: the question is withdrawn', async () => {
    const abort = new AbortController();
    let withdrawn = false;
    const person = new Person();
    person.prompts.unknownHostKey = (_ask, signal) =>
      new Promise(() => {
        signal!.addEventListener('abort', () => (withdrawn = true));
        abort.abort(new Error('never mind'));
      });
    await assert.rejects(SshConnection.connect(targetOf(sshd), person, abort.signal), /^Error: never mind$/);
    assert.equal(withdrawn, true);
  });

  it('between login and use leaves nothing open', async () => {
    const abort = new AbortController();
    const connection = await connect({}, abort.signal);
    abort.abort();
    assert.equal((await connection.exec('echo still')).stdout, 'still\n');
    connection.close();
    await connection.ended;
  });
});
