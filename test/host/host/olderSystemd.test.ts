import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readFacts } from '../../../src/host/facts/readFacts';
import { readStatus, restartService } from '../../../src/host/services/services';
import { bootBoth, suites, type BothSuites } from '../../support/bothSuites';
import { setUpByHand } from '../../support/chasquid';

let both: BothSuites | undefined;

/** Before the real systemctl in the PATH of every script; refuses what systemd 249 (Ubuntu 22.04) refuses, in its words. */
const systemctl249 = `#!/bin/sh
for option do
  case $option in --timestamp=unix) echo 'Invalid value: unix.' >&2; exit 1 ;; esac
done
exec /usr/bin/systemctl "$@"
`;

before(async () => {
  both = await bootBoth(async host => {
    await setUpByHand(host, {
      domain: 'example.test',
      hostname: 'mail.example.test',
      selector: 's',
      senders: { i: 'secret' },
    });
    await host.sh('cat >/usr/local/bin/systemctl; chmod 755 /usr/local/bin/systemctl', { stdin: systemctl249 });
  });
});
after(() => both?.close());

for (const suite of suites) {
  const of = () => ({ host: both!.world.host(suite), shell: both!.shells.get(suite)! });

  for (const zone of ['UTC', 'Asia/Kolkata', 'America/St_Johns']) {
    test(`${suite}: state and its time with the systemctl of systemd 249, in the zone ${zone}`, async () => {
      const { host, shell } = of();
      await host.sh(`ln -sf /usr/share/zoneinfo/${zone} /etc/localtime`);
      const asked = Math.floor(Date.now() / 1000);
      const restarted = await restartService(shell);
      const known = Math.ceil(Date.now() / 1000);
      const status = await readStatus(shell);
      const { chasquid } = await readFacts(shell);
      assert.deepEqual([restarted.state, status.state, chasquid!.service], ['active', 'active', 'active']);
      assert.ok(
        restarted.since! >= asked && restarted.since! <= known,
        `${asked} ≤ ${restarted.since ?? 'none'} ≤ ${known}`,
      );
      assert.deepEqual([status.since, chasquid!.since], [restarted.since, restarted.since]);
    });
  }

  test(`${suite}: a systemctl that gives no answer is reported, not taken for a stopped service`, async () => {
    const { host, shell } = of();
    await host.sh(
      `printf '#!/bin/sh\\necho "Failed to connect to bus" >&2; exit 1\\n' >/usr/local/bin/systemctl.new
      chmod 755 /usr/local/bin/systemctl.new; mv /usr/local/bin/systemctl.new /usr/local/bin/systemctl`,
    );
    await assert.rejects(readStatus(shell), { code: 'no-answer', message: /Failed to connect to bus/ });
    const { problems } = await readFacts(shell);
    assert.deepEqual(problems, [
      'The state of the service is unknown: systemctl reported “Failed to connect to bus”. Run systemctl status chasquid in a terminal on the server.',
    ]);
  });
}
