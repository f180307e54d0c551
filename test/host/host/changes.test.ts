import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addressExists, resolveAddress } from '../../../src/chasquid/aliases/resolve';
import { buildWorld } from '../../../src/chasquid/tree/world';
import { readConfigTree } from '../../../src/host/files/configTree';
import { keepRotation, moveKeyIn, readRotation, stageKey, takeKeysOut } from '../../../src/host/domains/dkimKeys';
import { removeDomain, restoreDomain } from '../../../src/host/domains/domains';
import { readFacts } from '../../../src/host/facts/readFacts';
import { restartService } from '../../../src/host/services/services';
import type { HostError } from '../../../src/host/protocol/shell';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';
import { versionOf } from '../../../src/chasquid/versions';

const domain = 'example.test';
let both: BothSuites | undefined;

before(async () => {
  both = await bootBoth(host =>
    setUpByHand(host, { domain, hostname: 'mail.example.test', selector: 'old', senders: { i: 'secret' } }),
  );
});
after(() => both?.close());

const code = (expected: string) => (error: HostError) => {
  assert.equal(error.code, expected, error.message);
  return true;
};

for (const suite of suites) {
  const of = () => ({ host: both!.world.host(suite), shell: both!.shells.get(suite)! });
  const dkim = async () => (await readFacts(of().shell)).chasquid!.domains[0]!.dkim;

  test(`${suite}: the configuration tree answers as the server's own chasquid-util`, async () => {
    const { host, shell } = of();
    await host.sh(`cd /etc/chasquid/domains; mkdir -p other.test
      printf 'info: i@example.test, x@far.test\\npipe: | cat "a b"\\nloop: loop\\n' > example.test/aliases
      printf 'all: info@example.test\\n' > other.test/aliases; chown -R chasquid: .; systemctl restart chasquid`);
    const tree = await readConfigTree(shell);
    assert.deepEqual(
      tree.domains?.map(each => each.name),
      [domain, 'other.test'],
    );
    assert.deepEqual(tree.problems, []);
    const { chasquid } = await readFacts(shell);
    const world = buildWorld(tree, { version: versionOf(chasquid!.version) });
    for (const address of ['all@other.test', 'pipe@example.test', 'i@example.test', 'nobody@example.test']) {
      const theirs = await host.sh(`chasquid-util aliases-resolve ${address} 2>/dev/null | grep -v ': loaded '`);
      const ours = resolveAddress(world, address).recipients!;
      assert.deepEqual(
        ours.map(each => each.address),
        theirs
          .trim()
          .split('\n')
          .map(line => /^\(?(?:email|pipe)\)?\s+(.*)$/.exec(line)?.[1]),
        theirs,
      );
    }
    assert.equal(resolveAddress(world, 'loop@example.test').error, 'recursion limit exceeded');
    assert.equal(addressExists(world, 'i@example.test'), true);
    assert.equal(addressExists(world, 'nobody@example.test'), false);
    await host.sh('printf "" > /etc/chasquid/domains/example.test/aliases');
  });

  test(`${suite}: a domain is removed with all that is its own, and restored as it was`, async () => {
    const { host, shell } = of();
    const look = () =>
      host.sh('cd /etc/chasquid/domains; find . -printf "%p %m %u %g\\n" | sort; cat example.test/users');
    const was = await look();
    const backup = await removeDomain(shell, domain);
    assert.match(backup, /^\/var\/backups\/chasquid-setup\/\d{8}T\d{6}Z-remove-domain\.\d+$/);
    assert.equal(await host.sh('ls /etc/chasquid/domains'), 'other.test\n');
    assert.equal((await restartService(shell)).state, 'active');
    await assert.rejects(removeDomain(shell, domain), code('no-domain'));
    await assert.rejects(removeDomain(shell, 'other.test'), code('last-domain'));
    await assert.rejects(removeDomain(shell, '../../etc'), RangeError);
    await restoreDomain(shell, domain, backup);
    assert.equal(await look(), was);
    await assert.rejects(restoreDomain(shell, domain, backup), code('domain-exists'));
    assert.equal((await restartService(shell)).state, 'active');
  });

  test(`${suite}: DKIM keys are staged aside, moved in and taken out`, async () => {
    const { host, shell } = of();
    const builtIn = suite === 'trixie';
    assert.deepEqual(
      (await dkim()).map(key => key.selector),
      ['old'],
    );
    const staged = await stageKey(shell, domain, { selector: 'new', algorithm: 'rsa' });
    assert.deepEqual(await stageKey(shell, domain, { selector: 'new', algorithm: 'rsa' }), staged, 'made only once');
    await keepRotation(shell, domain, { hello: "it's" });
    assert.deepEqual(await readRotation(shell, domain), { staged: [staged], note: { hello: "it's" } });
    assert.equal((await host.sh('find /var/lib/chasquid-setup -perm /077')).trim(), '', 'for root only');
    assert.deepEqual(
      (await dkim()).map(key => key.selector),
      ['old'],
    );
    await moveKeyIn(shell, domain, { selector: 'new', builtIn });
    const keys = await dkim();
    assert.deepEqual(
      keys.map(key => key.selector),
      builtIn ? ['new', 'old'] : ['new'],
    );
    const moved = keys.find(key => key.selector === 'new')!;
    assert.deepEqual([moved.publicKey, moved.readable], [staged.publicKey, true]);
    assert.deepEqual((await readRotation(shell, domain)).staged, []);
    if (builtIn) {
      await moveKeyIn(shell, domain, { selector: 'new', builtIn });
      await takeKeysOut(shell, domain, ['old', 'gone']);
    }
    assert.deepEqual(
      (await dkim()).map(key => key.selector),
      ['new'],
    );
    assert.equal(await host.sh(`ls /var/lib/chasquid-setup/dkim/${domain}/retired`), 'dkim:old.pem\n');
    assert.equal((await restartService(shell)).state, 'active');
    await keepRotation(shell, domain, undefined);
    assert.deepEqual(await readRotation(shell, domain), { staged: [], note: undefined });
    await assert.rejects(moveKeyIn(shell, domain, { selector: 'never', builtIn }), code('no-key'));
    await assert.rejects(stageKey(shell, domain, { selector: '../x', algorithm: 'rsa' }), RangeError);
    await assert.rejects(stageKey(shell, 'no.test', { selector: 's', algorithm: 'rsa' }), code('no-domain'));
  });
}
