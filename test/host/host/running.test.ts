import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readTextFile, writeTextFile } from '../../../src/host/files/configFiles';
import { followLogs, type FollowState } from '../../../src/host/logs/followLogs';
import type { LogEntry } from '../../../src/host/logs/journal';
import { readQueue } from '../../../src/host/queue';
import { readStatus, restartService } from '../../../src/host/services/services';
import type { HostError } from '../../../src/host/protocol/shell';
import type { SshConnection } from '../../../src/ssh/connection';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { connectRoot } from '../../support/connect';
import { knock } from '../../support/mailClient';

let both: BothSuites | undefined;
let world: BothSuites['world'];
let shells: BothSuites['shells'];

before(async () => {
  both = await bootBoth(host =>
    setUpByHand(host, {
      domain: 'example.test',
      hostname: 'mail.example.test',
      selector: 's',
      senders: { i: 'secret' },
    }),
  );
  ({ world, shells } = both);
});
after(() => both?.close());

const code = (expected: string) => (error: HostError) => {
  assert.equal(error.code, expected, error.message);
  return true;
};

for (const suite of suites) {
  const of = () => ({ host: world.host(suite), shell: shells.get(suite)! });

  test(`${suite}: status of a running service, and a restart that stays up`, async context => {
    const { shell } = of();
    const before = await readStatus(shell);
    assert.deepEqual(
      { ...before, lines: [], pid: 0, since: 0, restarts: 0 },
      {
        state: 'active',
        subState: 'running',
        enabled: true,
        listening: [25, 465, 587].map(port => ({ port, loopback: false })),
        lines: [],
        pid: 0,
        since: 0,
        restarts: 0,
      },
    );
    assert.ok(before.lines.some(line => /listening on/.test(line.text)));
    const start = performance.now();
    const after = await restartService(shell);
    context.diagnostic(`restart: ${Math.round(performance.now() - start)} ms`);
    assert.equal(after.state, 'active');
    assert.notEqual(after.pid, before.pid);
    assert.ok(after.since! >= before.since!);
  });

  test(`${suite}: a file is written whole, with owner and mode kept, unless it changed meanwhile`, async () => {
    const { host, shell } = of();
    const path = 'domains/example.test/aliases';
    const absent = await readTextFile(shell, path);
    assert.deepEqual(absent, { bytes: undefined, hash: 'absent' });
    const content = Buffer.from(`a: b@x.test\n# ünïcode \\ "$(touch /tmp/ran)" '\n\x01\xff`, 'latin1');
    const made = await writeTextFile(shell, path, content, { expectedHash: absent.hash });
    assert.deepEqual([made.backup, made.readable], [undefined, true]);
    const read = await readTextFile(shell, path);
    assert.deepEqual(Buffer.from(read.bytes!), content);
    assert.equal(read.hash, made.hash);

    // A link is followed where only root can have made it.
    await host.sh(
      `cd /etc/chasquid/${path.replace('/aliases', '')}; chown root: .. .; chown root:chasquid aliases; chmod 640 aliases; mv aliases /srv/real; ln -s /srv/real aliases`,
    );
    const big = Buffer.from('a: b@x.test\n'.repeat(100_000));
    const changed = await writeTextFile(shell, path, big, { expectedHash: made.hash });
    assert.equal(
      await host.sh(`stat -c '%U:%G %a %s' /srv/real; readlink /etc/chasquid/${path}`),
      `root:chasquid 640 ${big.length}\n/srv/real\n`,
    );
    assert.equal(await host.sh(`cat ${changed.backup!} | base64 -w0`), content.toString('base64'));

    await host.sh(`echo '# by hand' >> /etc/chasquid/${path}`);
    await assert.rejects(
      writeTextFile(shell, path, Buffer.from('x'), { expectedHash: changed.hash }),
      code('file-changed'),
    );
    assert.match(await host.sh('tail -n 1 /srv/real'), /by hand/);
    await assert.rejects(readTextFile(shell, 'domains'), code('not-a-file'));
    await assert.rejects(
      writeTextFile(shell, 'nowhere/aliases', Buffer.from('x'), { expectedHash: 'absent' }),
      code('no-folder'),
    );
    await host.sh(
      `test ! -e /tmp/ran; rm /etc/chasquid/${path} /srv/real; chown chasquid: /etc/chasquid/domains /etc/chasquid/domains/example.test; ls -A /etc/chasquid /etc/chasquid/domains/example.test | grep draft && exit 1 || true`,
    );
  });

  test(`${suite}: a restart that does not stay up says why`, async () => {
    const { host, shell } = of();
    const conf = await readTextFile(shell, 'chasquid.conf');
    const written = await writeTextFile(
      shell,
      'chasquid.conf',
      Buffer.concat([conf.bytes!, Buffer.from('hostnam: "x"\n')]),
      {
        expectedHash: conf.hash,
      },
    );
    const broken = await restartService(shell);
    assert.ok(['failed', 'activating'].includes(broken.state), broken.state);
    assert.equal(broken.failure?.code, 'chasquid-config');
    assert.match(broken.failure.what, /unknown field: hostnam/);
    await writeTextFile(shell, 'chasquid.conf', conf.bytes!, { expectedHash: written.hash });
    await host.sh('mv /etc/chasquid/domains/example.test /srv/example.test');
    assert.equal((await restartService(shell)).failure?.code, 'chasquid-no-domain');
    await host.sh('mv /srv/example.test /etc/chasquid/domains/example.test');
    assert.equal((await restartService(shell)).state, 'active');
    await host.sh('systemctl stop chasquid.service');
    const stopped = await readStatus(shell);
    assert.equal(stopped.state, 'inactive');
    assert.equal(stopped.failure, undefined);
    assert.equal((await restartService(shell)).state, 'active');
  });

  test(`${suite}: the queue as it is on disk`, async () => {
    const { host, shell } = of();
    assert.deepEqual(await readQueue(shell), { items: [], length: 0 });
    await world.receiver.mode('greylist');
    await host.sh(`cat > /root/send.py; python3 /root/send.py`, {
      stdin: `
import smtplib, ssl
context = ssl.create_default_context(); context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
with smtplib.SMTP_SSL('127.0.0.1', 465, context=context) as server:
    server.login('i@example.test', 'secret')
    server.sendmail('i@example.test', ['you@sink.test'], 'From: i@example.test\\nSubject: queue\\n\\n' + 'data: from: "x"\\n' * 3)
`,
    });
    let queue = await readQueue(shell);
    for (let n = 0; n < 50 && !queue.items[0]?.recipients[0]?.lastFailure; n++) {
      await new Promise(resolve => setTimeout(resolve, 200));
      queue = await readQueue(shell);
    }
    await world.receiver.mode('accept');
    assert.equal(queue.length, 1);
    const [item] = queue.items;
    assert.match(item!.id, /^[\w-]{11}$/);
    assert.deepEqual([item!.from, item!.to], ['i@example.test', ['you@sink.test']]);
    assert.ok(Math.abs(item!.created - Date.now()) < 120_000);
    const [recipient] = item!.recipients;
    assert.deepEqual([recipient!.address, recipient!.type, recipient!.status], ['you@sink.test', 'email', 'pending']);
    assert.match(recipient!.lastFailure!, /Greylisted, please try again later/);
  });

  test(`${suite}: the log is followed across lost connections, each line once and in order`, async context => {
    const { host } = of();
    const entries: LogEntry[] = [];
    const states: FollowState['kind'][] = [];
    const stop = new AbortController();
    const opened: SshConnection[] = [];
    const following = followLogs({
      shell: async () => {
        const shell = await connectRoot(host);
        opened.push(shell.connection);
        return shell;
      },
      lines: 5,
      signal: stop.signal,
      onEntries: batch => entries.push(...batch),
      onState: state => states.push(state.kind),
    });
    const until = async (what: string, done: () => boolean) => {
      for (let n = 0; n < 600 && !done(); n++) await new Promise(resolve => setTimeout(resolve, 50));
      assert.ok(done(), what);
    };
    const numbers = () =>
      entries.flatMap(entry => {
        const to = entry.event?.kind === 'rejected' ? /nobody(\d+)@/.exec(entry.event.to[0] ?? '') : null;
        return to ? [Number(to[1])] : [];
      });
    await until('the last lines', () => entries.length >= 5);
    assert.equal(entries.length, 5);
    const knocking = knock(host, 0, 120);
    await until('the first knocks', () => numbers().length > 10);
    for (let drop = 0; drop < 2; drop++) {
      await host.dropConnections();
      const before = numbers().length;
      await until('the loss is told', () => states.filter(state => state === 'lost').length > drop);
      await until('it goes on', () => numbers().length > before);
    }
    await knocking;
    await until('all knocks', () => numbers().length >= 120);
    assert.deepEqual(numbers(), [...Array(120).keys()]);
    assert.equal(new Set(entries.map(entry => entry.cursor)).size, entries.length);
    context.diagnostic(`states: ${states.join(' ')}`);
    assert.ok(entries.some(entry => entry.severity === 'warning'));
    stop.abort();
    await following;
    for (const connection of opened) connection.close();
    const left = await host.sh(
      'for _ in $(seq 30); do pgrep -x journalctl >/dev/null || exit 0; sleep 0.1; done; pgrep -ax journalctl; exit 0',
    );
    assert.equal(left, '');
  });

  test(`${suite}: a restart of the machine does not end the following`, async () => {
    const { host } = of();
    const entries: LogEntry[] = [];
    const states: string[] = [];
    const stop = new AbortController();
    const following = followLogs({
      shell: () => connectRoot(host),
      lines: 0,
      signal: stop.signal,
      onEntries: batch => entries.push(...batch),
      onState: state => states.push(state.kind === 'lost' ? state.reason : state.kind),
    });
    for (let n = 0; n < 200 && !states.length; n++) await new Promise(resolve => setTimeout(resolve, 50));
    assert.deepEqual(states, ['following']);
    await host.reboot();
    await knock(host, 500, 502);
    for (let n = 0; n < 1200 && !entries.some(entry => entry.text.includes('nobody501@')); n++) {
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    stop.abort();
    await following;
    assert.ok(
      entries.some(entry => entry.text.includes('nobody501@')),
      entries.map(entry => entry.text).join('\n'),
    );
    assert.equal(new Set(entries.map(entry => entry.cursor)).size, entries.length);
  });
}
