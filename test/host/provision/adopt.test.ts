import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RootShell } from '../../../src/host/protocol/privilege';
import { checkStep } from '../../../src/provision/check';
import { completeInputs } from '../../../src/provision/inputs';
import { runPlan } from '../../../src/provision/runner';
import type { Step, Steps } from '../../../src/provision/step';
import { runAction } from '../../../src/provision/stepAction';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { withChasquid } from '../../support/chasquid';
import { connectRoot } from '../../support/connect';
import { Witness, shippedSteps, states } from './support';

const conf = '/etc/chasquid';

describe('a server that was set up by other hands', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;
  let shell: RootShell;
  const inputs: Record<string, string> = { domain: 'example.test', hostname: 'mail.example.test' };

  const step = (id: string): Step => steps.list.find(each => each.id === id)!;
  const check = async (id: string, more: Record<string, string> = {}) =>
    checkStep(shell, steps, step(id), completeInputs(steps, [], { ...inputs, ...more }));
  const apply = async (id: string, more: Record<string, string> = {}) => {
    const ui = new Witness(['skip']);
    const outcome = await runPlan({
      shell,
      steps,
      chosen: [id],
      inputs: { ...inputs, ...more },
      mode: 'apply',
      ui,
      reconnect: () => connectRoot(host),
    });
    return outcome.results[0]!;
  };
  const undo = (id: string) => runAction(shell, steps, step(id), 'undo', inputs);
  const publicKey = async (file: string): Promise<string> =>
    (await host.sh(`openssl pkey -in '${file}' -pubout -outform DER | base64 -w0`)).trim();
  /** A certificate of an authority that nobody renews. */
  const certify = (folder: string, names: string, days: number): Promise<string> =>
    host.sh(`set -e; mkdir -p ${folder} /root/ca; cd /root/ca
      [ -e ca.pem ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 3650 -subj '/CN=An authority' -keyout ca.key -out ca.pem 2>/dev/null
      openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj '/CN=${names}' -addext 'subjectAltName=DNS:${names}' -keyout ${folder}/privkey.pem 2>/dev/null |
        openssl x509 -req -CA ca.pem -CAkey ca.key -days ${days} -copy_extensions copy 2>/dev/null >${folder}/fullchain.pem
      cat ca.pem >>${folder}/fullchain.pem; chmod 644 ${folder}/*.pem`);

  before(async () => {
    steps = await shippedSteps();
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'trixie', ready: withChasquid }] });
    host = world.host('mail');
    shell = await connectRoot(host);
  });
  after(() => world?.close());

  test(
    'chasquid, name and domain; the configuration keeps its comments and its links',
    { timeout: 480_000 },
    async () => {
      assert.equal((await apply('packages')).state, 'done');
      // As a configuration repository leaves it: the folder is a link.
      await host.sh(`mkdir -p /srv/conf && mv ${conf} /srv/conf/chasquid && ln -s /srv/conf/chasquid ${conf}
      printf 'hostname: "old.example.test" # ours\\nmax_data_size_mb: 20\\n' >>${conf}/chasquid.conf`);
      const was = await host.sh(`cat ${conf}/chasquid.conf`);
      const named = await apply('hostname');
      assert.equal(named.state, 'applied', JSON.stringify(named));
      const now = await host.sh(`cat ${conf}/chasquid.conf`);
      assert.equal(now.match(/^hostname:/gm)?.length, 1);
      assert.ok(
        now.includes('hostname: "mail.example.test"') &&
          now.includes('max_data_size_mb: 20') &&
          now.startsWith(was.slice(0, 60)),
      );
      assert.equal((await host.sh(`readlink ${conf}`)).trim(), '/srv/conf/chasquid');
      assert.equal((await undo('hostname')).failure, undefined);
      assert.equal(await host.sh(`cat ${conf}/chasquid.conf`), was);
      assert.equal((await host.sh('hostname; cat /etc/hostname')).trim(), 'mail\nmail');
      assert.equal((await apply('hostname')).state, 'applied');
      assert.equal((await apply('domain', { postmaster: 'you@gmail.com' })).state, 'applied');
      assert.equal(await host.sh(`cat ${conf}/domains/example.test/aliases`), 'postmaster: you@gmail.com\n');
      assert.equal((await check('domain')).state, 'done');
    },
  );

  test('a configuration that is broken is told, and left as it is', async () => {
    await host.sh(
      `cp -a ${conf}/chasquid.conf /root/good; echo 'hostnam: "x"' >>${conf}/chasquid.conf; sed -i '/^hostname:/d' ${conf}/chasquid.conf`,
    );
    const was = await host.sh(`cat ${conf}/chasquid.conf`);
    const result = await apply('hostname');
    assert.deepEqual([result.state, result.code], ['failed', 'chasquid-config'], JSON.stringify(result));
    assert.equal(await host.sh(`cat ${conf}/chasquid.conf`), was);
    await host.sh(`cat /root/good >${conf}/chasquid.conf`);
  });

  test('a line without an end is not lost to the postmaster’s', async () => {
    await host.sh(`printf 'info: you@gmail.com' >${conf}/domains/example.test/aliases`);
    assert.equal((await apply('domain', { postmaster: 'you@gmail.com' })).state, 'applied');
    assert.equal(
      await host.sh(`cat ${conf}/domains/example.test/aliases`),
      'info: you@gmail.com\npostmaster: you@gmail.com\n',
    );
    await host.sh(`printf '*: you@gmail.com\\n' >${conf}/domains/example.test/aliases`);
    assert.equal((await check('domain', { postmaster: 'you@gmail.com' })).state, 'done');
    // postmaster as a sender needs no alias; an alias to itself would be a loop.
    await host.sh(`: >${conf}/domains/example.test/aliases`);
    assert.equal((await check('domain', { sender: 'postmaster@example.test' })).state, 'done');
  });

  test('the key of the former signing hook is taken over, so that the published record stays right', async () => {
    await host.sh(
      `mkdir -p ${conf}/certs/example.test; openssl genrsa -traditional -out ${conf}/certs/example.test/dkim_privkey.pem 2048 2>/dev/null; echo former >${conf}/domains/example.test/dkim_selector`,
    );
    const key = await publicKey(`${conf}/certs/example.test/dkim_privkey.pem`);
    const result = await apply('dkim', { selector: 'new' });
    assert.deepEqual([result.state, result.detail, result.facts?.publicKey], ['applied', 'Signs with former', key]);
    assert.equal(await publicKey(`${conf}/domains/example.test/dkim:former.pem`), key);
    assert.equal((await apply('dkim', { selector: 'new' })).state, 'done');
    assert.equal((await host.sh(`ls ${conf}/domains/example.test | grep -c 'dkim:'`)).trim(), '1');
  });

  test('a key in the form that stops chasquid is rewritten; Ed25519 works; undo keeps a retired key', async () => {
    const folder = `${conf}/domains/example.test`;
    await host.sh(
      `rm -f ${folder}/dkim* ${conf}/certs/example.test/dkim*; openssl genrsa -traditional -out ${folder}/dkim:odd.pem 2048 2>/dev/null`,
    );
    const key = await publicKey(`${folder}/dkim:odd.pem`);
    assert.equal((await check('dkim')).state, 'needed');
    assert.equal((await apply('dkim')).facts?.publicKey, key);
    assert.match(await host.sh(`cat ${folder}/dkim:odd.pem`), /^-----BEGIN PRIVATE KEY-----/);
    await host.sh(`rm ${folder}/dkim*`);
    const made = await apply('dkim', { dkimAlgorithm: 'ed25519', selector: 'ed' });
    assert.deepEqual(
      [made.state, made.facts?.algorithm, Buffer.from(made.facts?.publicKey ?? '', 'base64').length],
      ['applied', 'ed25519', 32],
    );
    assert.equal((await undo('dkim')).failure, undefined);
    assert.equal((await host.sh(`ls ${folder} | grep -c dkim || true`)).trim(), '0');
    assert.match(await host.sh('find /var/backups/chasquid-setup/*-undo-dkim'), /dkim:ed\.pem/);
    assert.equal((await apply('dkim')).state, 'applied');
  });

  test('a certificate that is there is used; one that is no good is not', async () => {
    const place = `${conf}/certs/by-hand`;
    const state = async () => (await check('certificate')).state;
    assert.equal(await state(), 'needed');
    await certify(place, 'other.example.test', 90);
    assert.equal(await state(), 'needed');
    await host.sh(
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 90 -subj /CN=mail.example.test -addext subjectAltName=DNS:mail.example.test -keyout ${place}/privkey.pem -out ${place}/fullchain.pem 2>/dev/null`,
    );
    assert.equal(await state(), 'needed');
    await certify(place, '*.example.test', 90);
    const good = await check('certificate');
    assert.deepEqual([good.state, good.facts.folder], ['done', '/srv/conf/chasquid/certs/by-hand']);
    await host.sh(`cp ${place}/privkey.pem /root/right; openssl genpkey -algorithm ed25519 -out ${place}/privkey.pem`);
    assert.equal(await state(), 'needed');
    await host.sh(`cp /root/right ${place}/privkey.pem`);
    const renewal = await check('renewal-hook');
    assert.deepEqual([renewal.state, renewal.problems[0]?.code], ['impossible', 'unmanaged-certificate']);
    assert.match(renewal.problems[0]?.fix ?? '', /in the next (89|90) days/);
  });

  test('what the daemon cannot read is found and fixed, and restored by undo', async () => {
    await host.sh(`set -e; cd ${conf}; chmod 755 domains/example.test
      printf 'users: {}\\n' >domains/example.test/users; chown root:root domains/example.test/users; chmod 600 domains/example.test/users
      chmod 600 "$(ls domains/example.test/dkim:*.pem)"; chown root:root domains/example.test/dkim:*.pem
      mkdir -p /root/acme/mail; chmod 700 /root /root/acme; cp certs/by-hand/* /root/acme/mail/; chmod 600 /root/acme/mail/privkey.pem
      mkdir -p certs/linked; ln -sf /root/acme/mail/fullchain.pem /root/acme/mail/privkey.pem certs/linked/
      chmod 644 hooks/post-data; chmod 644 certs/by-hand/privkey.pem; : >'domains/example.test/dkim:with space$(x).pem'; chmod 600 domains/example.test/dkim:with*`);
    const modes = () =>
      host.sh(
        `stat -Lc '%a %U %G %n' ${conf}/domains/example.test/* ${conf}/hooks/post-data ${conf}/certs/*/*.pem /root /root/acme /root/acme/mail; getfacl -cp /root /root/acme/mail/privkey.pem 2>/dev/null || true`,
      );
    await host.sh('apt-get -qq update; apt-get -qq install -y acl >/dev/null');
    const was = await modes();
    const found = await check('permissions');
    assert.equal(found.state, 'needed');
    for (const name of [
      'users',
      'dkim:with space$(x).pem',
      'certs/linked/privkey.pem',
      'hooks/post-data: executable',
      'certs/by-hand/privkey.pem: not readable by everyone',
    ]) {
      assert.ok(
        found.diff.some(line => line.includes(name)),
        `${name} in ${found.diff.join('\n')}`,
      );
    }
    const result = await apply('permissions');
    assert.equal(
      result.state,
      'applied',
      `${JSON.stringify(result)}\n${await host.sh('cat /var/log/chasquid-setup/permissions.log')}`,
    );
    await host.sh(
      `for f in ${conf}/domains/example.test/* ${conf}/certs/linked/* ${conf}/certs/by-hand/*; do runuser -u chasquid -- cat "$f" >/dev/null || exit 1; done; runuser -u chasquid -- test -x ${conf}/hooks/post-data`,
    );
    assert.notEqual((await host.exec('runuser -u nobody -- cat /root/acme/mail/privkey.pem')).code, 0);
    assert.notEqual((await host.exec(`runuser -u nobody -- cat ${conf}/certs/by-hand/privkey.pem`)).code, 0);
    assert.equal((await undo('permissions')).failure, undefined);
    assert.equal(await modes(), was);
    await host.sh(
      `rm ${conf}/domains/example.test/dkim:with* ${conf}/domains/example.test/users; rm -r ${conf}/certs/linked`,
    );
    assert.equal((await apply('permissions')).state, 'applied');
  });

  test('a sender whose password differs gets the given one; others stay', async () => {
    const users = `${conf}/domains/example.test/users`;
    const add = (sender: string, senderPassword: string) => apply('sender', { sender, senderPassword });
    assert.equal((await add('a@example.test', 'first password')).state, 'applied');
    assert.equal((await add('b@example.test', 'other password')).state, 'applied');
    const b = (await host.sh(`cat ${users}`)).match(/key:\s*"b"[^]*/)?.[0];
    assert.equal((await add('a@example.test', 'first password')).state, 'done');
    const changed = await add('a@example.test', 'second password');
    assert.deepEqual([changed.state, changed.diff?.[0]?.includes('the password of a')], ['applied', true]);
    assert.equal((await host.sh(`cat ${users}`)).match(/key:\s*"b"[^]*/)?.[0], b);
    assert.equal((await host.sh(`stat -c '%a %U %G' ${users}`)).trim(), '640 root chasquid');
    assert.equal((await check('sender', { sender: 'a@example.test' })).state, 'done');
    const stranger = await add('x@elsewhere.test', 'some password');
    assert.deepEqual([stranger.state, stranger.code], ['failed', 'no-domain']);
  });

  test('a service that does not come up is explained, and comes up once that is fixed', async () => {
    const key = `${conf}/domains/example.test/dkim:broken.pem`;
    await host.sh(`echo nonsense >'${key}'; chmod 644 '${key}'`);
    const result = await apply('service');
    assert.deepEqual([result.state, result.code], ['failed', 'chasquid-dkim'], JSON.stringify(result));
    assert.match(result.fix ?? '', /DKIM key/);
    await host.sh(`rm '${key}'`);
    assert.equal((await apply('service')).state, 'applied');
    assert.equal((await check('service')).state, 'done');
  });

  test('what chasquid reads at its start only makes a restart needed; aliases and users do not', async () => {
    await host.sh(
      `echo 'info: you@gmail.com' >>${conf}/domains/example.test/aliases; touch ${conf}/domains/example.test/users`,
    );
    assert.equal((await check('service')).state, 'done');
    await host.sh(`touch ${conf}/chasquid.conf`);
    const stale = await check('service');
    assert.deepEqual([stale.state, stale.detail.includes('chasquid.conf')], ['needed', true]);
    assert.equal((await apply('service')).state, 'applied');
    assert.deepEqual(states([await apply('service')]), { service: 'done' });
  });
});
