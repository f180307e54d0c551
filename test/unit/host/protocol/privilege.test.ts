import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { rootShell } from '../../../../src/host/protocol/privilege';
import { LocalRemote } from '../../provision/localRemote';

// These run as whoever runs the tests: the protocol is the same for root and for others once the shell is there.
const shellHere = async () => {
  const remote = new LocalRemote();
  // The local user may be anybody; `id -u` is answered as root's, since only the channel is examined here.
  const exec = remote.exec.bind(remote);
  let first = true;
  remote.exec = (command, options) => {
    if (!first) return exec(command, options);
    first = false;
    return exec(command.replace('id -u', 'echo 0'), options);
  };
  return { remote, shell: await rootShell(remote, async () => undefined) };
};

const alive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const commandLines = (): string =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');

test('output for people, results and the exit status come back apart', async () => {
  const { shell } = await shellHere();
  const heard: string[] = [];
  const ran = await shell.run('echo out; echo err >&2; echo \'{"a":1}\' >&3; printf \'{"b":"é"}\\n\' >&3; exit 7', {
    onOutput: text => heard.push(text),
  });
  assert.equal(ran.code, 7);
  assert.deepEqual(ran.result, [{ a: 1 }, { b: 'é' }]);
  assert.equal(ran.output, 'out\nerr\n');
  assert.equal(heard.join(''), ran.output);
});

test('a script finds nothing on its standard input, and its last status is the run’s', async () => {
  const { shell } = await shellHere();
  assert.equal((await shell.run('read -r x; printf "[%s]" "$x"')).output, '[]');
  assert.equal((await shell.run('false')).code, 1);
  assert.equal((await shell.run('true # a comment at the end')).code, 0);
});

test('inputs arrive byte for byte and are never executed', async () => {
  const { shell } = await shellHere();
  const hostile = [
    '$(touch /tmp/never)',
    '`id`',
    `'"'"'; exit 9; '`,
    'a\nb\n}\nexit 9\n{',
    '',
    ' ',
    '\\',
    '#',
    'é€𝄞',
    '\u0001\u007f',
    'x'.repeat(200_000),
  ];
  for (const value of hostile) {
    const ran = await shell.run(`printf '"%s"' "$(printf %s "$value" | base64 | tr -d '\\n')" >&3`, {
      inputs: { value },
    });
    assert.equal(ran.code, 0);
    assert.equal(Buffer.from(String(ran.result[0]), 'base64').toString('utf8'), value);
  }
});

test('names which could change the shell itself are refused', async () => {
  const { shell } = await shellHere();
  for (const name of ['PATH', 'IFS', 'a b', 'a;id', '', '1a', 'a-b', '_']) {
    await assert.rejects(shell.run(':', { inputs: { [name]: 'x' } }), RangeError, name);
  }
  await assert.rejects(shell.run(':', { inputs: { ok: 'nul\0' } }), RangeError);
});

test('neither script nor inputs appear in any command line while they run', async () => {
  const { remote, shell } = await shellHere();
  const secret = `secret-${process.pid}-${Date.now()}`;
  const running = shell.run('sleep 0.6; : marker-of-the-script', { inputs: { password: secret } });
  let seen = '';
  for (let i = 0; i < 5; i++) {
    seen += commandLines();
    await delay(100);
  }
  await running;
  assert.ok(seen.includes('sleep\0'), 'the sample did not catch the running script');
  assert.ok(!seen.includes(secret));
  assert.ok(!seen.includes('marker-of-the-script'));
  assert.ok(!remote.commands.join().includes(secret));
});

test('an abort ends every process of the run, and rejects with its reason', async () => {
  const { shell } = await shellHere();
  const stop = new AbortController();
  let pids: number[] = [];
  const running = shell.run('sleep 300 & a=$!; (sleep 301; :) & echo $$ $a $!; trap "" TERM; wait; wait; sleep 302', {
    signal: stop.signal,
    onOutput: text => {
      if (pids.length === 0) pids = text.trim().split(' ').map(Number);
      stop.abort(new Error('pressed Ctrl+C'));
    },
  });
  await assert.rejects(running, /pressed Ctrl\+C/);
  assert.equal(pids.length, 3);
  for (let i = 0; i < 50 && pids.some(alive); i++) await delay(20);
  assert.deepEqual(pids.filter(alive), []);
});

test('a run that takes too long is ended, and the error says so', async () => {
  const { shell } = await shellHere();
  let pid = 0;
  const running = shell.run('echo $$; sleep 300', { timeoutMs: 400, onOutput: text => (pid = Number(text)) });
  await assert.rejects(running, /did not finish within/);
  for (let i = 0; i < 50 && alive(pid); i++) await delay(20);
  assert.equal(alive(pid), false);
});

test('what a login script prints first does not disturb the answer', async () => {
  const { remote, shell } = await shellHere();
  const exec = remote.exec.bind(remote);
  remote.exec = (command, options) => exec(`echo Welcome; echo lecture >&2; ${command}`, options);
  const ran = await shell.run('echo hello; echo 1 >&3');
  assert.deepEqual(ran, { code: 0, result: [1], output: 'hello\n' });
});

test('without root and without sudo, the error names the way out', async () => {
  const remote = new LocalRemote();
  const exec = remote.exec.bind(remote);
  remote.exec = (command, options) =>
    exec(command.replace('id -u', 'echo 1000').replace('command -v sudo', 'false'), options);
  await assert.rejects(
    rootShell(remote, async () => 'x'),
    { code: 'privilege-none', message: /Connect as root/ },
  );
});
