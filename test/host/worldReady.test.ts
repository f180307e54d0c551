import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Sandbox } from '../sandbox';
import { cgroups } from '../sandbox/cgroups';
import { worldName } from '../sandbox/ownership';
import { diskFolder, type Recipe } from '../sandbox/ready';
import { ssh } from '../support/ssh';

/** Never made before, and so made here. */
const recipe: Recipe = {
  name: 'test',
  script: `set -e # ${randomUUID()}
    cat /proc/sys/kernel/random/uuid >/root/made
    rm /etc/issue
    mv /etc/pam.d /etc/pam.old; mkdir /etc/pam.d; cp -a /etc/pam.old/. /etc/pam.d; rm /etc/pam.d/chfn; rm -r /etc/pam.old
    mkdir -m 2750 /srv/shared; ln /root/made /srv/shared/linked; ln -s nowhere /srv/shared/pointing; chown -R operator:games /srv/shared
    hostnamectl set-hostname maker.example.test
    printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/made.service
    systemctl enable --now made
    logger 'of the maker'; echo 'of the maker' >/var/log/made.log; echo 'of the maker' | tee /tmp/made /var/tmp/made >/run/made`,
};

describe('hosts that are ready', () => {
  let world: Sandbox;
  const folder = diskFolder(recipe, 'trixie');

  before(async () => {
    // What an interrupted run left behind.
    mkdirSync(join(`${folder}.unfinished`, 'root'), { recursive: true });
    writeFileSync(join(`${folder}.unfinished`, 'root/broken'), 'half of it');
    world = await Sandbox.boot({
      hosts: [
        { name: 'one', ready: recipe },
        { name: 'two', ready: recipe, hostname: 'two.example.test' },
        { name: 'empty' },
      ],
    });
  });
  after(async () => {
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const on = async (name: string, script: string) => (await world.host(name).sh(script)).trim();
  /** The hosts that have processes; each has a control group in every hierarchy. */
  const running = () => [...new Set(cgroups(worldName()!).map(name => name.split('-').at(-1)))].sort();
  const both = (script: string) => Promise.all([on('one', script), on('two', script)]);

  test('begin with what the recipe has made, which was made once', async () => {
    const [one, two] = await both('cat /root/made');
    assert.match(one, /^[0-9a-f-]{36}$/);
    assert.equal(one, two);
    assert.equal(
      await on('one', 'stat -c "%U:%G %a %h" /srv/shared /srv/shared/linked; readlink /srv/shared/pointing'),
      'operator:games 2750 2\noperator:games 644 2\nnowhere',
    );
    assert.equal(await on('one', 'systemctl is-active made'), 'active');
    assert.equal(
      await on('one', 'ls /root/broken 2>&1 || true'),
      "ls: cannot access '/root/broken': No such file or directory",
    );
  });

  test('lack what the recipe has removed', async () => {
    assert.equal(await on('empty', 'ls /etc/issue /etc/pam.d/chfn'), '/etc/issue\n/etc/pam.d/chfn');
    assert.equal(await on('one', 'ls /etc/issue /etc/pam.d/chfn 2>/dev/null || true'), '');
  });

  test('are themselves: with names, keys and a past of their own', async () => {
    assert.deepEqual(await both('hostname; cat /etc/hostname'), ['one\none', 'two.example.test\ntwo.example.test']);
    const [one, two] = await both('cat /etc/machine-id');
    assert.notEqual(one, two);
    for (const name of ['one', 'two']) {
      assert.equal((await ssh(world.host(name), 'operator', 'id -un')).stdout, 'operator\n');
      assert.equal(await on(name, 'systemctl is-system-running --wait'), 'running');
      assert.equal(
        await on(name, 'journalctl --list-boots --no-pager --quiet | wc -l; ls /var/log/journal | wc -l'),
        '1\n1',
      );
      assert.equal(
        await on(
          name,
          'journalctl | grep -c "of the [m]aker"; ls -d /var/log/made* /tmp/made* /var/tmp/made* /run/made* 2>/dev/null || true',
        ),
        '0',
      );
    }
  });

  test('leave nothing of the one that was made ready', () => {
    assert.deepEqual(running(), ['empty', 'one', 'two']);
    assert.ok(existsSync(folder) && !existsSync(`${folder}.unfinished`));
  });

  test('are not to be had from a recipe that fails, which is told', async () => {
    const failing = { name: 'test', script: `set -e; echo 'no such thing' >&2; exit 9 # ${randomUUID()}` };
    await assert.rejects(world.add({ name: 'three', ready: failing }), /ended with 9: .*no such thing/s);
    assert.ok(!existsSync(diskFolder(failing, 'trixie')));
    assert.deepEqual(running(), ['empty', 'one', 'two']);
    assert.equal(world.all().length, 3);
  });
});
