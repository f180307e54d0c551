import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SshConnection } from '../../../src/ssh/connection';
import { collectedLimit } from '../../../src/ssh/exec';
import { ChannelError, CommandTimeoutError, ConnectionLostError } from '../../../src/ssh/errors';
import { Person, targetOf } from '../../support/sshPerson';
import { type Sshd, startSshd } from '../../support/sshd';

let sshd: Sshd;
let connection: SshConnection;
const connect = () => SshConnection.connect(targetOf(sshd), new Person());
before(async () => {
  sshd = await startSshd();
  connection = await connect();
});
after(async () => {
  connection?.close();
  await sshd?.stop();
});

/** Processes of the server whose command line has `text`. */
async function running(text: string): Promise<string> {
  const { stdout } = await connection.exec(`pgrep -fa '[${text[0]}]${text.slice(1)}'`);
  return stdout;
}

describe('exec', () => {
  it('tells stdout, stderr and the exit status apart', async () => {
    assert.deepEqual(await connection.exec('echo out; echo err >&2; exit 3'), {
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('names the signal that ended a command', async () => {
    const result = await connection.exec('kill -TERM $$');
    assert.deepEqual([result.code, result.signal], [null, 'SIGTERM']);
  });

  it('gives stdin to the command and closes it', async () => {
    const bytes = randomBytes(3 << 20);
    const { stdout } = await connection.exec('sha256sum', { stdin: bytes });
    assert.equal(stdout.split(' ')[0], createHash('sha256').update(bytes).digest('hex'));
    assert.equal((await connection.exec('cat')).stdout, '');
  });

  it('keeps every byte of UTF-8 text, also where chunks part', async () => {
    const text = 'ß🐦გამარჯობა\n'.repeat(40_000);
    assert.equal((await connection.exec('cat', { stdin: text })).stdout, text);
  });

  it('streams 50 MB', async t => {
    let bytes = 0;
    const started = performance.now();
    const result = await connection.exec('head -c 50000000 /dev/zero', { onStdout: chunk => (bytes += chunk.length) });
    t.diagnostic(`50 MB through exec: ${Math.round(performance.now() - started)} ms`);
    assert.deepEqual([bytes, result.code, result.stdout], [50_000_000, 0, '']);
  });

  it('collects 16 MiB, and ends a command that prints more', async () => {
    const most = await connection.exec(`head -c ${collectedLimit} /dev/zero`);
    assert.equal(most.stdout.length, collectedLimit);
    for (const command of ['exec yes 1009', 'exec yes 1009 >&2']) {
      await assert.rejects(connection.exec(command, { timeoutMs: 60_000 }), {
        code: 'output-too-large',
        message: /^A command on .+ was stopped\. It printed more than 16 MiB, .+\. Log in with a terminal and .+\.$/,
      });
    }
    assert.equal(await running('yes 1009'), '');
  });

  it('runs twenty commands at once, more than the server allows channels', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, (_, i) => connection.exec(`sleep 0.1; echo ${i}`)));
    assert.deepEqual(
      results.map(result => result.stdout),
      Array.from({ length: 20 }, (_, i) => `${i}\n`),
    );
  });

  it('ends a command and its children when aborted', async () => {
    const abort = new AbortController();
    const done = connection.exec('echo started; sleep 1001 & sleep 1002', {
      signal: abort.signal,
      onStdout: () => abort.abort(new Error('Ctrl-C')),
    });
    await assert.rejects(done, /^Error: Ctrl-C$/);
    assert.equal(await running('sleep 100'), '');
  });

  it('ends one that ignores TERM', async () => {
    const done = connection.exec(`trap '' TERM; sleep 1003; sleep 1003; sleep 1003`, { timeoutMs: 300 });
    await assert.rejects(done, CommandTimeoutError);
    assert.equal(await running('sleep 1003'), '');
  });

  it('says in three sentences that a command took too long', async () => {
    await assert.rejects(connection.exec('sleep 1004', { timeoutMs: 200 }), (error: Error) => {
      assert.match(error.message, /did not end in time\. It was given 0\.2 s and has been stopped\. Check /);
      return true;
    });
    assert.equal(await running('sleep 1004'), '');
  });

  it('is not begun when the signal has been aborted before', async () => {
    const file = join(sshd.dir, 'begun');
    await assert.rejects(
      connection.exec(`touch ${file}`, { signal: AbortSignal.abort(new Error('no')) }),
      /^Error: no$/,
    );
    assert.equal(existsSync(file), false);
  });

  it('hides the line that tells the process from the caller', async () => {
    const { signal } = new AbortController();
    assert.deepEqual(await connection.exec('echo err >&2', { signal }), { code: 0, stdout: '', stderr: 'err\n' });
  });

  it('stops at an error of the listener and throws that', async () => {
    const { signal } = new AbortController();
    const onStdout = () => {
      throw new Error('listener broke');
    };
    await assert.rejects(connection.exec('echo; sleep 1005', { onStdout, signal }), /listener broke/);
    assert.equal(await running('sleep 1005'), '');
  });

  it('ends a command also when its login shell is slow to start', async () => {
    writeFileSync(join(sshd.dir, '.bashrc'), 'sleep 1\n');
    try {
      await assert.rejects(connection.exec('sleep 1006', { timeoutMs: 100 }), CommandTimeoutError);
      await sleep(2500);
      assert.equal(await running('sleep 1006'), '');
    } finally {
      writeFileSync(join(sshd.dir, '.bashrc'), '');
    }
  });
});

describe('tunnel', () => {
  it('carries bytes both ways', async () => {
    const echo = createServer(socket => socket.pipe(socket));
    await new Promise<void>(resolve => echo.listen(0, '127.0.0.1', resolve));
    const address = echo.address();
    assert.ok(address && typeof address === 'object');
    try {
      const tunnel = await connection.tunnel('127.0.0.1', address.port);
      const sent = randomBytes(300_000);
      const received: Buffer[] = [];
      tunnel.on('data', (chunk: Buffer) => received.push(chunk));
      tunnel.end(sent);
      await new Promise(resolve => tunnel.once('end', resolve));
      assert.ok(Buffer.concat(received).equals(sent));
    } finally {
      echo.close();
    }
  });

  it('says what the server says when it cannot be opened', async () => {
    await assert.rejects(connection.tunnel('127.0.0.1', 1), (error: ChannelError) => {
      assert.match(error.message, /did not open a tunnel to 127\.0\.0\.1 port 1\. The server reports: .*refused/i);
      return error instanceof ChannelError;
    });
  });
});

describe('a lost connection', () => {
  /** Kills the server's process of this connection while `work` runs. */
  async function lose(work: (victim: SshConnection) => Promise<unknown>): Promise<SshConnection> {
    const victim = await connect();
    const { stdout } = await victim.exec('echo $PPID');
    const lost = assert.rejects(work(victim), (error: ConnectionLostError) => {
      assert.match(error.message, /^The connection to .+ was lost\. .+\. Connect again; .+\.$/);
      return error instanceof ConnectionLostError;
    });
    await sleep(200);
    process.kill(Number(stdout), 'SIGKILL');
    await lost;
    return victim;
  }

  it('rejects a running command', async () => {
    const victim = await lose(victim => victim.exec('sleep 30'));
    assert.ok((await victim.ended) instanceof ConnectionLostError);
    assert.equal(victim.alive, false);
  });

  it('rejects a running command that could be stopped', async () => {
    await lose(victim => victim.exec('sleep 30', { timeoutMs: 60_000 }));
  });

  it('rejects whatever comes later', async () => {
    const victim = await lose(victim => victim.exec('sleep 30'));
    await assert.rejects(victim.exec('true'), ConnectionLostError);
    await assert.rejects(victim.tunnel('127.0.0.1', 1), ConnectionLostError);
  });

  it('is noticed also when the server only falls silent', async () => {
    const configFile = join(sshd.dir, 'keepalive');
    writeFileSync(configFile, 'ServerAliveInterval 1\nServerAliveCountMax 2\n');
    const victim = await SshConnection.connect(targetOf(sshd, { configFile }), new Person());
    const server = Number((await victim.exec('echo $PPID')).stdout);
    process.kill(server, 'SIGSTOP');
    try {
      await assert.rejects(victim.exec('true'), /was lost\. Reason: Keepalive timeout\./);
    } finally {
      process.kill(server, 'SIGKILL');
    }
  });

  it('is told apart from one that was closed', async () => {
    const closed = await connect();
    closed.close();
    assert.equal(await closed.ended, undefined);
    await assert.rejects(closed.exec('true'), ConnectionLostError);
  });
});

describe('what a connection tells', () => {
  it('is who and where it is', () => {
    assert.deepEqual(connection.peer, { address: '127.0.0.1', port: sshd.port, direct: true });
    assert.equal(connection.user, sshd.user);
    assert.deepEqual(connection.login, { method: 'publickey', what: sshd.key, result: 'accepted' });
    assert.equal(connection.hostKey.type, 'ssh-ed25519');
  });
});
