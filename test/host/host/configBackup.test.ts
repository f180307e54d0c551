import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { backUpConfiguration, listBackups, restoreConfiguration } from '../../../src/host/backup/configBackup';
import { restartService } from '../../../src/host/services/services';
import type { HostError } from '../../../src/host/protocol/shell';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { deep } from '../../support/deep';
import { login } from '../../support/mailClient';

const domain = 'example.test';
const store = '/var/lib/chasquid-setup/backup.git';
let both: BothSuites | undefined;

before(async () => {
  both = await bootBoth(host =>
    setUpByHand(host, { domain, hostname: 'mail.example.test', selector: 's', senders: { i: 'secret' } }),
  );
});
after(() => both?.close());

const code = (expected: string) => (error: HostError) => {
  assert.equal(error.code, expected, error.message);
  return true;
};

const folders = deep ? 100 : 20;

for (const suite of suites) {
  const of = () => ({ host: both!.world.host(suite), shell: both!.shells.get(suite)! });
  /** Every path with its type, mode, owner and, for files, content. */
  const tree = () =>
    of().host
      .sh(`cd /etc/chasquid; find . -printf '%p %y %m %u:%g %l\\n' | sort; find . -type f | sort | xargs -d '\\n' sha256sum
      find . | sort | xargs -d '\\n' getfacl -s 2>/dev/null || true`);
  const committed = (what = '') => of().host.sh(`git --git-dir=${store} ${what}`);

  test(`${suite}: without git it says so, and installs it when told to`, async () => {
    const { host, shell } = of();
    await host.sh('apt-get -qq -y purge git git-man >/dev/null 2>&1 || true');
    await assert.rejects(backUpConfiguration(shell, { message: 'first' }), code('no-git'));
    const was = await tree();
    const { commit, changed, pushed } = await backUpConfiguration(shell, { message: 'first', installGit: true });
    assert.deepEqual([changed, commit.message, pushed], [true, 'first', undefined]);
    assert.equal(await tree(), was, 'the folder itself is as it was');
    assert.equal((await host.sh('find /var/lib/chasquid-setup \\( -perm /077 -type d -o ! -user root \\)')).trim(), '');
    assert.equal((await host.sh(`cd ${store}/..; ls -x`)).trim(), 'backup.git  backup.lock', 'no copy stays behind');
  });

  test(`${suite}: every state is kept once, without private keys`, async () => {
    const { host, shell } = of();
    assert.equal((await backUpConfiguration(shell, { message: 'again' })).changed, false);
    await host.sh(`printf 'a: i\\n' > /etc/chasquid/domains/${domain}/aliases`);
    assert.equal((await backUpConfiguration(shell, { message: `with "quotes" $(x) and ümlaut` })).changed, true);
    assert.deepEqual(
      (await listBackups(shell)).map(each => each.message),
      [`with "quotes" $(x) and ümlaut`, 'first'],
    );
    const files = await committed('ls-tree -r --name-only main');
    assert.match(files, /^chasquid\/domains\/example\.test\/users$/m);
    assert.match(files, /fullchain\.pem/);
    assert.doesNotMatch(files, /privkey|dkim:/);
    assert.match(await committed('cat-file blob main:permissions'), /^755 root:root hooks\/post-data$/m);
  });

  test(`${suite}: a state is restored as it was, and what was there before is kept too`, async () => {
    const { host, shell } = of();
    await host.sh(`apt-get -qq -y --no-install-recommends install acl >/dev/null; cd /etc/chasquid
      setfacl -m u:plain:r domains/${domain}/aliases; mkdir -m 751 domains/empty.test; ln -s /etc/letsencrypt/live/x certs/x`);
    const first = await backUpConfiguration(shell, { message: 'to come back to' });
    const was = await tree();
    await host.sh(`cd /etc/chasquid/domains; rm ${domain}/users ../hooks/post-data ../certs/x; echo 'broken' > ${domain}/aliases
      setfacl -b ${domain}/aliases; chmod 600 ../chasquid.conf; rmdir empty.test
      mkdir -p later.test/deep; echo 'x: y' > later.test/aliases; echo '# ?' > later.test/deep/notes; printf 'hostnam: "x"\\n' >> ../chasquid.conf`);
    const spoilt = await tree();
    const { files, unusable } = await restoreConfiguration(shell, first.commit.id);
    assert.deepEqual(files, [
      'certs/x',
      'chasquid.conf',
      `domains/${domain}/aliases`,
      `domains/${domain}/users`,
      'domains/later.test/aliases',
      'domains/later.test/deep/notes',
      'hooks/post-data',
    ]);
    assert.deepEqual(unusable, []);
    assert.equal(await tree(), was);
    assert.equal((await restartService(shell)).state, 'active');
    assert.equal(await login(host, `i@${domain}`, 'secret'), 'ok');
    const [restored, before] = await listBackups(shell);
    assert.match(restored!.message, new RegExp(`^Restored ${first.commit.id.slice(0, 7)} \\(2`));
    assert.match(before!.message, /^Before restoring /);
    await restoreConfiguration(shell, before!.id);
    assert.equal(await tree(), spoilt, 'and back again');
    await restoreConfiguration(shell, first.commit.id);
    assert.equal(await tree(), was);
    await assert.rejects(restoreConfiguration(shell, 'f'.repeat(40)), code('no-backup'));
    await assert.rejects(restoreConfiguration(shell, '--all'), RangeError);
  });

  test(`${suite}: folders that are there keep their mode, and lost folders come back with theirs`, async () => {
    const { host, shell } = of();
    await host.sh('cd /etc/chasquid; chown root:chasquid domains; chmod 750 domains');
    const modes = async () =>
      (
        await host.sh(
          `cd /etc/chasquid; stat -c '%n %a %U:%G' domains domains/${domain} domains/${domain}/users hooks hooks/post-data`,
        )
      ).split('\n');
    const was = await modes();
    const { commit } = await backUpConfiguration(shell, { message: 'closed' });
    await host.sh(`cd /etc/chasquid; chmod 711 domains; rm -rf domains/${domain} hooks`);
    await restoreConfiguration(shell, commit.id);
    assert.deepEqual(await modes(), ['domains 711 root:chasquid', ...was.slice(1)]);
    await host.sh('chmod 750 /etc/chasquid/domains');
  });

  test(`${suite}: the whole folder comes back when it is lost`, async () => {
    const { host, shell } = of();
    const { commit } = await backUpConfiguration(shell, { message: 'all of it' });
    const was = await tree();
    await host.sh('mv /etc/chasquid /etc/lost');
    await assert.rejects(backUpConfiguration(shell, { message: 'x' }), code('no-configuration'));
    assert.equal((await listBackups(shell))[0]!.id, commit.id);
    await restoreConfiguration(shell, commit.id);
    // Private keys are in no backup.
    await host.sh(`cd /etc/lost; find . -type f \\( -name '*privkey*' -o -name 'dkim:*' \\) -exec cp -a --parents {} /etc/chasquid \\;
      chmod --reference=/etc/lost /etc/chasquid; rm -r /etc/lost`);
    assert.equal(await tree(), was);
  });

  test(`${suite}: a folder that lies in somebody’s own repository stays theirs`, async () => {
    const { host, shell } = of();
    await host.sh(`mkdir -p /srv/ops/conf; mv /etc/chasquid /srv/ops/conf/chasquid; ln -s /srv/ops/conf/chasquid /etc/chasquid
      cd /srv/ops; git init -q .; chown -R plain: .git . conf; chown plain: conf/chasquid`);
    const theirs = () =>
      host.sh(
        'cd /srv/ops; git -c safe.directory="*" status --porcelain --ignored; find .git -type f | xargs cat | sha256sum',
      );
    const was = await theirs();
    const { commit } = await backUpConfiguration(shell, { message: 'as it is' });
    await host.sh('rm -r /etc/chasquid/hooks');
    const { files, unusable } = await restoreConfiguration(shell, commit.id);
    assert.deepEqual([files, unusable], [['hooks/post-data'], []]);
    assert.equal(await theirs(), was);
    await host.sh('rm /etc/chasquid; mv /srv/ops/conf/chasquid /etc/chasquid; chown root: /etc/chasquid');
  });

  test(`${suite}: what chasquid could not use after a restore is named`, async () => {
    const { host, shell } = of();
    await host.sh('cd /etc/chasquid; chmod 640 hooks/post-data; chmod 600 chasquid.conf; chown root chasquid.conf');
    const { commit } = await backUpConfiguration(shell, { message: 'broken' });
    await host.sh('cd /etc/chasquid; chmod 755 hooks/post-data; chmod 644 chasquid.conf');
    assert.deepEqual((await restoreConfiguration(shell, commit.id)).unusable, ['chasquid.conf', 'hooks/post-data']);
    await host.sh('cd /etc/chasquid; chmod 755 hooks/post-data; chmod 644 chasquid.conf');
  });

  test(`${suite}: private keys stay out by what they hold, and a restore leaves them alone`, async () => {
    const { host, shell } = of();
    await host.sh(`cd /etc/chasquid/domains/${domain}; echo 'nothing yet' > notes.txt; echo text > ../../own.txt`);
    const { commit } = await backUpConfiguration(shell, { message: 'before the key' });
    await host.sh(`cd /etc/chasquid/domains/${domain}; openssl genrsa 2048 2>/dev/null > notes.txt
      openssl pkcs8 -topk8 -nocrypt -in notes.txt -outform der -out key.der; gzip -c notes.txt > old.gz; mkfifo pipe; head -c 17M /dev/zero > big`);
    const { leftOut } = await backUpConfiguration(shell, { message: 'with keys' });
    const of2 = (path: string) => `domains/${domain}/${path}`;
    assert.deepEqual(
      leftOut.filter(each => each.reason !== 'key-name').sort((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { path: of2('big'), reason: 'large' },
        { path: of2('key.der'), reason: 'binary' },
        { path: of2('notes.txt'), reason: 'key' },
        { path: of2('old.gz'), reason: 'binary' },
        { path: of2('pipe'), reason: 'special' },
        { path: 'own.txt', reason: 'other' },
      ],
    );
    assert.equal(
      await host.sh(`cd ${store}; git cat-file --batch --batch-all-objects | grep -ac 'PRIVATE KEY' || true`),
      '0\n',
    );
    const was = await tree();
    const { files } = await restoreConfiguration(shell, commit.id);
    assert.deepEqual([files, await tree()], [[], was]);
    await host.sh(`cd /etc/chasquid/domains/${domain}; rm notes.txt key.der old.gz pipe big ../../own.txt`);
  });

  test(`${suite}: names of any bytes, and thousands of files`, async t => {
    const { host, shell } = of();
    // Octal for a byte that is no UTF-8; what has a control character stays out.
    await host.sh(`cd /etc/chasquid/domains; mkdir -p a/b/c -- '-rf' "q\\"'\\\\n" '.hidden' 'ends in space '
      for folder in a/b/c ./-rf "q\\"'\\\\n" .hidden 'ends in space '; do
        for name in -n '"quoted"' "it's" 'back\\slash' '$(id)' '* ?' "$(printf '\\351t\\351')" '#x' '%s' ' x '; do echo "$name" > "$folder/$name"; done
        printf x > "$folder/$(printf 'two\\nlines')"
      done`);
    const { commit, leftOut } = await backUpConfiguration(shell, { message: 'odd names' });
    assert.equal(leftOut.filter(each => each.reason === 'name' && each.path.endsWith('/two?lines')).length, 5);
    const odd = () =>
      host.sh(
        `cd /etc/chasquid/domains; find a ./-rf q* .hidden ends* -type f ! -name 'two*' -printf '%p %m %s\\n' | sort | base64`,
      );
    const was = await odd();
    await host.sh(
      `cd /etc/chasquid/domains; rm -r ./-rf q* 'ends in space '; rm .hidden/[!t]*; for f in a/b/c/[!t]*; do echo new > "$f"; done`,
    );
    await restoreConfiguration(shell, commit.id);
    assert.equal(await odd(), was);
    await host.sh(`cd /etc/chasquid/domains; rm -r a ./-rf q* .hidden ends*
      for n in $(seq ${folders}); do mkdir -p many/$n; for m in $(seq 100); do echo "$n: $m" > many/$n/$m; done; done`);
    const start = Date.now();
    const many = await backUpConfiguration(shell, { message: 'many' });
    const kept = Date.now();
    await host.sh('cd /etc/chasquid/domains/many; find . -type f | while read -r f; do echo x > "$f"; done');
    const again = Date.now();
    const { files } = await restoreConfiguration(shell, many.commit.id);
    const end = Date.now();
    assert.equal(files.length, folders * 100);
    assert.equal((await host.sh('cat /etc/chasquid/domains/many/7/*')).split('\n')[3], '7: 11');
    t.diagnostic(`${files.length} files: backed up in ${kept - start} ms, restored in ${end - again} ms`);
    await host.sh('rm -r /etc/chasquid/domains/many');
  });

  test(`${suite}: who may write in a folder of the configuration cannot lead root astray`, async () => {
    const { host, shell } = of();
    await host.sh(`mkdir -p /srv/victim; for f in aliases users; do echo 'secret of root' > /srv/victim/$f; done; chmod -R go= /srv/victim
      echo 'a: i' > /etc/chasquid/domains/${domain}/aliases`);
    const { commit } = await backUpConfiguration(shell, { message: 'quiet' });
    const was = await host.sh('cd /srv/victim; sha256sum *; stat -c "%a %U" *');
    // The daemon owns domains/: its folder is now a folder, now a link to root's, as fast as it can.
    await host.sh(`chown -R chasquid:chasquid /etc/chasquid/domains; cd /etc/chasquid/domains
      runuser -u chasquid -- sh -c 'while [ -e stay ] || [ ! -e go ]; do mv -T ${domain} away; ln -s /srv/victim ${domain}; rm ${domain}; mv -T away ${domain}; done' >/dev/null 2>&1 &
      echo $! > /run/race.pid`);
    let refused = 0;
    const refusal = (error: HostError) => {
      assert.ok(error.code, error.stack);
      refused++;
    };
    for (let round = 0; round < 6 || (refused === 0 && round < 60); round++) {
      await backUpConfiguration(shell, { message: `round ${round}` }).catch(refusal);
      await restoreConfiguration(shell, commit.id).catch(refusal);
    }
    await host.sh('touch /etc/chasquid/domains/go; kill $(cat /run/race.pid) 2>/dev/null || true');
    assert.equal(await host.sh('cd /srv/victim; sha256sum *; stat -c "%a %U" *'), was);
    assert.equal(
      await host.sh(`cd ${store}; git cat-file --batch --batch-all-objects | grep -ac 'secret of root' || true`),
      '0\n',
    );
    assert.ok(refused > 0, 'they met at least once');
  });
}
