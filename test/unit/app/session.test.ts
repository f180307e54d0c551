import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QuestionError, ServerSession, type Connection, type SessionPorts } from '../../../src/app/session';
import type { HostFacts } from '../../../src/host/facts/facts';
import type { RootShell } from '../../../src/host/protocol/privilege';

/** A connection that is only opened and ended. The real one is tested against a real sshd in test/host. */
function fakeConnection(address = 'root@mail.example.com:22') {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<Error | undefined>(resolve => (end = resolve));
  const connection = {
    user: 'root',
    address,
    peer: { address: '203.0.113.7', port: 22 },
    banner: '',
    ended,
    close: () => end(),
  };
  return { connection: connection as unknown as Connection, drop: (error: Error) => end(error) };
}

function setUp(change: Partial<SessionPorts> = {}) {
  const made: ReturnType<typeof fakeConnection>[] = [];
  const ports: SessionPorts = {
    connect: async () => {
      made.push(fakeConnection());
      return made.at(-1)!.connection;
    },
    askSudoPassword: async () => undefined,
    openRootShell: async () => ({}) as RootShell,
    readFacts: async () => ({ hostname: 'mail.example.com', problems: [] }) as unknown as HostFacts,
    log: () => undefined,
    shortReason: () => 'login refused',
    ...change,
  };
  const states: string[] = [];
  const session: ServerSession = new ServerSession({ name: 'mail', host: 'mail.example.com' }, ports, () => {
    const { state } = session.snapshot();
    if (states.at(-1) !== state) states.push(state);
  });
  return { session, made, states };
}

const turn = () => new Promise(resolve => setImmediate(resolve));

describe('ServerSession, with a fake connection', () => {
  it('shares one attempt between two callers', async () => {
    const { session, made, states } = setUp();
    const [a, b] = await Promise.all([session.remote(), session.remote()]);
    assert.equal(a, b);
    assert.equal(made.length, 1);
    assert.deepEqual(states, ['connecting', 'connected']);
  });

  it('keeps what was asked last, whichever answer comes last, and is checking until all have come', async () => {
    const answers: ((hostname: string) => void)[] = [];
    const { session } = setUp({
      readFacts: () =>
        new Promise(resolve => answers.push(hostname => resolve({ hostname, problems: [] } as unknown as HostFacts))),
    });
    await session.remote();
    const older = session.refresh();
    while (answers.length === 0) await turn();
    const newer = session.refresh();
    while (answers.length === 1) await turn();
    answers[1]!('set up');
    assert.equal((await newer).hostname, 'set up');
    assert.equal(session.snapshot().checking, true);
    answers[0]!('before');
    assert.equal((await older).hostname, 'set up');
    assert.equal(session.snapshot().facts?.hostname, 'set up');
    assert.equal(session.snapshot().checking, false);
  });

  it('says that the connection was lost, and opens a new one on the next use', async () => {
    const { session, made, states } = setUp();
    await session.connect();
    made[0]!.drop(new Error('The other side closed it.'));
    await turn();
    assert.equal(session.snapshot().state, 'lost');
    await session.refresh();
    assert.equal(made.length, 2);
    assert.deepEqual(states, ['connecting', 'connected', 'lost', 'connecting', 'connected']);
  });

  it('keeps the reason of a failure for the row', async () => {
    const { session } = setUp({ connect: () => Promise.reject(new Error('The server refused the key.')) });
    await assert.rejects(session.connect(), /refused the key/);
    assert.deepEqual(session.snapshot().failure, { short: 'login refused', message: 'The server refused the key.' });
    assert.equal(session.snapshot().state, 'failed');
  });

  it('is offline, not failed, after a cancelled attempt', async () => {
    const { session } = setUp({
      connect: (_entry, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    const abort = new AbortController();
    const attempt = session.connect(abort.signal);
    abort.abort(new Error('Cancelled.'));
    await assert.rejects(attempt, /Cancelled/);
    assert.equal(session.snapshot().state, 'offline');
  });

  it('never asks for a password when it merely looks', async () => {
    const asked: string[] = [];
    const shells: unknown[] = [];
    const { session } = setUp({
      askSudoPassword: async () => {
        asked.push('asked');
        return 'secret';
      },
      openRootShell: async (_remote, ask) => {
        if ((await ask({ user: 'debian', attempt: 1 })) === undefined) throw new Error('No password.');
        return {} as RootShell;
      },
      readFacts: async (_remote, shell) => {
        shells.push(shell);
        return { problems: [] } as unknown as HostFacts;
      },
    });
    await session.connect();
    assert.deepEqual(asked, []);
    assert.deepEqual(shells, [undefined]);
    await session.rootShell();
    assert.deepEqual(asked, ['asked']);
  });

  it('is offline after disconnect, whatever ends later', async () => {
    const { session, states } = setUp();
    await session.connect();
    session.disconnect();
    await turn();
    assert.equal(states.at(-1), 'offline');
  });

  it('asks for the password of sudo once, and again only when it is no longer right or the user has disconnected', async () => {
    const right = { password: 'one' };
    const asked: string[] = [];
    const { session, made } = setUp({
      // As rootShell does: asks, and asks again with the problem.
      openRootShell: async (_remote, ask) => {
        for (const problem of [undefined, 'Wrong.', 'Wrong.']) {
          const answer = await ask({ user: 'operator', attempt: 1, ...(problem ? { problem } : {}) });
          if (answer === undefined) throw new Error('None was given.');
          if (answer === right.password) return {} as RootShell;
        }
        throw new Error('Three wrong ones.');
      },
    });
    const ask = async (): Promise<string> => (asked.push(right.password), right.password);
    await session.rootShell(ask);
    made[0]!.drop(new Error('The other side closed it.'));
    await turn();
    await session.rootShell(ask);
    assert.deepEqual(asked, ['one']);
    right.password = 'two';
    made[1]!.drop(new Error('The other side closed it.'));
    await turn();
    await session.rootShell(ask);
    assert.deepEqual(asked, ['one', 'two']);
    session.disconnect();
    await session.rootShell(ask);
    assert.deepEqual(asked, ['one', 'two', 'two']);
  });

  it('gives the password of sudo to no other login, where the SSH configuration leads to meanwhile', async () => {
    const logins = ['operator@one.example:22', 'operator@two.example:22'];
    const made: ReturnType<typeof fakeConnection>[] = [];
    const given: [string, string | undefined][] = [];
    const { session } = setUp({
      connect: async () => {
        made.push(fakeConnection(logins[made.length]));
        return made.at(-1)!.connection;
      },
      openRootShell: async (remote, ask) => {
        const answer = await ask({ user: 'operator', attempt: 1 });
        given.push([(remote as Connection).address, answer]);
        return {} as RootShell;
      },
    });
    await session.rootShell(async () => 'for one');
    made[0]!.drop(new Error('The other side closed it.'));
    await turn();
    await session.rootShell(async () => 'for two');
    assert.deepEqual(given, [
      [logins[0], 'for one'],
      [logins[1], 'for two'],
    ]);
  });

  describe('connected unasked', () => {
    /** A server whose login needs an answer. */
    const locked = (answered: () => Promise<void>): Partial<SessionPorts> => ({
      connect: async (_entry, signal, onQuestion) => {
        if (onQuestion) onQuestion();
        else await answered();
        signal.throwIfAborted();
        return fakeConnection().connection;
      },
    });

    it('is not in the way of servers that ask nothing', async () => {
      const { session } = setUp();
      assert.equal(await session.remoteUnasked(), await session.remote());
      assert.ok(await session.rootShellUnasked());
    });

    it('is offline, not failed, where something would have been asked', async () => {
      const { session, states } = setUp(locked(() => Promise.reject(new Error('Nobody may be asked.'))));
      await assert.rejects(session.remoteUnasked(), (error: Error) => {
        assert.ok(error instanceof QuestionError);
        assert.match(error.message, /^mail is not connected\. .*\. Choose Connect\.$/);
        return true;
      });
      assert.deepEqual(states, ['connecting', 'offline']);
    });

    it('does not keep another caller from being asked at the same time', async () => {
      const asked: string[] = [];
      const { session } = setUp(locked(async () => void asked.push('asked')));
      const [unasked, ordinary] = await Promise.allSettled([session.remoteUnasked(), session.remote()]);
      assert.equal(unasked.status, 'rejected');
      assert.equal(ordinary.status, 'fulfilled');
      assert.deepEqual(asked, ['asked']);
    });

    it('joins an attempt that is asking already', async () => {
      const { session } = setUp(locked(() => turn().then(() => undefined)));
      const [ordinary, unasked] = await Promise.all([session.remote(), session.remoteUnasked()]);
      assert.equal(ordinary, unasked);
    });

    it('gives no root shell where sudo wants a password', async () => {
      const { session } = setUp({
        openRootShell: async (_remote, ask) => {
          if ((await ask({ user: 'operator', attempt: 1 })) === undefined) throw new Error('None was given.');
          return {} as RootShell;
        },
        askSudoPassword: async () => 'secret',
      });
      await assert.rejects(session.rootShellUnasked(), QuestionError);
      assert.equal(session.connected, true);
      await session.rootShell();
      assert.ok(await session.rootShellUnasked());
    });
  });
});
