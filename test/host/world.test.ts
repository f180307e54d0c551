import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Sandbox } from '../sandbox';
import { tinycoreGreeting } from '../sandbox/host';
import { firstLine } from '../sandbox/net';
import { passwords } from '../sandbox/passwords';
import { must, run } from '../sandbox/processes';
import { ssh } from '../support/ssh';
import { traces } from '../support/traces';

describe('a world', () => {
  let world: Sandbox;
  let empty: Awaited<ReturnType<typeof traces>>;

  before(async () => {
    empty = await traces();
    const start = Date.now();
    world = await Sandbox.boot({
      hosts: [
        { name: 'old', suite: 'bookworm', hostname: 'old.example.test' },
        { name: 'new', suite: 'trixie', passwordLogin: true, diskMb: 200 },
        { name: 'raw', suite: 'trixie', greeting: 'tinycore' },
      ],
    });
    console.log(
      `booted in ${Date.now() - start} ms; ${world
        .all()
        .map(({ name, bootMs }) => `${name} ${bootMs} ms`)
        .join(', ')}`,
    );
  });
  after(() => world?.close());

  for (const name of ['old', 'new']) {
    test(`${name} is a healthy Debian with names and addresses of its own`, async () => {
      const host = world.host(name);
      assert.equal((await host.sh('systemctl is-system-running --wait || systemctl --failed')).trim(), 'running');
      assert.equal((await host.sh('hostname')).trim(), host.hostname);
      assert.match(await host.sh('. /etc/os-release; echo $VERSION_CODENAME'), new RegExp(host.suite));
      const addresses = await host.sh('ip -o addr show dev eth0 scope global');
      assert.ok(addresses.includes(`${host.ipv4}/24`) && addresses.includes(`${host.ipv6}/64`), addresses);
    });

    test(`${name} admits its people with the key, over IPv4 and IPv6, with the rights that each has`, async () => {
      const host = world.host(name);
      for (const user of ['root', 'debian', 'operator', 'plain']) {
        for (const address of [host.ipv4, host.ipv6]) {
          assert.equal((await ssh(host, user, 'id -un', { address })).stdout.trim(), user);
        }
      }
      assert.equal((await ssh(host, 'debian', 'sudo -n id -u')).stdout.trim(), '0');
      assert.notEqual((await ssh(host, 'operator', 'sudo -n id -u')).code, 0);
      assert.equal(
        (await ssh(host, 'operator', 'sudo -S id -u', { stdin: `${passwords.operator}\n` })).stdout.trim(),
        '0',
      );
      assert.notEqual((await ssh(host, 'plain', 'sudo -S id -u', { stdin: `${passwords.plain}\n` })).code, 0);
    });

    test(`${name} shows the host keys that the world tells of`, async () => {
      const host = world.host(name);
      const shown = await must('ssh-keyscan', [host.ipv4]);
      assert.equal(host.hostKeys.length, 3);
      for (const { line, sha256 } of host.hostKeys) {
        assert.ok(shown.includes(`${host.ipv4} ${line}`));
        assert.match(sha256, /^SHA256:[\w+/]{43}$/);
      }
    });
  }

  test('passwords are taken where the host was asked to, and only there', async () => {
    const offered = async (name: string) => {
      const args = [
        '-o',
        'PreferredAuthentications=none',
        '-o',
        'StrictHostKeyChecking=no',
        '-o',
        'UserKnownHostsFile=/dev/null',
      ];
      return (await run('ssh', ['-F', '/dev/null', ...args, `plain@${world.host(name).ipv4}`, 'true'])).stderr;
    };
    assert.match(await offered('new'), /\(publickey,password,keyboard-interactive\)/);
    assert.match(await offered('old'), /\(publickey\)/);
  });

  test('no host reaches the machine or the network around the sandbox, nor its clock', async () => {
    const host = world.host('old');
    const { code } = await host.exec('timeout 3 bash -c "</dev/tcp/192.0.2.1/80"');
    assert.notEqual(code, 0);
    assert.notEqual((await ssh(host, 'root', 'date -s 2001-01-01')).code, 0);
    assert.ok(Math.abs(Date.now() / 1000 - Number(await host.sh('date +%s'))) < 5);
  });

  test('an update of the DNS is seen at once, here and on a host, and unknown names do not exist', async () => {
    assert.deepEqual(await world.dns.query('mail.example.test', 'A'), []);
    await world.dns.update('add mail.example.test. 1 A 10.77.0.2', 'add mail.example.test. 1 AAAA fd00:77::2');
    assert.deepEqual(await world.dns.query('mail.example.test', 'AAAA'), ['fd00:77::2']);
    assert.match(await world.host('new').sh('getent ahostsv4 mail.example.test'), /^10\.77\.0\.2 /);
    await world.dns.addText('long.example3.test', `k="${'x'.repeat(700)}\\`);
    assert.deepEqual(await world.dns.query('long.example3.test', 'TXT'), [`k="${'x'.repeat(700)}\\`]);
    assert.equal((await world.host('new').exec('getent hosts no-such-name.example')).code, 2);
    for (const address of [
      '10.0.77.10.in-addr.arpa',
      `0.1${'.0'.repeat(14)}.0.0.0.0.0.0.0.0.7.7.0.0.0.0.d.f.ip6.arpa`,
    ]) {
      assert.deepEqual(await world.dns.query(address, 'PTR'), ['mx.sink.test']);
    }
  });

  test('sessions can be cut while what they run goes on', async () => {
    const host = world.host('new');
    const session = ssh(host, 'root', 'echo started >/tmp/mark; sleep 2; echo finished >/tmp/mark; sleep 60');
    while ((await host.exec('cat /tmp/mark')).code !== 0) await new Promise(resolve => setTimeout(resolve, 50));
    assert.ok((await host.dropConnections()) > 0);
    assert.equal((await session).code, 255);
    assert.equal((await ssh(host, 'root', 'true')).code, 0);
    await new Promise(resolve => setTimeout(resolve, 2500));
    assert.equal((await host.sh('cat /tmp/mark')).trim(), 'finished');
  });

  test('ports can be closed, in and out, and opened again', async () => {
    const host = world.host('new');
    const out = () => host.exec('timeout 2 bash -c "</dev/tcp/10.77.0.10/25"');
    assert.equal((await out()).code, 0);
    await host.closePorts('out', [25]);
    assert.equal((await out()).code, 124);
    await host.openPorts();
    await host.closePorts('out', [25], 'reject');
    assert.equal((await out()).code, 1);
    await host.closePorts('in', [22]);
    assert.equal(await firstLine(host.ipv4, 22, 500), undefined);
    await host.openPorts();
    assert.match((await firstLine(host.ipv4, 22)) ?? '', /^SSH-2/);
    assert.equal((await out()).code, 0);
  });

  test('the cable can be pulled and plugged in again', async () => {
    const host = world.host('new');
    await host.cable(false);
    assert.equal(await firstLine(host.ipv6, 22, 500), undefined);
    await host.cable(true);
    assert.match((await firstLine(host.ipv6, 22, 5000)) ?? '', /^SSH-2/);
  });

  test('a disk can be full, and is freed again', async () => {
    const host = world.host('new');
    assert.ok(Number(await host.sh('df --output=avail -m / | tail -1')) <= 200);
    await host.fillDisk();
    assert.match((await host.exec('echo word >/root/file')).stderr, /No space left on device/);
    await host.freeDisk();
    await host.sh('echo word >/root/file');
  });

  test('a restart keeps the disk and brings ssh back', async () => {
    const host = world.host('new');
    const id = await host.sh('cat /proc/sys/kernel/random/boot_id; stat -c %Z /proc/1; echo kept >/root/mark');
    await host.reboot();
    assert.notEqual(await host.sh('cat /proc/sys/kernel/random/boot_id; stat -c %Z /proc/1'), id);
    assert.equal((await ssh(host, 'root', 'cat /root/mark')).stdout.trim(), 'kept');
  });

  test('a host whose keys have changed shows the new ones', async () => {
    const host = world.host('new');
    const before = host.hostKeys.map(({ sha256 }) => sha256);
    await host.changeHostKeys();
    assert.ok(host.hostKeys.every(({ sha256 }) => !before.includes(sha256)));
    const shown = await must('ssh-keyscan', [host.ipv4]);
    assert.ok(host.hostKeys.every(({ line }) => shown.includes(line)));
  });

  test('a host that is still being installed greets as TinyCore does, until it is done', async () => {
    const host = world.host('raw');
    const greeting = async () => {
      const args = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
      return await run('ssh', [
        '-F',
        '/dev/null',
        '-i',
        host.clientKeyFile,
        ...args,
        `root@${host.ipv4}`,
        '. /etc/os-release; echo $ID',
      ]);
    };
    const installing = await greeting();
    assert.ok(installing.stderr.includes(tinycoreGreeting));
    assert.equal(installing.stdout.trim(), 'tinycore');
    await host.finishInstalling();
    const done = await greeting();
    assert.ok(!done.stderr.includes(tinycoreGreeting));
    assert.equal(done.stdout.trim(), 'debian');
  });

  test('a second world is refused in the same namespace', async () => {
    await assert.rejects(Sandbox.boot(), /already runs/);
    assert.equal((await ssh(world.host('old'), 'root', 'true')).code, 0);
  });

  test('nothing of it is left once it is closed', async () => {
    const alive = await traces();
    assert.ok(alive.processes.length > 20 && alive.cgroups.length > 2 && alive.links.length > empty.links.length);
    const start = Date.now();
    await world.close();
    console.log(`closed in ${Date.now() - start} ms`);
    assert.deepEqual(await traces(), empty);
  });
});

test('a world is refused where other networks can be reached', async () => {
  const program = `import('${import.meta.dirname}/../sandbox/index.ts').then(m => m.Sandbox.boot()).catch(e => { console.log(e.message); process.exit(3) })`;
  const env = { ...process.env, CHASQUID_SANDBOX_RUN: undefined };
  const child = spawn(process.execPath, ['--import', 'tsx', '-e', program], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', chunk => (said += chunk));
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 3);
  assert.match(said, /not inside a sealed network namespace/);
});
