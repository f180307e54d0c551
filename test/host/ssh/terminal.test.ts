// A terminal over our own connection, on a real sshd; what it shows is drawn by a real terminal emulator.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Terminal as Screen } from '@xterm/headless';
import { SshConnection } from '../../../src/ssh/connection';
import { ChannelError, ConnectionLostError } from '../../../src/ssh/errors';
import type { RemoteTerminal } from '../../../src/ssh/terminal';
import { Person, targetOf } from '../../support/sshPerson';
import { startLibraryServer } from '../../support/sshLibraryServer';
import { type Sshd, startSshd } from '../../support/sshd';

let sshd: Sshd;
let connection: SshConnection;
const open: RemoteTerminal[] = [];
before(async () => {
  sshd = await startSshd({ config: ['AcceptEnv LC_TEST'] });
  // The start-up file of bash: a prompt that says when it is ready, and nothing of this machine's own.
  writeFileSync(join(sshd.dir, '.bashrc'), `PS1='ready> '; unset PROMPT_COMMAND\n`);
  writeFileSync(join(sshd.dir, '.bash_profile'), '. ~/.bashrc\n');
  writeFileSync(join(sshd.dir, '.profile'), `PS1='ready> '\n`);
  connection = await SshConnection.connect(targetOf(sshd), new Person());
});
after(async () => {
  connection?.close();
  await sshd?.stop();
});
afterEach(async () => {
  for (const terminal of open.splice(0)) {
    terminal.close();
    await terminal.ended.catch(() => undefined);
  }
});

const size = { columns: 100, rows: 30 };

/** A terminal with a screen that can be read. */
async function openScreen(on = connection, at = size) {
  const screen = new Screen({ cols: at.columns, rows: at.rows, scrollback: 1000, allowProposedApi: true });
  const terminal = await on.terminal(at, bytes => new Promise(resolve => screen.write(bytes, resolve)));
  open.push(terminal);
  screen.onData(data => terminal.write(data));
  const text = (): string => {
    const { active } = screen.buffer;
    return [...Array(active.length).keys()]
      .map(y => active.getLine(y)!.translateToString(true))
      .join('\n')
      .trimEnd();
  };
  const shows = async (pattern: RegExp): Promise<string> => {
    const end = performance.now() + 20_000;
    while (!pattern.test(text())) {
      assert.ok(performance.now() < end, `${pattern} did not come; the screen shows:\n${text()}`);
      await delay(20);
    }
    return text();
  };
  await shows(/ready> $|ready>$/);
  const run = (command: string): void => terminal.write(`${command}\r`);
  return { terminal, screen, text, shows, run };
}

describe('a terminal', () => {
  it('is one of the kind and size that was asked for', async () => {
    const { shows, run } = await openScreen();
    run('echo "$TERM $(stty size)"; tty');
    await shows(/^xterm-256color 30 100\n\/dev\/pts\/\d+$/m);
  });

  it('tells its programs when its size changes', async () => {
    const { terminal, shows, run } = await openScreen();
    run(`sh -c 'trap "stty size" WINCH; echo waiting; while :; do sleep 0.1; done'`);
    await shows(/^waiting$/m);
    terminal.resize({ columns: 70, rows: 20 });
    await shows(/^20 70$/m);
  });

  it('interrupts what runs with Ctrl+C', async () => {
    const { terminal, shows, run } = await openScreen();
    run('echo begun; sleep 1000');
    await shows(/^begun$/m);
    terminal.write('\u0003');
    await shows(/\^C/);
    run('echo "ended with $?"');
    await shows(/^ended with 130$/m);
  });

  it('carries the keys of a full-screen editor, and what it draws', async () => {
    const file = join(sshd.dir, 'note');
    const { terminal, screen, shows, run } = await openScreen();
    run(`vi -u NONE -N ${file}`);
    await shows(/^~ *$/m);
    assert.equal(screen.buffer.active.type, 'alternate');
    terminal.write('ione\rtwo\u001b');
    terminal.write('\u001bOA');
    terminal.write('yyp');
    terminal.write(':wq\r');
    await shows(/ready>\s*$/);
    assert.equal(screen.buffer.active.type, 'normal');
    assert.equal(readFileSync(file, 'utf8'), 'one\none\ntwo\n');
  });

  it('keeps every byte of UTF-8 text both ways, wherever it is parted', async () => {
    const file = join(sshd.dir, 'utf8');
    const line = 'ß🐦გამარჯობა 邮件';
    const { terminal, shows, run } = await openScreen();
    run(`stty -echo; echo listening; cat > ${file}; stty echo`);
    await shows(/^listening$/m);
    for (const character of `${line}\n`) terminal.write(character);
    terminal.write('\u0004');
    await shows(/ready>\s*$/);
    assert.equal(readFileSync(file, 'utf8'), `${line}\n`);
    writeFileSync(file, `${line}\n`.repeat(20_000));
    const pieces: Buffer[] = [];
    const other = await connection.terminal(size, bytes => void pieces.push(Buffer.from(bytes)));
    open.push(other);
    other.write(`stty -onlcr; cat ${file}; exit\r`);
    await other.ended;
    assert.ok(Buffer.concat(pieces).toString('utf8').includes(`${line}\n`.repeat(20_000)));
  });

  it('says how its shell ended', async () => {
    for (const [last, end] of [
      ['exit 0', { code: 0 }],
      ['exit 7', { code: 7 }],
      ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
    ] as const) {
      const { terminal, run } = await openScreen();
      run(last);
      assert.deepEqual(await terminal.ended, end);
    }
  });

  it('shows all of 10 MB, in order, before it says that it ended', async t => {
    const hash = createHash('sha256');
    let bytes = 0;
    let begun = false;
    const started = performance.now();
    const terminal = await connection.terminal(size, piece => {
      // From the marker on: before it stand the prompt and the echo.
      const at = begun ? 0 : piece.indexOf('\u0002') + 1;
      if (at === 0 && !begun) return;
      begun = true;
      hash.update(piece.subarray(at));
      bytes += piece.length - at;
    });
    open.push(terminal);
    const file = join(sshd.dir, 'large');
    writeFileSync(file, Array.from({ length: 200_000 }, (_, n) => `${String(n).padStart(49, '.')}\n`).join(''));
    terminal.write(`stty -onlcr -echo; printf '\\002'; cat ${file}; exec true\r`);
    assert.deepEqual(await terminal.ended, { code: 0 });
    t.diagnostic(`10 MB through a terminal: ${Math.round(performance.now() - started)} ms`);
    assert.equal(bytes, 10_000_000);
    assert.equal(hash.digest('hex'), createHash('sha256').update(readFileSync(file)).digest('hex'));
  });

  it('has the server wait while nothing is taken, and goes on then', async t => {
    let taken = 0;
    let go: () => void = () => undefined;
    const gate = new Promise<void>(resolve => (go = resolve));
    let gated = false;
    const terminal = await connection.terminal(size, async piece => {
      taken += piece.length;
      if (taken > 100_000 && !gated) {
        gated = true;
        await gate;
      }
    });
    open.push(terminal);
    const counter = join(sshd.dir, 'written');
    writeFileSync(counter, '');
    // Writes down how much it could write, after each 64 KB.
    terminal.write(
      `stty -onlcr -echo; i=0; while [ $i -lt 300 ]; do head -c 65536 /dev/zero | tr '\\0' x; i=$((i+1)); echo $i > ${counter}; done; exec true\r`,
    );
    const written = (): number => Number(readFileSync(counter, 'utf8')) * 65_536;
    let before = -1;
    // It stands still when nothing more was written for a second.
    for (let now = 0; now !== before || now === 0; now = written()) {
      before = now;
      await delay(1_000);
    }
    const stood = written();
    t.diagnostic(`the server waited after ${Math.round(stood / 1024)} KB`);
    assert.ok(stood < 6_000_000, `${stood}`);
    // Commands on the same connection are not held up by it.
    assert.equal((await connection.exec('echo here')).stdout, 'here\n');
    go();
    assert.deepEqual(await terminal.ended, { code: 0 });
    assert.ok(taken >= 300 * 65_536);
  });

  it('ends its programs when it is closed', async () => {
    const { terminal, shows, run } = await openScreen();
    run('echo begun; sleep 1017');
    await shows(/^begun$/m);
    terminal.close();
    assert.equal((await terminal.ended).code, null);
    const end = performance.now() + 5_000;
    for (;;) {
      const { stdout } = await connection.exec(`pgrep -f '[s]leep 1017'`);
      if (stdout === '') break;
      assert.ok(performance.now() < end, 'the program goes on');
      await delay(50);
    }
  });

  it('is one of several on a connection; commands always find room beside them', async () => {
    const screens = [];
    for (let n = 0; n < 5; n++) screens.push(await openScreen());
    await assert.rejects(
      connection.terminal(size, () => undefined),
      (error: Error) => {
        assert.ok(error instanceof ChannelError);
        assert.match(error.message, /^No further terminal was opened on .*\. 5 are open .*\. Close one/);
        return true;
      },
    );
    screens.forEach(({ run }, n) => run(`echo this is ${n + 1}`));
    for (const [n, { shows }] of screens.entries()) await shows(new RegExp(`^this is ${n + 1}$`, 'm'));
    const results = await Promise.all([...Array(8).keys()].map(n => connection.exec(`sleep 0.1; echo ${n}`)));
    assert.deepEqual(
      results.map(({ stdout }) => stdout),
      [...Array(8).keys()].map(n => `${n}\n`),
    );
    screens[0]!.terminal.close();
    await screens[0]!.terminal.ended;
    await openScreen();
  });

  it('says that the connection was lost', async () => {
    const other = await SshConnection.connect(targetOf(sshd), new Person());
    const { terminal, shows, run } = await openScreen(other);
    run('echo "leader $PPID"');
    const [, leader] = /^leader (\d+)$/m.exec(await shows(/^leader \d+$/m))!;
    process.kill(Number(leader), 'SIGKILL');
    await assert.rejects(terminal.ended, ConnectionLostError);
    // Nothing is to be sent to it any more, and nothing happens when it is tried.
    terminal.write('x');
    terminal.resize(size);
    await assert.rejects(
      other.terminal(size, () => undefined),
      ConnectionLostError,
    );
  });

  it('gets the variables that the configuration sends and the server accepts', async () => {
    const config = join(sshd.dir, 'client_config');
    writeFileSync(config, 'Host *\n  SetEnv LC_TEST="sent as one" LC_OTHER=refused\n');
    const other = await SshConnection.connect(targetOf(sshd, { configFile: config }), new Person());
    try {
      const { shows, run } = await openScreen(other);
      run('echo "[$LC_TEST] [$LC_OTHER]"');
      await shows(/^\[sent as one\] \[\]$/m);
    } finally {
      other.close();
    }
  });
});

describe('a server that floods a terminal', () => {
  for (const way of ['output', 'error output'] as const) {
    it(`has to wait, also with its ${way}`, async t => {
      let sent = 0;
      const server = await startLibraryServer(
        context => context.accept(),
        {},
        channel => {
          const stream = way === 'output' ? channel : channel.stderr;
          const chunk = Buffer.alloc(32_768, 'x');
          const pump = (): void => {
            do sent += chunk.length;
            while (stream.write(chunk));
            stream.once('drain', pump);
          };
          pump();
        },
      );
      const target = targetOf({ ...sshd, port: server.port });
      const other = await SshConnection.connect(target, new Person());
      try {
        // The first piece is never done with.
        const terminal = await other.terminal(size, () => new Promise(() => undefined));
        open.push(terminal);
        let before = -1;
        while (sent !== before) {
          before = sent;
          await delay(500);
        }
        t.diagnostic(`it waited after ${Math.round(sent / 1024)} KB`);
        assert.ok(sent > 0 && sent < 10_000_000, `${sent}`);
        terminal.close();
      } finally {
        other.close();
        await server.stop();
      }
    });
  }
});
