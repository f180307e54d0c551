import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { backUpConfiguration, backupKey, listBackups, restoreConfiguration } from '../../../src/host/configBackup';
import { restartService } from '../../../src/host/services';
import type { HostError } from '../../../src/host/shell';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { login } from '../../support/mailClient';

let both: BothSuites | undefined;

before(async () => {
  both = await bootBoth(host =>
    setUpByHand(host, {
      domain: 'example.test',
      hostname: 'mail.example.test',
      selector: 's',
      senders: { i: 'secret' },
    }),
  );
});
after(() => both?.close());

const code = (expected: string) => (error: HostError) => {
  assert.equal(error.code, expected, error.message);
  return true;
};

for (const suite of suites) {
  const of = () => ({ host: both!.world.host(suite), shell: both!.shells.get(suite)! });
  const tree = () => of().host.sh('cd /etc/chasquid; find . -path ./.git -prune -o -printf "%p %y %m %u %g\\n" | sort');

  test(`${suite}: without git it says so, and installs it when told to`, async () => {
    const { host, shell } = of();
    await host.sh('apt-get -qq -y purge git git-man >/dev/null 2>&1 || true');
    await assert.rejects(backUpConfiguration(shell, { message: 'first' }), code('no-git'));
    const was = await tree();
    const { commit, changed, pushed } = await backUpConfiguration(shell, { message: 'first', installGit: true });
    assert.deepEqual([changed, commit.message, pushed], [true, 'first', undefined]);
    assert.equal(await tree(), was, 'the folder itself is as it was');
  });

  test(`${suite}: every state is kept once, without private keys`, async () => {
    const { host, shell } = of();
    assert.equal((await backUpConfiguration(shell, { message: 'again' })).changed, false);
    await host.sh("printf 'a: i\\n' > /etc/chasquid/domains/example.test/aliases");
    assert.equal((await backUpConfiguration(shell, { message: `with "quotes" $(x) and ümlaut` })).changed, true);
    assert.deepEqual(
      (await listBackups(shell)).map(each => each.message),
      [`with "quotes" $(x) and ümlaut`, 'first'],
    );
    const files = await host.sh('git -C /etc/chasquid -c safe.directory="*" ls-files');
    assert.match(files, /domains\/example\.test\/users/);
    assert.match(files, /fullchain\.pem/);
    assert.doesNotMatch(files, /privkey|dkim:/);
    assert.equal((await host.sh('find /etc/chasquid/.git -perm /077 | head -n 1')).trim(), '', 'for root only');
  });

  test(`${suite}: a state is restored as it was, and what was there before is kept too`, async () => {
    const { host, shell } = of();
    const was = await tree();
    const before = await listBackups(shell);
    await host.sh(`cd /etc/chasquid/domains; rm example.test/users; echo 'broken' > example.test/aliases
      mkdir -p later.test; echo 'x: y' > later.test/aliases; printf 'hostnam: "x"\\n' >> ../chasquid.conf`);
    const { files } = await restoreConfiguration(shell, before[0]!.id);
    assert.deepEqual(files.sort(), [
      'chasquid.conf',
      'domains/example.test/aliases',
      'domains/example.test/users',
      'domains/later.test/aliases',
    ]);
    await host.sh('rmdir /etc/chasquid/domains/later.test 2>/dev/null || true');
    const readable = await host.sh(
      'runuser -u chasquid -- cat /etc/chasquid/domains/example.test/users | grep -c key:',
    );
    assert.equal(readable.trim(), '1');
    assert.equal((await restartService(shell)).state, 'active');
    assert.equal(await login(host, 'i@example.test', 'secret'), 'ok');
    const now = await tree();
    // The users file was gone: it comes back with the mode that keeps others out.
    const without = (text: string) => text.replace(/.*\/users .*\n/g, '').replace(/^(\S+ d \S+).*$/gm, '$1');
    assert.equal(without(now), without(was));
    const [, lost] = await listBackups(shell);
    assert.match(lost!.message, /^Before restoring /);
    const again = await restoreConfiguration(shell, lost!.id);
    assert.equal(again.files.length, 4, 'and back again');
    assert.match(await host.sh('cat /etc/chasquid/chasquid.conf'), /hostnam:/);
    await restoreConfiguration(shell, before[0]!.id);
    await assert.rejects(restoreConfiguration(shell, 'f'.repeat(40)), code('no-backup'));
    await assert.rejects(restoreConfiguration(shell, '--all'), RangeError);
  });

  test(`${suite}: a remote repository takes it, or tells why not`, async () => {
    const { host, shell } = of();
    await host.sh('command git init -q --bare -b main /srv/copy.git');
    const { pushed } = await backUpConfiguration(shell, { message: 'pushed', remote: 'file:///srv/copy.git' });
    assert.deepEqual(pushed, { ok: true, said: '' });
    const theirs = await host.sh('git --git-dir=/srv/copy.git rev-parse main');
    assert.equal(theirs.trim(), (await listBackups(shell))[0]!.id);
    assert.match((await backupKey(shell))!, /^ssh-ed25519 \S+ chasquid backup of /);
    await host.sh('rm -rf /srv/copy.git; touch /etc/chasquid/domains/example.test/new');
    const refused = await backUpConfiguration(shell, { message: 'kept here' });
    assert.deepEqual([refused.changed, refused.pushed!.ok], [true, false]);
    assert.match(refused.pushed!.said, /does not appear to be a git repository|not exist/);
    await assert.rejects(backUpConfiguration(shell, { message: 'x', remote: '--upload-pack=evil' }), RangeError);
  });

  test(`${suite}: a folder that lies in somebody's own repository stays theirs`, async () => {
    const { host, shell } = of();
    await host.sh(`mkdir -p /srv/ops/conf && mv /etc/chasquid /srv/ops/conf/chasquid && rm -rf /srv/ops/conf/chasquid/.git
      ln -s /srv/ops/conf/chasquid /etc/chasquid; cd /srv/ops; echo other > other; git init -q .`);
    const { commit } = await backUpConfiguration(shell, { message: 'adopted' });
    assert.equal(commit.message, 'adopted');
    assert.equal((await host.sh('cd /srv/ops; git status --porcelain')).trim(), '?? other');
    const files = await host.sh('cd /srv/ops; git ls-files');
    assert.doesNotMatch(files, /privkey|dkim:|other/);
    await host.sh('rm /etc/chasquid; mv /srv/ops/conf/chasquid /etc/chasquid');
  });
}
