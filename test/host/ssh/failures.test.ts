import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SshConnection } from '../../../src/ssh/connection';
import { ConnectError, type SshErrorCode } from '../../../src/ssh/errors';
import type { SshTarget } from '../../../src/ssh/target';
import { Person, targetOf } from '../../support/sshPerson';
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
    assert.ok(error.explanation.what && error.explanation.why && error.explanation.next);
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
        /no common cryptography\. The server offers no key exchange algorithm/,
      );
    } finally {
      await old.stop();
    }
  });
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

  it('while a person is asked: the question is withdrawn', async () => {
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
