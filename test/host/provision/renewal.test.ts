import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RootShell } from '../../../src/host/protocol/privilege';
import { runPlan } from '../../../src/provision/runner';
import type { Steps } from '../../../src/provision/step';
import { Sandbox } from '../../sandbox';
import type { Host, Suite } from '../../sandbox/host';
import { connectRoot } from '../../support/connect';
import { Witness, answers, shippedSteps, states } from './support';

const certs = '/etc/chasquid/certs';
const place = `${certs}/mail.example.test`;
const renewals: [Suite, 'acme.sh' | 'certbot', string][] = [
  ['trixie', 'acme.sh', 'HOME=/root acme.sh --cron --force --home /root/.acme.sh'],
  [
    'bookworm',
    'certbot',
    'REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt certbot renew -n --force-renewal --no-random-sleep-on-renew',
  ],
];

for (const [suite, client, renew] of renewals) {
  describe(`a certificate that ${client} renews, into a folder that belongs to the daemon`, () => {
    let world: Sandbox;
    let host: Host;
    let steps: Steps;
    let shell: RootShell & { connection: { close(): void } };

    const run = async (...chosen: string[]) => {
      const inputs = { ...answers(world, client, 'a password of some length') };
      const ui = new Witness();
      const reconnect = () => connectRoot(host);
      return states((await runPlan({ shell, steps, chosen, inputs, mode: 'apply', ui, reconnect })).results);
    };
    const serial = (file: string) => host.sh(`openssl x509 -in ${file} -noout -serial`);
    const outside = () => host.sh("cd /srv/outside && stat -c '%n %U %a' . * && cat *");

    before(async () => {
      steps = await shippedSteps();
      world = await Sandbox.boot({ hosts: [{ name: 'mail', suite }] });
      host = world.host('mail');
      shell = await connectRoot(host);
      assert.equal((await run('packages')).packages, 'applied');
      await host.sh(`mkdir -p ${certs}; chown -R chasquid:chasquid ${certs}
        install -d -m 700 /srv/outside; cd /srv/outside; echo secret >privkey.pem; echo other >fullchain.pem; chmod 600 *`);
    });
    after(async () => {
      shell?.connection.close();
      await world?.close();
    });

    test('is put in place, and nowhere else through links of the daemon', { timeout: 480_000 }, async () => {
      const chosen = ['hostname', 'domain', 'dkim', 'certificate', 'service', 'renewal-hook'];
      assert.deepEqual(await run(...chosen), Object.fromEntries(chosen.map(id => [id, 'applied'])));
      const was = await outside();
      const first = await serial(`${place}/fullchain.pem`);
      if (client === 'acme.sh') {
        // As somebody else would have told acme.sh: it writes there itself, and follows links.
        await host.sh(`HOME=/root acme.sh --home /root/.acme.sh --install-cert -d mail.example.test --ecc --ca-file /srv/ca.pem \
          --key-file ${place}/privkey.pem --fullchain-file ${place}/fullchain.pem --reloadcmd 'systemctl try-restart chasquid'`);
        assert.deepEqual(await run('renewal-hook'), { 'renewal-hook': 'applied' });
        assert.equal(
          await host.sh("grep -h '^Le_Real' /root/.acme.sh/*/mail.example.test.conf"),
          "Le_RealCertPath=''\nLe_RealCACertPath='/srv/ca.pem'\nLe_RealKeyPath=''\nLe_RealFullChainPath=''\n",
        );
      }
      // certs/ is the daemon's, so it can put a folder of its own in the place of ours.
      const asDaemon = (script: string) => host.sh(`runuser -u chasquid -- sh -ec 'cd ${certs}; ${script}'`);
      await asDaemon('cp -rL mail.example.test mine; mv mail.example.test ours; mv mine mail.example.test');
      await host.sh(renew);
      assert.equal(await host.sh(`cd ${place}; stat -c '%F %U %G %a' *`), 'regular file root chasquid 640\n'.repeat(2));
      assert.notEqual(await serial(`${place}/fullchain.pem`), first);
      assert.deepEqual(await run('certificate', 'renewal-hook'), { certificate: 'done', 'renewal-hook': 'done' });

      await asDaemon('cd mail.example.test; for file in *; do ln -sf /srv/outside/$file .; done');
      await host.exec(renew);
      assert.equal(await outside(), was);
      await asDaemon('mv mail.example.test links; ln -s /srv/outside mail.example.test');
      await host.exec(renew);
      assert.equal(await outside(), was);
    });
  });
}
