// Backups as a user makes them: what stays out, a remote repository that has to learn the key, a history with a secret in it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { GitRemote } from '../../support/gitRemote';
import type { Workbench } from '../window/workbench';
import { keyEntry, Stage } from './stage';

const domain = 'example.test';

describe('backups', () => {
  let stage: Stage;
  let window: Workbench;
  let host: Host;
  let remote: GitRemote;

  before(async () => {
    stage = await Stage.open({
      name: 'backup',
      hosts: [{ name: 'mail', ready: withChasquid }],
      prepare: async one => {
        await setUpByHand(one, { domain, hostname: 'mail.example.test', selector: 'first', senders: { i: 'secret' } });
        await one.sh('DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install git >/dev/null');
      },
      knowsHosts: true,
      servers: world => [keyEntry(world.host('mail'))],
    });
    ({ window } = stage);
    host = stage.world.host('mail');
    remote = await GitRemote.create(host, 'copy');
    await stage.connect('mail');
  });
  after(() => stage?.close());

  const configuration = () => window.sidebar.row('mail', 'Configuration');
  const backUp = async () => {
    await configuration().contextMenu('Back Up Configuration…');
    await window.quickInput.pick('On the server');
  };
  const page = (title: string, wanted: RegExp) => window.markdownPage(title, wanted);

  it('a key under an innocent name stays out, and is named', async () => {
    await host.sh(`openssl genrsa 2048 2>/dev/null > /etc/chasquid/domains/${domain}/notes.txt`);
    await backUp();
    const said =
      /^The configuration of mail is backed up \([0-9a-f]{7}\)\. domains\/example\.test\/notes\.txt was left out\.$/;
    await window.notifications.waitFor(said);
    await window.screenshot('key left out');
    await window.notifications.press(said, 'Show Details');
    const text = await page('Backup of mail', /Left out/);
    await window.screenshot('details');
    assert.match(text, /domains\/example\.test\/notes\.txt\s+It holds a private key/);
    await host.sh(`rm /etc/chasquid/domains/${domain}/notes.txt`);
  });

  it('a remote repository gets it once it knows the deploy key', async () => {
    await configuration().contextMenu('Back Up Configuration…');
    await window.quickInput.pick('To a remote git repository…');
    await window.quickInput.answer(remote.address);
    assert.match(await window.dialog.message(), /^Copy the configuration of mail to git@127\.0\.0\.1/);
    await window.screenshot('copy to a repository');
    await window.dialog.press('Back Up');
    await window.notifications.press(/The remote repository rejected it: .*Permission denied/, 'Copy Deploy Key');
    const key = await host.sh('cat /root/.ssh/chasquid_backup.pub');
    await stage.window.clipboard.waitFor('the deploy key', text => text === key.trim());
    await remote.admit(key.trim());
    await backUp();
    await window.notifications.close(/It was pushed\.$/);
  });

  it('a history with a secret in it is not pushed, and a new one is', async () => {
    await host.sh(`export GIT_DIR=/var/lib/chasquid-setup/backup.git GIT_INDEX_FILE=/tmp/index; git read-tree main
      git update-index --add --cacheinfo "100644,$(openssl genrsa 2048 2>/dev/null | git hash-object -w --stdin),chasquid/domains/old.pem"
      git update-ref refs/heads/main "$(git -c user.name=x -c user.email=x@y commit-tree -p main -m hand "$(git write-tree)")"; rm /tmp/index`);
    await backUp();
    const said = /Nothing was pushed: earlier commits hold what must not leave the server \(domains\/old\.pem\)\./;
    await window.notifications.waitFor(said);
    await window.screenshot('not pushed');
    await window.notifications.press(said, 'Start New History');
    await window.notifications.close(/It was pushed\.$/);
    assert.doesNotMatch((await remote.paths()).join(), /old\.pem/);
  });

  it('a hook that cannot run after a restore is named', async () => {
    await host.sh('chmod 640 /etc/chasquid/hooks/post-data');
    await backUp();
    await window.notifications.close(/It was pushed\.$/);
    await host.sh('chmod 755 /etc/chasquid/hooks/post-data');
    await configuration().contextMenu('Restore Configuration…');
    await window.quickInput.pick('Back up the configuration');
    await window.dialog.press('Restore');
    await window.notifications.waitFor(/chasquid cannot use hooks\/post-data: its user may not/);
    await window.screenshot('unusable hook');
    await host.sh('chmod 755 /etc/chasquid/hooks/post-data');
  });

  it('what earlier versions pushed is told, with what to do', async () => {
    const old = await GitRemote.create(host, 'old');
    await host.sh(`cd /etc; git init -q .; echo '.new-key*' >> .git/info/exclude; git remote add chasquid-backup ${old.address}
      git add shadow ssh chasquid; git -c user.name=x -c user.email=x@y commit -qm all
      GIT_SSH_COMMAND="ssh -i /root/.ssh/chasquid_backup" git push -q chasquid-backup HEAD:refs/heads/main`);
    await backUp();
    assert.match(await window.dialog.message(), /^Earlier backups pushed the whole of \/etc to git@127\.0\.0\.1/);
    await window.screenshot('earlier backups');
    await window.dialog.press('Show What to Do');
    const text = await page('Earlier backups of mail', /Secrets in it/);
    await window.screenshot('what to do');
    for (const wanted of [/^shadow\s/m, /ssh\/ssh_host_ed25519_key/, /git -C \/etc remote remove chasquid-backup/])
      assert.match(text, wanted);
  });
});
