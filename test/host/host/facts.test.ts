import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFacts } from '../../../src/host/facts/readFacts';
import type { Host, Suite } from '../../sandbox/host';
import { Sandbox } from '../../sandbox/index';
import { setUpByHand } from '../../support/chasquid';
import { connectRoot, connectUser } from '../../support/connect';

const suites: Suite[] = ['bookworm', 'trixie'];
const hostname = 'mail.example.test';
let world: Sandbox;
const records: Record<string, string> = {};

before(async () => {
  world = await Sandbox.boot({ hosts: suites.map(suite => ({ name: suite, suite })) });
});
after(() => world?.close());

/** Facts as `user` gets them, and how long they took. */
async function factsAs(host: Host, user = 'root') {
  const shell = await (user === 'plain' ? connectUser(host, user) : connectRoot(host, user));
  try {
    const start = performance.now();
    const facts = await readFacts(shell);
    return { facts, ms: performance.now() - start };
  } finally {
    shell.connection.close();
  }
}

for (const suite of suites) {
  test(`${suite}: a fresh host has no chasquid and no problems`, async () => {
    const host = world.host(suite);
    const { facts } = await factsAs(host);
    assert.deepEqual(facts.os, {
      id: 'debian',
      versionId: suite === 'bookworm' ? '12' : '13',
      prettyName: `Debian GNU/Linux ${suite === 'bookworm' ? '12 (bookworm)' : '13 (trixie)'}`,
      codename: suite,
    });
    assert.equal(facts.chasquid, undefined);
    assert.deepEqual(facts.problems, []);
    assert.deepEqual(facts.addresses, { ipv4: [host.ipv4], ipv6: [host.ipv6] });
    assert.equal(facts.hostname, suite);
    assert.ok(facts.memoryMb > 100 && facts.diskFreeMb > 100 && facts.diskFreeMb < 1100, JSON.stringify(facts));
  });

  test(`${suite}: who is logged in, and how they become root`, async () => {
    const seen = await Promise.all(
      ['root', 'debian', 'operator', 'plain'].map(user => factsAs(world.host(suite), user)),
    );
    assert.deepEqual(
      seen.map(({ facts }) => [facts.user, facts.privilege]),
      [
        ['root', 'root'],
        ['debian', 'sudo'],
        ['operator', 'sudo-password'],
        ['plain', 'none'],
      ],
    );
  });

  test(`${suite}: a running server is told in full`, async context => {
    const host = world.host(suite);
    records[suite] = await setUpByHand(host, {
      domain: 'example.test',
      hostname,
      selector: 'sel1',
      senders: { i: 'secret', zoë: 'p ä"\\' },
    });
    await host.sh(`cd /etc/chasquid/domains/example.test
      printf '# a comment\\npostmaster: i\\nA: b@x.test\\n*:  you@gmail.com \\nbad line\\n' > aliases; chown chasquid: aliases`);
    const { facts, ms } = await factsAs(host);
    context.diagnostic(`facts of a running server: ${Math.round(ms)} ms`);
    assert.deepEqual(facts.problems, []);
    const { chasquid } = facts;
    assert.match(chasquid!.version, suite === 'bookworm' ? /^1\.11-/ : /^1\.15/);
    assert.equal(chasquid!.service, 'active');
    assert.ok(Math.abs(chasquid!.since! - Date.now() / 1000) < 120);
    assert.equal(chasquid!.configDir, '/etc/chasquid');
    assert.equal(chasquid!.daemonUser, 'chasquid');
    assert.equal(chasquid!.hostname, hostname);
    assert.equal(chasquid!.queueLength, 0);
    const [domain] = chasquid!.domains;
    assert.equal(chasquid!.domains.length, 1);
    assert.deepEqual(
      { ...domain, dkim: [] },
      { name: 'example.test', senders: ['i', 'zoë'], aliasCount: 2, catchAll: 'you@gmail.com', dkim: [] },
    );
    const [key] = domain!.dkim;
    assert.equal(domain!.dkim.length, 1);
    assert.equal(key!.selector, 'sel1');
    assert.equal(key!.algorithm, 'rsa');
    assert.equal(key!.readable, true);
    assert.equal(key!.publicKey, /p=([^;"]*)/.exec(records[suite])![1]!.replace(/[\s"]/g, ''));
    const certificate = chasquid!.certificates.find(one => one.name === hostname);
    assert.deepEqual(
      [certificate!.names, certificate!.issuer, certificate!.readable, certificate!.linked],
      [[hostname], hostname, true, false],
    );
    assert.ok(Math.abs(certificate!.notAfter - Date.now() / 1000 - 90 * 86400) < 86400);
  });

  test(`${suite}: which keys the running daemon knows, and what pins its certificate`, async () => {
    const host = world.host(suite);
    const loaded = async () => (await factsAs(host)).facts.chasquid!.domains[0]!.dkim[0]!.loaded;
    // The hook of the older one reads its key for each message.
    assert.equal(await loaded(), suite === 'bookworm' ? undefined : true);
    await host.sh(`sleep 1; cd /etc/chasquid/domains/example.test
      for key in dkim:*.pem; do [ ! -f "$key" ] || { mv "$key" /root/key; mv /root/key "$key"; }; done`);
    assert.equal(await loaded(), suite === 'bookworm' ? undefined : false);
    await host.sh('systemctl restart chasquid; sleep 1');
    assert.equal(await loaded(), suite === 'bookworm' ? undefined : true);

    const { facts } = await factsAs(host);
    const own = facts.chasquid!.certificates.find(one => one.name === hostname)!;
    const pin = await host.sh(`openssl x509 -in /etc/chasquid/certs/${hostname}/fullchain.pem -noout -pubkey |
      openssl pkey -pubin -outform DER | sha256sum | cut -d' ' -f1`);
    assert.ok(own.tlsa!.includes(`3 1 1 ${pin.trim()}`));
  });

  test(`${suite}: without root it tells what it can, and names what it could not read`, async () => {
    const { facts } = await factsAs(world.host(suite), 'plain');
    assert.equal(facts.chasquid!.service, 'active');
    assert.deepEqual(facts.chasquid!.domains[0]!.senders, []);
    assert.equal(facts.chasquid!.certificates[0]!.readable, undefined);
    assert.equal(facts.chasquid!.queueLength, undefined);
    assert.ok(
      facts.problems.some(text => /domains\/example\.test\/users could not be read: plain may not open it/.test(text)),
      facts.problems.join('\n'),
    );
    const key = suite === 'bookworm' ? 'certs/example.test/dkim_privkey.pem' : 'domains/example.test/dkim:sel1.pem';
    assert.ok(
      facts.problems.some(text => text.startsWith(`${key} could not be read`)),
      facts.problems.join('\n'),
    );
  });

  test(`${suite}: what the daemon cannot read is told (issue 79 of chasquid)`, async () => {
    const host = world.host(suite);
    const key = suite === 'bookworm' ? 'certs/example.test/dkim_privkey.pem' : 'domains/example.test/dkim:sel1.pem';
    await host.sh(
      `cd /etc/chasquid; chown root: '${key}' certs/${hostname}/privkey.pem; chmod 600 '${key}' certs/${hostname}/privkey.pem`,
    );
    const { facts } = await factsAs(host);
    assert.equal(facts.chasquid!.domains[0]!.dkim[0]!.readable, false);
    assert.equal(facts.chasquid!.certificates.find(one => one.name === hostname)!.readable, false);
    // An access list for the daemon's user counts.
    await host.sh(`apt-get -qq install -y acl >/dev/null; cd /etc/chasquid; setfacl -m u:chasquid:r '${key}'`);
    assert.equal((await factsAs(host)).facts.chasquid!.domains[0]!.dkim[0]!.readable, true);
    await host.sh('chown -R chasquid: /etc/chasquid/certs /etc/chasquid/domains');
  });

  test(`${suite}: hostile names and contents arrive as they are and run nothing`, async () => {
    const host = world.host(suite);
    await host.sh(String.raw`set -e; cd /etc/chasquid/domains
      evil="$(printf 'a"b\\c$(touch _ran)\140touch _ran\140;\047x\nnewline')"
      mkdir -- "$evil" "ünï.test" '-rf'
      printf 'users: {' > "$evil/users"; printf '*: x\n' > "$evil/aliases"
      openssl genpkey -algorithm ed25519 -out "$evil/dkim:\$(touch _ran).pem"
      echo nothing > 'ünï.test/dkim:x.pem'
      mkdir ../certs/broken; echo nothing > ../certs/broken/fullchain.pem
      ln -s /etc/chasquid/certs/${hostname} ../certs/linked`);
    const { facts } = await factsAs(host);
    await host.sh('test -z "$(find / -xdev -name _ran)"');
    const evil = 'a"b\\c$(touch _ran)`touch _ran`;\'x\nnewline';
    const domains = facts.chasquid!.domains;
    assert.deepEqual(domains.map(one => one.name).sort(), ['-rf', evil, 'example.test', 'ünï.test'].sort());
    const found = domains.find(one => one.name === evil);
    assert.equal(found!.catchAll, 'x');
    // The DNS holds no such selector, so nobody could verify what this key signs; before 1.14 chasquid does not sign at all.
    assert.deepEqual(found!.dkim, []);
    assert.equal(facts.chasquid!.certificates.find(one => one.name === 'linked')!.linked, true);
    const problems = facts.problems.join('\n');
    assert.match(problems, /users cannot be understood \(line 1/);
    assert.match(problems, /domains\/ünï\.test\/dkim:x\.pem holds no RSA or Ed25519 private key/);
    assert.match(problems, /dkim:\$\(touch _ran\)\.pem is not used/);
    assert.match(problems, /certs\/broken\/fullchain\.pem holds no certificate/);
    await host.sh(
      `cd /etc/chasquid/domains; find . -mindepth 1 -maxdepth 1 ! -name example.test -exec rm -rf -- {} +; rm -rf ../certs/broken ../certs/linked`,
    );
  });

  test(`${suite}: a server that was set up with the ops.soft repository`, async () => {
    const host = world.host(suite);
    await host.sh(`set -e; mkdir -p /mnt/www/conf /mnt/www/.acme.sh/example.test_ecc
      mv /etc/chasquid /mnt/www/conf/chasquid; ln -s /mnt/www/conf/chasquid /etc/chasquid
      cd /mnt/www/.acme.sh/example.test_ecc
      mv /etc/chasquid/certs/${hostname}/fullchain.pem fullchain.cer; mv /etc/chasquid/certs/${hostname}/privkey.pem example.test.key
      rm -r /etc/chasquid/certs/${hostname}; mkdir -p /etc/chasquid/certs/example.test; cd /etc/chasquid/certs/example.test
      ln -s /mnt/www/.acme.sh/example.test_ecc/fullchain.cer fullchain.pem; ln -s /mnt/www/.acme.sh/example.test_ecc/example.test.key privkey.pem
      [ -e dkim_privkey.pem ] || openssl genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:2048 -out dkim_privkey.pem 2>/dev/null
      echo ops > ../../domains/example.test/dkim_selector
      printf '#!/bin/sh\\n# signs with dkimsign\\n' > ../../hooks/post-data
      chown -RL chasquid: /mnt/www; systemctl stop chasquid.service`);
    const { facts } = await factsAs(host);
    assert.deepEqual(facts.problems, []);
    assert.equal(facts.chasquid!.service, 'inactive');
    assert.deepEqual(
      facts.chasquid!.certificates.map(one => [one.name, one.names, one.readable, one.linked]),
      [['example.test', [hostname], true, false]],
    );
    const keys = facts.chasquid!.domains[0]!.dkim.map(key => [key.file, key.selector, key.bits]);
    assert.deepEqual(
      keys.find(([file]) => file === 'certs/example.test/dkim_privkey.pem'),
      ['certs/example.test/dkim_privkey.pem', 'ops', 2048],
    );
  });

  test(`${suite}: a service that fails is failed`, async () => {
    const host = world.host(suite);
    await host.sh(`echo 'nonsense: 1' >> /etc/chasquid/chasquid.conf; systemctl start chasquid || true
      for _ in $(seq 100); do [ "$(systemctl is-active chasquid)" = failed ] && exit 0; sleep 0.1; done; exit 1`);
    const { facts } = await factsAs(host);
    assert.equal(facts.chasquid!.service, 'failed');
    assert.equal(facts.chasquid!.hostname, hostname);
  });
}
