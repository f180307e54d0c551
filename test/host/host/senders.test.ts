import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  addSender,
  changePassword,
  checkPassword,
  removeSender,
  restoreSender,
  type SenderChange,
} from '../../../src/host/senders/senders';
import type { HostError } from '../../../src/host/protocol/shell';
import { parseUsers } from '../../../src/chasquid/users/parse';
import type { Host } from '../../sandbox/host';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { connectRoot } from '../../support/connect';
import { login } from '../../support/mailClient';
import { versionOf } from '../../../src/chasquid/versions';

const users = '/etc/chasquid/domains/example.test/users';
const secret = 'Corr€ct "horse" $(battery) \\staple’';
let both: BothSuites | undefined;
let world: BothSuites['world'];
let shells: BothSuites['shells'];

before(async () => {
  both = await bootBoth(host =>
    setUpByHand(host, {
      domain: 'example.test',
      hostname: 'mail.example.test',
      selector: 's',
      senders: { first: 'first password' },
    }),
  );
  ({ world, shells } = both);
});
after(() => both?.close());

const code = (expected: string) => (error: HostError) => {
  assert.equal(error.code, expected, error.message);
  // What happened, why, what to do next.
  assert.match(error.message, /^.+\. .+\. .+\.$/s);
  return true;
};
const fileOf = async (host: Host) => Buffer.from(await host.sh(`base64 -w0 ${users}`), 'base64');
const statOf = (host: Host) => host.sh(`stat -c '%U:%G %a' ${users}`);

/** Looks for `needle` in every command line and environment of the host until stopped. */
function watchProcesses(host: Host, needle: string) {
  const stopped = host.exec(
    `cat > /root/needle; while [ ! -e /run/enough ]; do
       grep -laFf /root/needle /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; echo looked
     done; rm /run/enough /root/needle`,
    { stdin: needle },
  );
  return async () => {
    await host.sh('touch /run/enough');
    const seen = (await stopped).stdout.split('\n').filter(Boolean);
    return { rounds: seen.filter(line => line === 'looked').length, found: seen.filter(line => line !== 'looked') };
  };
}

for (const suite of suites) {
  const of = () => ({ host: world.host(suite), shell: shells.get(suite)! });

  test(`${suite}: a sender added can log in at once; the password is nowhere on the server`, async () => {
    const { host, shell } = of();
    const [bytes, stat] = [await fileOf(host), await statOf(host)];
    const stop = watchProcesses(host, secret);
    const change = await addSender(shell, 'Ne.w@Example.TEST', secret);
    const { rounds, found } = await stop();
    assert.ok(rounds > 0);
    assert.deepEqual(found, []);
    const after = await fileOf(host);
    assert.deepEqual(after.subarray(0, bytes.length), bytes);
    assert.equal(await statOf(host), stat);
    assert.deepEqual<Partial<SenderChange>>(
      { repaired: change.repaired, effect: change.effect },
      { repaired: false, effect: suite === 'bookworm' ? 'restarted' : 'reloaded' },
    );
    assert.equal(
      await host.sh(`cmp ${change.backup!} - && stat -c %a $(dirname ${change.backup!})`, { stdin: bytes }),
      '700\n',
    );
    assert.equal(await login(host, 'ne.w@example.test', secret), 'ok');
    assert.equal(await login(host, 'first@example.test', 'first password'), 'ok');
    assert.match(await login(host, 'ne.w@example.test', `${secret}x`), /^535/);
    await host.sh('rm -f /root/login.py');
    const files = await host.exec(
      'needle=$(cat); grep -rlaF -- "$needle" /etc /var /tmp /root /run/lock /home; test $? = 1 && ! journalctl -o cat | grep -F -- "$needle"',
      { stdin: secret },
    );
    assert.equal(files.code, 0, files.stdout);
  });

  test(`${suite}: chasquid-util takes the file, and agrees about the password`, async () => {
    const { host } = of();
    assert.match(await host.sh('chasquid-util check-userdb example.test'), /Database loaded/);
    const asked = await host.exec('chasquid-util authenticate ne.w@example.test --password="$(cat)"', {
      stdin: secret,
    });
    assert.match(asked.stdout + asked.stderr, /Authentication succeeded/);
  });

  test(`${suite}: checkPassword judges as the daemon does`, async () => {
    const { host, shell } = of();
    assert.deepEqual(await checkPassword(shell, 'ne.w@example.test', secret), { ok: true });
    assert.match((await checkPassword(shell, 'ne.w@example.test', 'of some length')).reason!, /is wrong/);
    assert.match((await checkPassword(shell, 'ghost@example.test', 'of some length')).reason!, /is not a sender/);
    // What root's chasquid-util leaves behind: right password, unreadable file.
    await host.sh(`chown root:root ${users}; chmod 600 ${users}; systemctl restart chasquid`);
    const unreadable = await checkPassword(shell, 'ne.w@example.test', secret);
    assert.equal(unreadable.ok, false);
    assert.match(unreadable.reason!, /password is correct.*chasquid runs as chasquid and cannot read/);
    const seen = suite === 'bookworm' ? await login(host, 'ne.w@example.test', secret) : '535';
    assert.match(seen, /^535/);
    const change = await changePassword(shell, 'ne.w@example.test', `${secret}2`);
    assert.equal(change.repaired, true);
    assert.match(await statOf(host), /^chasquid:chasquid/);
    assert.equal((await checkPassword(shell, 'ne.w@example.test', `${secret}2`)).ok, true);
    await host.sh('systemctl reset-failed chasquid; systemctl restart chasquid');
    assert.equal(await login(host, 'ne.w@example.test', `${secret}2`), 'ok');
    assert.match(await login(host, 'ne.w@example.test', secret), /^535/);
  });

  test(`${suite}: removing takes the login away and leaves the others`, async () => {
    const { host, shell } = of();
    await removeSender(shell, 'ne.w@example.test');
    assert.match(await login(host, 'ne.w@example.test', `${secret}2`), /^535/);
    assert.equal(await login(host, 'first@example.test', 'first password'), 'ok');
    await assert.rejects(removeSender(shell, 'ne.w@example.test'), code('no-sender'));
    await assert.rejects(changePassword(shell, 'ne.w@example.test', 'of some length'), code('no-sender'));
  });

  test(`${suite}: a removal is undone from its backup, with the password`, async () => {
    const { host, shell } = of();
    const before = parseUsers(Buffer.from(await fileOf(host)), versionOf('1.11')).users.map(({ name }) => name);
    const { backup } = await removeSender(shell, 'first@example.test');
    await assert.rejects(restoreSender(shell, 'other@example.test', backup!), code('no-backup'));
    await restoreSender(shell, 'first@example.test', backup!);
    assert.equal(await login(host, 'first@example.test', 'first password'), 'ok');
    const after = parseUsers(Buffer.from(await fileOf(host)), versionOf('1.11')).users.map(({ name }) => name);
    assert.deepEqual(after.sort(), before.sort());
    await assert.rejects(restoreSender(shell, 'first@example.test', backup!), code('sender-exists'));
    await assert.rejects(restoreSender(shell, 'first@example.test', '/var/backups/gone'), code('no-backup'));
  });

  test(`${suite}: what cannot be is refused in words, and changes nothing`, async () => {
    const { host, shell } = of();
    const bytes = await fileOf(host);
    await assert.rejects(addSender(shell, 'first@example.test', 'of some length'), code('sender-exists'));
    await assert.rejects(addSender(shell, 'a@elsewhere.test', 'of some length'), (error: HostError) => {
      assert.match(error.message, /does not know the domain elsewhere\.test\. It has: example\.test\./);
      return code('no-domain')(error);
    });
    for (const address of ['a b@example.test', 'a@example.test\nb', '$(reboot)@x', 'a@../../etc', "a@';reboot;'"]) {
      await assert.rejects(addSender(shell, address, 'of some length'), RangeError, address);
    }
    await assert.rejects(addSender(shell, 'a@example.test', ''), RangeError);
    await host.sh(`echo 'users: {' >> ${users}`);
    await assert.rejects(addSender(shell, 'a@example.test', 'of some length'), code('users-broken'));
    assert.match(
      (await checkPassword(shell, 'first@example.test', 'of some length')).reason!,
      /cannot be understood \(line/,
    );
    await host.sh(`cat > ${users}`, { stdin: bytes });
  });

  test(`${suite}: changes at the same time all arrive`, async () => {
    const { host, shell } = of();
    const names = ['s1', 's2', 's3', 's4'];
    await Promise.all(names.map(name => addSender(shell, `${name}@example.test`, `password of ${name}`)));
    const present = parseUsers(await fileOf(host), versionOf('')).users.map(user => user.name);
    for (const name of names) assert.ok(present.includes(name), name);
    await host.sh('systemctl reset-failed chasquid; systemctl restart chasquid');
    for (const name of names) assert.equal(await login(host, `${name}@example.test`, `password of ${name}`), 'ok');
  });

  test(`${suite}: while chasquid-util waits for a password, nothing is written over it`, async () => {
    const { host, shell } = of();
    await host.sh(`(sleep 60 | script -qec 'chasquid-util user-add other@example.test' /dev/null) >/dev/null 2>&1 & disown
      for _ in $(seq 50); do pgrep -x chasquid-util >/dev/null && exit 0; sleep 0.1; done; exit 1`);
    const bytes = await fileOf(host);
    await assert.rejects(addSender(shell, 'late@example.test', 'of some length'), (error: HostError) => {
      assert.match(error.message, /chasquid-util is changing users on the server \(process \d+\)/);
      return code('file-busy')(error);
    });
    assert.deepEqual(await fileOf(host), bytes);
    await host.sh('pkill -x chasquid-util; pkill -x sleep; true');
    await addSender(shell, 'late@example.test', 'a late password');
  });

  test(`${suite}: a full disk leaves the old file, and is named`, async () => {
    const { host, shell } = of();
    const bytes = await fileOf(host);
    await host.fillDisk();
    try {
      await assert.rejects(addSender(shell, 'full@example.test', 'of some length'), code('disk-full'));
      assert.deepEqual(await fileOf(host), bytes);
      assert.equal(await host.sh(`ls -A $(dirname ${users}) | grep -c draft || true`), '0\n');
    } finally {
      await host.freeDisk();
    }
  });

  test(`${suite}: the first sender of a domain`, async () => {
    const { host, shell } = of();
    await host.sh(`mkdir /etc/chasquid/domains/second.test; chown chasquid: /etc/chasquid/domains/second.test
      systemctl reset-failed chasquid; systemctl restart chasquid; sleep 1`);
    const change = await addSender(shell, 'only@second.test', 'the only password');
    assert.deepEqual(change, { repaired: false, effect: suite === 'bookworm' ? 'restarted' : 'reloaded' });
    assert.equal(await login(host, 'only@second.test', 'the only password'), 'ok');
    assert.equal(
      await host.sh('stat -c "%U:%G %a" /etc/chasquid/domains/second.test/users'),
      'chasquid:chasquid 660\n',
    );
  });

  test(`${suite}: through sudo with a password`, async () => {
    const { host } = of();
    const operator = await connectRoot(host, 'operator');
    try {
      assert.equal(operator.privilege, 'sudo-password');
      await addSender(operator, 'sudo@example.test', 'made through sudo');
      assert.equal((await checkPassword(operator, 'sudo@example.test', 'made through sudo')).ok, true);
    } finally {
      operator.connection.close();
    }
  });
}
