import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SshConnection } from '../../../src/ssh/connection';
import { AuthenticationError, ConnectError, KeyFileError, PromptCancelledError } from '../../../src/ssh/errors';
import type { SshTarget } from '../../../src/ssh/config/target';
import { sendBanner, startLibraryServer } from '../../support/sshLibraryServer';
import { type Answers, keylessTarget, Person, targetOf } from '../../support/sshPerson';
import { keygen, type Sshd, startSshd } from '../../support/sshd';

let sshd: Sshd;
let dir: string;
before(async () => {
  sshd = await startSshd();
  dir = mkdtempSync(join(tmpdir(), 'login-'));
});
after(async () => {
  await sshd?.stop();
  rmSync(dir, { recursive: true });
});

let count = 0;
/** A new key pair; `authorized` lets it in. */
async function newKey(args: string[], authorized = true): Promise<string> {
  const file = join(dir, `key${++count}`);
  await keygen(file, args);
  if (authorized) await sshd.authorize(readFileSync(`${file}.pub`, 'utf8'));
  return file;
}

async function login(more: Partial<SshTarget>, answers: Answers = {}): Promise<{ what: string; person: Person }> {
  const person = new Person(answers);
  const connection = await SshConnection.connect(targetOf(sshd, more), person);
  const { what } = connection.login;
  assert.equal((await connection.exec('echo in')).stdout, 'in\n');
  connection.close();
  return { what, person };
}

async function refused<T extends Error>(attempt: Promise<unknown>, type: new (...args: never[]) => T): Promise<T> {
  const error = await attempt.then(
    () => assert.fail('it was let in'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof type, String(error));
  return error;
}

const secret = 'correct horse; battery "staple"';

describe('key files', () => {
  for (const [name, args] of Object.entries({
    ed25519: ['-t', 'ed25519'],
    ecdsa: ['-t', 'ecdsa', '-b', '384'],
    rsa: ['-t', 'rsa', '-b', '2048'],
    'rsa in PEM': ['-t', 'rsa', '-b', '2048', '-m', 'PEM'],
    'ecdsa in PEM': ['-t', 'ecdsa', '-m', 'PEM'],
  })) {
    it(`${name}: lets in without a question`, async () => {
      const { person, what } = await login({ identityFile: await newKey(args) });
      assert.deepEqual(person.kinds(), ['hostKey']);
      assert.match(what, /key\d+$/);
    });
  }

  for (const [name, args] of Object.entries({
    'OpenSSH format': ['-t', 'ed25519'],
    PEM: ['-t', 'rsa', '-b', '2048', '-m', 'PEM'],
  })) {
    it(`with a passphrase, ${name}: asked again after a wrong one`, async () => {
      const identityFile = await newKey([...args, '-N', secret]);
      const { person } = await login(
        { identityFile },
        { passphrase: ({ attempt }) => (attempt < 3 ? 'wrong' : secret) },
      );
      assert.deepEqual(person.kinds(), ['hostKey', 'passphrase', 'passphrase', 'passphrase']);
    });
  }

  it('the passphrase of an old PEM without its .pub is asked as well', async () => {
    const identityFile = await newKey(['-t', 'rsa', '-m', 'PEM', '-N', secret]);
    rmSync(`${identityFile}.pub`);
    await login({ identityFile }, { passphrase: () => secret });
  });

  it('a passphrase is not asked for a key that the server does not want', async () => {
    const identityFile = await newKey(['-t', 'ed25519', '-N', secret], false);
    const person = new Person({ passphrase: () => secret });
    const error = await refused(SshConnection.connect(targetOf(sshd, { identityFile }), person), AuthenticationError);
    assert.deepEqual(person.kinds(), ['hostKey']);
    assert.deepEqual(error.tried, [{ method: 'publickey', what: identityFile, result: 'refused' }]);
    assert.deepEqual(error.offered, ['publickey']);
    assert.match(
      error.message,
      /^The server refused to let .+@127\.0\.0\.1 in\. It accepts: publickey; tried: .+: refused\. Choose another identity file/,
    );
  });

  it('three wrong passphrases end it, and are not told', async () => {
    const identityFile = await newKey(['-t', 'ed25519', '-N', secret]);
    const person = new Person({ passphrase: () => 'guess-4711' });
    const error = await refused(SshConnection.connect(targetOf(sshd, { identityFile }), person), AuthenticationError);
    assert.equal(error.tried[0]?.result, 'wrong passphrase, 3 times');
    assert.doesNotMatch(JSON.stringify([error, error.message, person.logged]), /guess-4711/);
  });

  it('a passphrase that is not given is said so', async () => {
    const identityFile = await newKey(['-t', 'ed25519', '-N', secret]);
    const error = await refused(
      SshConnection.connect(targetOf(sshd, { identityFile }), new Person()),
      AuthenticationError,
    );
    assert.equal(error.tried[0]?.result, 'its passphrase was not given');
  });

  it('a chosen file that is missing or open to others is refused before connecting', async () => {
    const missing = join(dir, 'missing');
    const error = await refused(
      SshConnection.connect(targetOf(sshd, { identityFile: missing }), new Person()),
      KeyFileError,
    );
    assert.equal(
      error.message,
      `The key file ${missing} cannot be used. There is no such file. Choose another identity file.`,
    );
    const open = await newKey(['-t', 'ed25519']);
    chmodSync(open, 0o644);
    const person = new Person();
    const unprotected = await refused(
      SshConnection.connect(targetOf(sshd, { identityFile: open }), person),
      KeyFileError,
    );
    assert.match(unprotected.message, /Others on this machine can read it \(mode 0644\)\. Run: chmod 600 /);
    assert.deepEqual(person.asked, []);
  });

  it('files of the configuration are tried in order, unusable ones are listed', async () => {
    const good = await newKey(['-t', 'ed25519']);
    const bad = await newKey(['-t', 'ed25519'], false);
    const garbage = join(dir, 'garbage');
    writeFileSync(garbage, 'not a key\n', { mode: 0o600 });
    const configFile = join(dir, 'config');
    const write = (...files: string[]) =>
      writeFileSync(configFile, files.map(file => `IdentityFile ${file}\n`).join(''));
    const plain = keylessTarget(sshd, { configFile });
    write(join(dir, 'missing'), garbage, bad, good);
    const connection = await SshConnection.connect(plain, new Person());
    assert.equal(connection.login.what, good);
    connection.close();
    write(join(dir, 'missing'), garbage, bad);
    const error = await refused(SshConnection.connect(plain, new Person()), AuthenticationError);
    assert.deepEqual(
      error.tried.map(({ what, result }) => `${what}: ${result}`),
      [
        `${join(dir, 'missing')}: there is no such file`,
        `${garbage}: it is not a private key in a supported format`,
        `${bad}: refused`,
      ],
    );
  });
});

describe('an agent', () => {
  let socket: string;
  let agent: ReturnType<typeof spawn>;
  before(async () => {
    socket = join(dir, 'agent');
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    await sleep(300);
  });
  after(() => void agent.kill());
  const add = (file: string) =>
    execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
  const clear = () =>
    execFileSync('ssh-add', ['-q', '-D'], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
  /** Without a chosen key; the default ones of whoever runs the tests are kept out. */
  const withAgent = (config: string): SshTarget => {
    const configFile = join(dir, `agent-config-${++count}`);
    writeFileSync(configFile, config);
    const plain = keylessTarget(sshd, { configFile, agent: socket });
    return plain;
  };

  for (const type of ['ed25519', 'rsa', 'ecdsa']) {
    it(`signs with its ${type} key`, async () => {
      clear();
      const key = await newKey(['-t', type, '-C', `my ${type} key`]);
      add(key);
      const connection = await SshConnection.connect(withAgent('IdentityFile none\n'), new Person());
      assert.equal(connection.login.what, `the agent's key my ${type} key`);
      connection.close();
    });
  }

  it('is asked for the key of a .pub that was chosen', async () => {
    clear();
    const [wanted, other] = [await newKey(['-t', 'ed25519']), await newKey(['-t', 'ed25519'])];
    add(other);
    add(wanted);
    const lonely = join(dir, 'lonely.pub');
    copyFileSync(`${wanted}.pub`, lonely);
    const connection = await SshConnection.connect(
      targetOf(sshd, { identityFile: lonely, agent: socket }),
      new Person(),
    );
    assert.equal(connection.login.what, `${lonely} (agent)`);
    connection.close();
  });

  it('only offers the named keys with IdentitiesOnly', async () => {
    clear();
    const [mine, other] = [await newKey(['-t', 'ed25519', '-N', secret]), await newKey(['-t', 'ed25519'])];
    add(other);
    const target = withAgent(`IdentityFile ${mine}\nIdentitiesOnly yes\n`);
    const person = new Person({ passphrase: () => secret });
    const connection = await SshConnection.connect(target, person);
    assert.equal(connection.login.what, mine);
    assert.deepEqual(person.kinds(), ['hostKey', 'passphrase']);
    connection.close();
  });

  it('spares the passphrase of a key it holds', async () => {
    clear();
    const mine = await newKey(['-t', 'ed25519']);
    add(mine);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', secret, '-f', mine]);
    const person = new Person();
    const connection = await SshConnection.connect(withAgent(`IdentityFile ${mine}\n`), person);
    assert.deepEqual([connection.login.what, person.kinds()], [`${mine} (agent)`, ['hostKey']]);
    connection.close();
  });

  it('that does not answer is told among what was tried', async () => {
    const target = { ...withAgent('IdentityFile none\n'), agent: join(dir, 'no-agent') };
    const error = await refused(SshConnection.connect(target, new Person()), AuthenticationError);
    assert.match(error.tried[0]!.result, /^it does not answer/);
    assert.match(error.message, /no-agent: it does not answer/);
  });

  it('with too many keys gets the advice to choose one', async () => {
    clear();
    for (let i = 0; i < 7; i++) add(await newKey(['-t', 'ed25519'], false));
    const error = await refused(
      SshConnection.connect(withAgent('IdentityFile none\n'), new Person()),
      AuthenticationError,
    );
    assert.match(
      error.message,
      /then it hung up: Too many authentication failures\. It allows only a few attempts: .+IdentitiesOnly/,
    );
    assert.ok(error.tried.length >= 5);
  });

  it('and a second factor: partial success leads on', async () => {
    clear();
    const strict = await startSshd({ config: ['AuthenticationMethods publickey,publickey'] });
    try {
      const [first, second] = [await newKey(['-t', 'ed25519']), await newKey(['-t', 'ed25519'])];
      for (const key of [first, second]) await strict.authorize(readFileSync(`${key}.pub`, 'utf8'));
      add(first);
      const plain = keylessTarget(strict, {
        agent: socket,
        configFile: withAgent(`IdentityFile ${second}\n`).configFile!,
      });
      const connection = await SshConnection.connect(plain, new Person());
      assert.equal(connection.login.what, second);
      connection.close();
    } finally {
      await strict.stop();
    }
  });
});

describe('passwords and dialogues', () => {
  const target = (port: number): SshTarget => {
    const configFile = join(dir, 'no-keys');
    writeFileSync(configFile, 'IdentityFile none\n');
    return { host: '127.0.0.1', port, user: 'me', configFile, knownHostsFiles: [], agent: 'none' };
  };

  it('a password is asked up to three times', async () => {
    const server = await startLibraryServer(context => {
      if (context.method === 'password' && context.password === secret) context.accept();
      else context.reject(['password']);
    });
    try {
      const person = new Person({ password: ({ attempt }) => (attempt === 3 ? secret : `wrong-4711-${attempt}`) });
      const connection = await SshConnection.connect(target(server.port), person);
      assert.deepEqual(server.tried, ['none', 'password', 'password', 'password']);
      assert.deepEqual(person.kinds(), ['hostKey', 'password', 'password', 'password']);
      assert.equal(connection.login.what, 'password (attempt 3)');
      // How it ended comes with the answer that the channel is open, in one piece.
      const { code, stdout } = await connection.exec('at once');
      assert.deepEqual([code, stdout], [0, 'at once']);
      connection.close();

      const wrong = new Person({ password: () => 'wrong-4711' });
      const error = await refused(SshConnection.connect(target(server.port), wrong), AuthenticationError);
      assert.deepEqual(wrong.kinds(), ['hostKey', 'password', 'password', 'password']);
      assert.deepEqual(error.offered, ['password']);
      assert.match(
        error.message,
        /It accepts: password; tried: password \(attempt 1\): refused; .+ Check the user name and the password\.$/,
      );
      assert.doesNotMatch(JSON.stringify([error, error.message, wrong.logged, person.logged]), /4711|horse/);
    } finally {
      await server.stop();
    }
  });

  it('a closed question ends the login', async () => {
    const server = await startLibraryServer(context => context.reject(['password', 'keyboard-interactive']));
    try {
      const person = new Person();
      const error = await refused(SshConnection.connect(target(server.port), person), PromptCancelledError);
      assert.equal(error.code, 'cancelled');
    } finally {
      await server.stop();
    }
  });

  it('a dialogue asks what the server asks: password, then code', async () => {
    const server = await startLibraryServer(context => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ', echo: false }], 'Login', 'Who are you?', ([password]) => {
        if (password !== secret) return context.reject(['keyboard-interactive']);
        context.prompt([{ prompt: 'Code: ', echo: true }], ([code]) => {
          if (code === '123456') context.accept();
          else context.reject(['keyboard-interactive']);
        });
      });
    });
    try {
      const person = new Person({ keyboard: ({ questions }) => questions.map(q => (q.echo ? '123456' : secret)) });
      const connection = await SshConnection.connect(target(server.port), person);
      connection.close();
      assert.deepEqual(person.kinds(), ['hostKey', 'keyboard', 'keyboard']);
      const asked = person.asked[1]!;
      assert.ok(asked.kind === 'keyboard');
      assert.deepEqual(
        [asked.name, asked.instructions, asked.questions],
        ['Login', 'Who are you?', [{ text: 'Password: ', echo: false }]],
      );
    } finally {
      await server.stop();
    }
  });

  it('key, then password: partial success leads on', async () => {
    const key = await newKey(['-t', 'ed25519'], false);
    const server = await startLibraryServer(context => {
      if (context.method === 'publickey') {
        // Without a signature it is only the question whether this key would do.
        if (context.signature) context.reject(['password'], true);
        else context.accept();
      } else if (context.method === 'password' && context.password === secret) context.accept();
      else context.reject(['publickey']);
    });
    try {
      const person = new Person({ password: () => secret });
      const connection = await SshConnection.connect({ ...target(server.port), identityFile: key }, person);
      assert.deepEqual(person.kinds(), ['hostKey', 'password']);
      assert.ok(person.logged.includes(`debug Login with ${key}: accepted, but more is asked for.`));
      connection.close();
    } finally {
      await server.stop();
    }
  });

  it('a server that hangs up during the login says so', async () => {
    const server = await startLibraryServer((context, connection) => {
      if (context.method === 'none') context.reject(['password']);
      else connection.end();
    });
    try {
      const error = await refused(
        SshConnection.connect(target(server.port), new Person({ password: () => secret })),
        AuthenticationError,
      );
      assert.match(error.message, /then it hung up: /);
    } finally {
      await server.stop();
    }
  });

  it('a server that greets without end is left', async () => {
    const server = await startLibraryServer((_, connection) => {
      for (let sent = 0; sent < 20; sent++) sendBanner(connection, 'x'.repeat(10_000));
    });
    try {
      const error = await refused(SshConnection.connect(target(server.port), new Person()), ConnectError);
      assert.match(error.message, /was given up\. The server sent more than 64 KiB of text before it, .+\. Check /);
    } finally {
      await server.stop();
    }
  });

  it('the greeting of a system that is being installed is recognised', async () => {
    const server = await startLibraryServer(context => context.reject(['publickey']), {
      banner: 'Welcome to TinyCore 13!',
    });
    try {
      const error = await refused(SshConnection.connect(target(server.port), new Person()), AuthenticationError);
      assert.match(error.banner, /Welcome to TinyCore 13!/);
      assert.match(error.message, /still being installed: wait some minutes/);
    } finally {
      await server.stop();
    }
  });
});
