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
import { connectRoot } from '../../support/connect';
import { Witness, shippedSteps } from './support';

const file = '/etc/sysctl.d/90-provider.conf';
const off = `# The image came with this.
net.ipv6.conf.all.disable_ipv6 = 1
net.ipv6.conf.default.disable_ipv6=1
net.ipv4.tcp_syncookies = 1
`;

describe('the step IPv6', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;
  let shell: RootShell;

  before(async () => {
    steps = await shippedSteps();
    world = await Sandbox.boot({ hosts: [{ name: 'mail' }] });
    host = world.host('mail');
    shell = await connectRoot(host);
  });
  after(() => world?.close());

  const step = (): Step => steps.list.find(({ id }) => id === 'ipv6')!;
  const check = () => checkStep(shell, steps, step(), completeInputs(steps, [], {}));
  const run = async () => {
    const reconnect = () => connectRoot(host);
    const ui = new Witness();
    const { results } = await runPlan({ shell, steps, chosen: ['ipv6'], inputs: {}, mode: 'apply', ui, reconnect });
    return results[0]!;
  };
  const isOff = async () => (await host.sh('cat /proc/sys/net/ipv6/conf/all/disable_ipv6')).trim() === '1';
  const switchOff = () =>
    host.sh(
      `cat > ${file}; sysctl -q -p ${file} 2>/dev/null || true; echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6`,
      { stdin: off },
    );

  test('is done where there is an address', async () => {
    const { state, detail } = await check();
    assert.deepEqual([state, detail], ['done', host.ipv6]);
  });

  test('switches IPv6 on in the files and in the running system; the address comes back, here from a stand-in for the provider’s router', async () => {
    await switchOff();
    await host.sh(`systemd-run --quiet --unit=router sh -c '
      while :; do sleep 0.2
        if [ "$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6)" = 0 ] && ! ip -6 addr show scope global | grep -q ${host.ipv6}/; then
          ip -6 addr add ${host.ipv6}/64 dev $(ip -o route show default | sed "s/.* dev \\([^ ]*\\).*/\\1/") nodad; fi
      done'`);
    const before = await check();
    assert.equal(before.state, 'needed', JSON.stringify(before));
    for (const line of [
      `- ${file}: net.ipv6.conf.all.disable_ipv6 = 1`,
      `+ ${file}: net.ipv6.conf.all.disable_ipv6 = 0`,
      '+ net.ipv6.conf.all.disable_ipv6 = 0, in the running system',
    ])
      assert.ok(before.diff.includes(line), before.diff.join('\n'));
    const { state, detail } = await run();
    assert.deepEqual([state, detail], ['applied', host.ipv6]);
    assert.equal(
      await host.sh(`cat ${file}`),
      off.replaceAll(/= ?1$/gm, match => match.replace('1', '0')).replace('tcp_syncookies = 0', 'tcp_syncookies = 1'),
    );
    assert.equal(await isOff(), false);
    assert.equal((await run()).state, 'done');
  });

  test('says what to do where IPv6 is on and no address comes', async () => {
    await host.sh(`systemctl stop router; ip -6 addr flush scope global`);
    const { state, problems } = await check();
    assert.deepEqual([state, problems.map(({ code }) => code)], ['impossible', ['ipv6-no-address']]);
    assert.match(problems[0]!.fix, /netplan.*interfaces/);
  });

  test('is undone', async () => {
    assert.equal((await runAction(shell, steps, step(), 'undo', {})).failure, undefined);
    assert.equal(await host.sh(`cat ${file}`), off);
    assert.equal(await isOff(), true);
  });
});
