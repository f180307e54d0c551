import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  backUpConfiguration,
  backupKey,
  formerBackups,
  listBackups,
  restoreConfiguration,
} from '../../../src/host/backup/configBackup';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { GitRemote } from '../../support/gitRemote';

const domain = 'example.test';
const store = '/var/lib/chasquid-setup/backup.git';
const install = 'DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install';
let both: BothSuites | undefined;

before(async () => {
  both = await bootBoth(async host => {
    await setUpByHand(host, { domain, hostname: 'mail.example.test', selector: 's', senders: { i: 'secret' } });
    await host.sh(`${install} git`);
  });
});
after(() => both?.close());

for (const suite of suites) {
  const of = () => ({ host: both!.world.host(suite), shell: both!.shells.get(suite)! });
  const fingerprint = (folder: string) =>
    of().host.sh(`cd ${folder}; find . -type f | sort | xargs -d '\\n' sha256sum`);
  /** Nothing in the remote repository is a secret or from outside the configuration. */
  const assertClean = async (remote: GitRemote) => {
    const paths = await remote.paths();
    assert.ok(paths.includes(`chasquid/domains/${domain}/users`), paths.join('\n'));
    assert.deepEqual(
      paths.filter(
        path => !/^(permissions|chasquid(\/(chasquid\.conf|README|(certs|domains|hooks)(\/.*)?))?)$/.test(path),
      ),
      [],
    );
    assert.doesNotMatch(await remote.everything(), /PRIVATE KEY|^root:[*$!]/m);
  };

  test(`${suite}: a remote repository takes it once it knows the key`, async () => {
    const { host, shell } = of();
    const remote = await GitRemote.create(host, 'copy');
    const first = await backUpConfiguration(shell, { message: 'first', remote: remote.address });
    assert.equal(first.pushed?.state, 'failed');
    assert.match(first.pushed.said, /Permission denied \(publickey\)/);
    const key = (await backupKey(shell))!;
    assert.match(key, /^ssh-ed25519 \S+ chasquid backup of /);
    await remote.admit(key);
    const { pushed, commit, changed } = await backUpConfiguration(shell, { message: 'again' });
    assert.deepEqual([pushed, changed], [{ state: 'ok', said: '', held: [] }, false]);
    assert.equal((await remote.git('rev-parse main')).trim(), commit.id);
    await assertClean(remote);
  });

  test(`${suite}: only addresses on other servers are taken`, async () => {
    const { host, shell } = of();
    await host.sh('git init -q --bare /srv/local.git');
    for (const remote of ['file:///srv/local.git', '/srv/local.git', '--upload-pack=evil', 'ext::sh -c id', 'ext::id'])
      await assert.rejects(backUpConfiguration(shell, { message: 'x', remote }), RangeError);
    await host.sh(`git --git-dir=${store} config remote.backup.url /srv/local.git; touch /etc/chasquid/domains/x`);
    const { pushed } = await backUpConfiguration(shell, { message: 'by hand' });
    assert.equal(pushed?.state, 'failed');
    assert.match(pushed.said, /transport 'file' not allowed/);
    await host.sh('rm /etc/chasquid/domains/x');
  });

  test(`${suite}: a talkative other side cannot fill anything`, async () => {
    const { host, shell } = of();
    const remote = await GitRemote.create(host, 'talks');
    await remote.admit(
      (await backupKey(shell))!,
      'command="head -c 30000000 /dev/zero | tr \\"\\\\0\\" x >&2; printf \\"\\\\n\\\\033[31mend\\" >&2; exit 1"',
    );
    const { pushed } = await backUpConfiguration(shell, { message: 'x', remote: remote.address });
    assert.equal(pushed?.state, 'failed');
    assert.ok(pushed.said.length <= 300 && !/[\u0000-\u001f]/.test(pushed.said), JSON.stringify(pushed.said));
    await remote.admit((await backupKey(shell))!);
  });

  test(`${suite}: etckeeper’s /etc is neither pushed nor changed`, async () => {
    const { host, shell } = of();
    await host.sh(`${install} etckeeper; etckeeper commit -q "As it came" || true`);
    const remote = await GitRemote.create(host, 'etckeeper');
    const was = await fingerprint('/etc/.git');
    const { pushed } = await backUpConfiguration(shell, { message: 'second', remote: remote.address });
    assert.equal(pushed?.state, 'ok', pushed?.said);
    await assertClean(remote);
    assert.equal(await formerBackups(shell), undefined);
    assert.equal(await fingerprint('/etc/.git'), was);
  });

  test(`${suite}: what earlier versions pushed of /etc is told`, async () => {
    const { host, shell } = of();
    const old = await GitRemote.create(host, 'old');
    await host.sh(`cd /etc; printf '%s\\n' '*privkey*.pem' '.new-key*' >> .git/info/exclude
      git remote add chasquid-backup ${old.address}
      GIT_SSH_COMMAND="ssh -i /root/.ssh/chasquid_backup" git push -q chasquid-backup HEAD:refs/heads/main`);
    const was = await fingerprint('/etc/.git');
    const former = await formerBackups(shell);
    assert.deepEqual([former?.folder, former?.remote], ['/etc', old.address]);
    const { secrets, outside } = former!.content!;
    for (const path of ['shadow', 'ssh/ssh_host_ed25519_key', 'chasquid/certs/mail.example.test/privkey.pem'])
      assert.ok(secrets.includes(path), `${path} in ${secrets.join(' ')}`);
    assert.ok(!secrets.includes('passwd') && !secrets.includes(`chasquid/domains/${domain}/users`), secrets.join(' '));
    const files = await old.git('ls-tree -r --name-only main');
    assert.ok(outside > 100 && outside <= files.trim().split('\n').length, String(outside));
    assert.equal(await fingerprint('/etc/.git'), was);
    await host.sh('chown -R nobody /etc/.git/refs');
    assert.deepEqual(await formerBackups(shell), { folder: '/etc', remote: old.address });
    await host.sh('apt-get -qq -y purge etckeeper >/dev/null; rm -rf /etc/.git');
  });

  test(`${suite}: the settings of somebody’s own repository run nothing`, async () => {
    const { host, shell } = of();
    const remote = await GitRemote.create(host, 'own');
    await host.sh(`cd /etc/chasquid; rm -f /tmp/ran; git init -q .; echo "id -u >> /tmp/ran; false" > /tmp/run; chmod 755 /tmp/run
      for name in core.fsmonitor core.sshCommand filter.x.clean filter.x.smudge core.editor gpg.program; do git config $name /tmp/run; done
      git config commit.gpgSign true; git config remote.chasquid-backup.url ext::/tmp/run; git config include.path /tmp/more
      printf '* filter=x eol=crlf\\n' > domains/.gitattributes; echo '*' > domains/.gitignore
      for hook in pre-commit pre-push post-commit reference-transaction; do cp /tmp/run .git/hooks/$hook; done
      mkdir -p .git/refs/remotes/chasquid-backup; printf '%040d\\n' 1 > .git/refs/remotes/chasquid-backup/main; echo '.new-key*' >> .git/info/exclude
      cp -a .git domains/${domain}/.git; chown -R nobody .git domains/.git* domains/${domain}/.git; echo "# new" >> chasquid.conf`);
    const was = await fingerprint('/etc/chasquid/.git');
    const { changed, pushed, commit } = await backUpConfiguration(shell, { message: 'beside', remote: remote.address });
    assert.deepEqual([changed, pushed?.state], [true, 'ok'], pushed?.said);
    assert.deepEqual(await formerBackups(shell), { folder: '/etc/chasquid', remote: 'ext::/tmp/run' });
    const text = await host.sh(
      `rm /etc/chasquid/chasquid.conf; git --git-dir=${store} show main:chasquid/chasquid.conf`,
    );
    assert.deepEqual((await restoreConfiguration(shell, commit.id)).files, ['chasquid.conf']);
    assert.equal(await host.sh('cat /etc/chasquid/chasquid.conf'), text);
    assert.doesNotMatch(text, /\r/);
    assert.equal(await host.sh('cat /tmp/ran 2>/dev/null || true'), '');
    assert.equal(await fingerprint('/etc/chasquid/.git'), was);
    assert.doesNotMatch((await remote.paths()).join('\n'), /\.git(\/|$)/m);
    await host.sh(`cd /etc/chasquid; rm -rf .git domains/.gitattributes domains/.gitignore domains/${domain}/.git`);
  });

  test(`${suite}: what got into the history by hand is not pushed, and can be left behind`, async () => {
    const { host, shell } = of();
    const remote = await GitRemote.create(host, 'history');
    const clean = await backUpConfiguration(shell, { message: 'clean', remote: remote.address });
    assert.equal(clean.pushed?.state, 'ok', clean.pushed?.said);
    // A commit with a key under an innocent name and a file from outside, and one that removes both again.
    await host.sh(`export GIT_DIR=${store} GIT_INDEX_FILE=/tmp/index; git read-tree main
      add() { git update-index --add --cacheinfo "100644,$(git hash-object -w --stdin),$1"; }
      openssl genrsa 2048 2>/dev/null | add chasquid/domains/${domain}/notes; add shadow < /etc/shadow
      commit() { git update-ref refs/heads/main "$(git -c user.name=x -c user.email=x@y commit-tree -p main -m "$2" "$1")"; }
      commit "$(git write-tree)" hand; commit "main~1^{tree}" undone; rm /tmp/index`);
    const refused = await backUpConfiguration(shell, { message: 'later' });
    assert.deepEqual(refused.pushed, { state: 'refused', said: '', held: [`domains/${domain}/notes`, 'shadow'] });
    assert.equal((await remote.git('rev-parse main')).trim(), clean.commit.id);
    await host.sh('echo "# more" >> /etc/chasquid/chasquid.conf');
    const fresh = await backUpConfiguration(shell, { message: 'fresh', freshHistory: true });
    assert.equal(fresh.pushed?.state, 'ok', fresh.pushed?.said);
    assert.equal((await remote.git('log -n 2 --format=%s main')).trim(), 'fresh\nclean');
    await assertClean(remote);
    const kept = await listBackups(shell);
    assert.deepEqual(kept.map(each => each.message).slice(0, 2), ['fresh', 'undone']);
    await restoreConfiguration(shell, kept[1]!.id);
    assert.equal((await backUpConfiguration(shell, { message: 'x' })).pushed?.state, 'ok');
    await assertClean(remote);
  });

  test(`${suite}: a repository with another history is left alone`, async () => {
    const { host, shell } = of();
    const remote = await GitRemote.create(host, 'other');
    await host.sh(
      `cd /srv/git/other.git; runuser -u git -- sh -c 'git -c user.name=x -c user.email=x@y commit-tree -m theirs "$(git mktree </dev/null)" | xargs git update-ref refs/heads/main'`,
    );
    const { pushed } = await backUpConfiguration(shell, { message: 'x', remote: remote.address });
    assert.equal(pushed?.state, 'other-history', pushed?.said);
    assert.equal((await remote.git('log --format=%s main')).trim(), 'theirs');
  });
}
