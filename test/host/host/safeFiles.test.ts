import assert from 'node:assert/strict';
import { after, before, describe, test, type TestContext } from 'node:test';
import { moveKeyIn, stageKey, takeKeysOut } from '../../../src/host/domains/dkimKeys';
import type { RootShell } from '../../../src/host/protocol/privilege';
import { contentHash, replaceFile } from '../../../src/host/files/replaceFile';
import { HostError } from '../../../src/host/protocol/shell';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { setUpByHand, withChasquid } from '../../support/chasquid';
import { connectRoot } from '../../support/connect';

const domains = '/etc/chasquid/domains';
const theirs = `${domains}/theirs.test`;
const saves = 60;

/**
 * What somebody does who may write in the domain's folder and wants root's save to end up elsewhere: everything that appears
 * beside `aliases` is replaced at once, by a link to a file of root's, a link to a folder of root's, or a folder of links.
 */
const attack = `
import itertools, os
os.chdir('${theirs}')
for kind in itertools.cycle(('file', 'folder', 'links', 'new folder')):
    for name in os.listdir('.'):
        if name == 'aliases' or name.startswith('taken'): continue
        try:
            os.rename(name, 'taken' + name)
            if kind == 'file': os.symlink('/srv/outside/file', name)
            elif kind == 'folder': os.symlink('/srv/outside', name)
            else:
                os.mkdir(name)
                if kind == 'links':
                    for inner in ('draft', 'aliases', 'file'): os.symlink('/srv/outside/file', name + '/' + inner)
            print(kind, flush=True)
        except OSError: pass
`;

describe('a file that is replaced as root, in a folder of somebody else', () => {
  let world: Sandbox;
  let host: Host;
  let shell: RootShell & { connection: { close(): void } };
  let content = Buffer.from('info: you@far.test\n');

  const outside = () => host.sh("cd /srv/outside && stat -c '%n %u %g %a %h' . * && cat file");
  const save = async (path: string, text: string, was: Uint8Array | 'absent' = content) =>
    replaceFile(shell, {
      path,
      content: Buffer.from(text),
      expectedHash: was === 'absent' ? was : contentHash(was),
      forDaemon: true,
    });
  const code = (expected: string) => (error: HostError) => {
    assert.equal(error.code, expected, error.message);
    assert.match(error.message, /^.+\. .+\. .+\.$/s);
    return true;
  };

  /** Runs `work` while `nobody` attacks. */
  const attacked = async (work: () => Promise<void>, context: TestContext): Promise<void> => {
    await host.sh(
      'systemd-run -q --unit=attack -p User=nobody -p StandardOutput=truncate:/run/swaps python3 /srv/attack.py',
    );
    await work().finally(() => host.sh('systemctl stop attack'));
    const swaps = Number(await host.sh('wc -l </run/swaps'));
    context.diagnostic(`${swaps} drafts swapped`);
    assert.ok(swaps > 0, 'the attack reached a draft');
    await host.sh(`find ${theirs} -mindepth 1 -maxdepth 1 ! -name aliases -exec rm -rf {} +`);
  };
  /** What may be the answer while somebody else changes the folder. */
  const unsettled = (error: unknown): void => {
    if (!(error instanceof HostError)) throw error;
    assert.match(error.code, /^(folder-changed|write-failed)$/, error.message);
  };

  before(async () => {
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'trixie', ready: withChasquid }] });
    host = world.host('mail');
    await setUpByHand(host, { domain: 'example.test', hostname: 'mail.example.test', selector: 's', senders: {} });
    shell = await connectRoot(host);
    await host.sh(
      `set -e; install -d -m 700 /srv/outside; echo secret >/srv/outside/file; chmod 600 /srv/outside/file
      install -d -m 755 -o nobody -g nogroup ${theirs}; cat >${theirs}/aliases; chown nobody:nogroup ${theirs}/aliases
      cat >/srv/attack.py <<'END'\n${attack}\nEND`,
      { stdin: content },
    );
  });
  after(async () => {
    shell?.connection.close();
    await world?.close();
  });

  test('swapping the draft for a link leads root nowhere else', async context => {
    const was = await outside();
    let done = 0;
    await attacked(async () => {
      for (let i = 0; i < saves; i++) {
        const text = `info: you${i}@far.test\n`;
        await save(`${theirs}/aliases`, text).then(() => {
          content = Buffer.from(text);
          done++;
        }, unsettled);
        assert.equal(await outside(), was, `after save ${i}`);
        assert.equal(
          await host.sh(`cat ${theirs}/aliases; stat -c '%U %a' ${theirs}/aliases`),
          `${content.toString()}nobody 644\n`,
        );
      }
    }, context);
    context.diagnostic(`${saves} saves, ${done} of them done`);
    await save(`${theirs}/aliases`, 'info: last@far.test\n');
    content = Buffer.from('info: last@far.test\n');
    assert.equal(await host.sh(`ls -A ${theirs}`), 'aliases\n');
  });

  test('nor does a signing key that is moved in', async context => {
    const was = await outside();
    await attacked(async () => {
      for (let i = 0; i < 20; i++) {
        const selector = `s${i}`;
        await stageKey(shell, 'theirs.test', { selector, algorithm: 'ed25519' });
        await moveKeyIn(shell, 'theirs.test', { selector, builtIn: true }).catch(unsettled);
        assert.equal(await outside(), was, `after key ${i}`);
      }
    }, context);
    await stageKey(shell, 'theirs.test', { selector: 'last', algorithm: 'ed25519' });
    await moveKeyIn(shell, 'theirs.test', { selector: 'last', builtIn: true });
    assert.equal(await host.sh(`stat -c '%U %G %a' ${theirs}/dkim:last.pem`), 'root chasquid 640\n');
    await host.sh(`ln -s /srv/outside ${theirs}/dkim:x.pem`);
    await takeKeysOut(shell, 'theirs.test', ['x', 'last']);
    assert.equal(await outside(), was);
  });

  test('a lock that somebody else has laid out in a folder for everyone stops nobody', async () => {
    await host.sh('runuser -u nobody -- ln -s /srv/outside/file /run/lock/chasquid-files.lock');
    await save(`${theirs}/aliases`, 'info: locked@far.test\n');
    content = Buffer.from('info: locked@far.test\n');
    assert.equal(await host.sh('cat /srv/outside/file'), 'secret\n');
  });

  test('a link that somebody else could have made is not followed; one of root’s, or within folders of one user, is', async () => {
    const was = await outside();
    const secret = Buffer.from('secret\n');
    await host.sh(`ln -s /srv/outside/file ${theirs}/users; ln -s /srv/outside ${theirs}/folder
      chmod 755 /etc/chasquid/domains; chown root:root /etc/chasquid/domains
      install -d -o nobody -g nogroup ${theirs}/common; ln -s common/aliases ${theirs}/alike; cp -p ${theirs}/aliases ${theirs}/common/
      install -d ${domains}/ours.test; echo 'all: i@far.test' >/srv/shared; ln -s /srv/shared ${domains}/ours.test/aliases
      install -d -m 775 -g mail ${domains}/group.test; ln -s /srv/shared ${domains}/group.test/aliases`);
    for (const path of [`${theirs}/users`, 'domains/theirs.test/users', `${theirs}/folder/file`]) {
      await assert.rejects(save(path, 'x', secret), code('unsafe-link'), path);
    }
    const shared = Buffer.from('all: i@far.test\n');
    await assert.rejects(save(`${domains}/group.test/aliases`, 'x', shared), code('unsafe-link'));
    assert.equal(await outside(), was);

    await save(`${domains}/ours.test/aliases`, 'all: you@far.test\n', shared);
    await save(`${theirs}/alike`, 'alike: you@far.test\n');
    assert.equal(
      await host.sh(`cat /srv/shared ${theirs}/common/aliases; readlink ${theirs}/alike ${domains}/ours.test/aliases`),
      'all: you@far.test\nalike: you@far.test\ncommon/aliases\n/srv/shared\n',
    );
  });

  test('a file that has a second name elsewhere keeps its content, owner and mode there', async () => {
    await host.sh(
      `rm ${theirs}/users; install -d -m 700 ${domains}/../outside; cd ${domains}/../outside; echo secret >file; chmod 600 file; ln file ${theirs}/users`,
    );
    const { repaired } = await save(`${theirs}/users`, 'users: {}\n', Buffer.from('secret\n'));
    assert.equal(repaired, true);
    assert.equal(
      await host.sh(
        `cd ${domains}/../outside; cat file; stat -c '%U %a %h' file; cat ${theirs}/users; stat -c '%U %h' ${theirs}/users`,
      ),
      'secret\nroot 600 1\nusers: {}\nchasquid 1\n',
    );
  });

  test('owner, mode, access list and attributes of the file stay', async () => {
    const hook = '/etc/chasquid/hooks/post-data';
    const look = () =>
      host.sh(
        `stat -c '%U %G %a' ${hook}; getfacl -cp ${hook}; python3 -c 'import os; print(os.getxattr("${hook}", "user.note"))'`,
      );
    await host.sh(`apt-get -qq update; apt-get -qq install -y acl >/dev/null; echo '#!/bin/sh' >${hook}; chown games:chasquid ${hook}; chmod 750 ${hook}
      setfacl -m u:nobody:r ${hook}; python3 -c 'import os; os.setxattr("${hook}", "user.note", b"kept")'; setfacl -m d:u:games:rwx /etc/chasquid/hooks; chmod g+s /etc/chasquid/hooks`);
    const was = await look();
    assert.match(was, /games chasquid 750[^]*user:nobody:r[^]*b'kept'/);
    await save(hook, '#!/bin/sh\nexit 0\n', Buffer.from('#!/bin/sh\n'));
    assert.equal(await look(), was);
    assert.equal(await host.sh('ls -A /etc/chasquid/hooks; /etc/chasquid/hooks/post-data'), 'post-data\n');
  });

  test('only files of chasquid become the daemon’s', async () => {
    await save('/srv/outside/file', 'new secret\n', Buffer.from('secret\n'));
    await save('/srv/outside/fresh', 'fresh\n', 'absent');
    assert.equal(await host.sh("cd /srv/outside; stat -c '%n %U %a' *"), 'file root 600\nfresh root 644\n');
  });

  test('backups are not put where somebody else could read or swap them', async () => {
    const backups = '/var/backups/chasquid-setup';
    const refused = (error: HostError) => {
      assert.match(error.message, /chasquid-setup is a symbolic link or does not belong to root/);
      return code('write-failed')(error);
    };
    await host.sh(`mv ${backups} /var/backups/kept; install -d -o nobody -m 777 /srv/trap; ln -s /srv/trap ${backups}`);
    await assert.rejects(save(`${theirs}/aliases`, 'x'), refused);
    await host.sh(`rm ${backups}; install -d -o nobody -m 700 ${backups}`);
    await assert.rejects(save(`${theirs}/aliases`, 'x'), refused);
    assert.equal(
      await host.sh(`ls -A /srv/trap ${backups}; cat ${theirs}/aliases`),
      `/srv/trap:\n\n${backups}:\n${content.toString()}`,
    );
    await host.sh(`chown root ${backups}; chmod 755 ${backups}`);
    await save(`${theirs}/aliases`, 'x');
    assert.equal(await host.sh(`stat -c %a ${backups}`), '700\n');
  });
});
