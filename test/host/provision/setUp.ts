import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { createTransport } from 'nodemailer';
import { planState } from '../../../src/provision/check';
import { completeInputs } from '../../../src/provision/inputs';
import type { PlanOutcome, StepResult } from '../../../src/provision/plan';
import { runPlan } from '../../../src/provision/runner';
import type { Steps } from '../../../src/provision/step';
import { Sandbox } from '../../sandbox';
import type { Host, Suite } from '../../sandbox/host';
import { connectRoot } from '../../support/connect';
import {
  ProcessWatch,
  SecretWatch,
  Witness,
  answers,
  changes,
  fingerprint,
  shippedSteps,
  states,
  usual,
} from './support';

const senderPassword = `pä$$ "w'ord\`; $(touch /root/executed) \\`;

/** The whole way from an empty machine to a signed, delivered and verified mail, on one suite, as one user, with one certificate client. */
export function setUpTests(suite: Suite, user: 'root' | 'debian' | 'operator', client: 'acme.sh' | 'certbot'): void {
  describe(`Set Up Server on ${suite}, as ${user}, with ${client}`, () => {
    let world: Sandbox;
    let host: Host;
    let steps: Steps;
    let inputs: Record<string, string>;
    let first: PlanOutcome;

    const run = async (
      ui: Witness,
      mode: 'apply' | 'dryRun' = 'apply',
      chosen = usual(steps),
    ): Promise<PlanOutcome> => {
      const shell = await connectRoot(host, user);
      return runPlan({ shell, steps, chosen, inputs, mode, ui, reconnect: () => connectRoot(host, user) });
    };
    const fact = (id: string, name: string): string =>
      first.results.find(result => result.id === id)?.facts?.[name] ?? '';

    before(async () => {
      steps = await shippedSteps();
      world = await Sandbox.boot({ hosts: [{ name: 'mail', suite }] });
      host = world.host('mail');
      inputs = answers(world, client, senderPassword);
    });
    after(() => world?.close());

    test('a dry run tells what would change, and changes nothing', async () => {
      const was = await fingerprint(host);
      const outcome = await run(new Witness(), 'dryRun');
      assert.equal(outcome.changed, 0);
      assert.equal(states(outcome.results).preflight, 'done', JSON.stringify(outcome.results[0]));
      for (const result of outcome.results.slice(1)) assert.equal(result.state, 'needed', result.id);
      const hostname = outcome.results.find(result => result.id === 'hostname');
      assert.ok(
        hostname?.diff?.includes('+ chasquid.conf: hostname: "mail.example.test"'),
        JSON.stringify(hostname?.diff),
      );
      assert.deepEqual(changes(was, await fingerprint(host)), []);
    });

    test(
      'the plan is applied, through a connection that is cut in the middle of three steps',
      { timeout: 900_000 },
      async () => {
        const cut: string[] = [];
        const ui = new Witness([], event => {
          // Once in each of them, as soon as the step has said something.
          if (
            event.type !== 'output' ||
            cut.includes(event.id) ||
            !['packages', 'dkim', 'certificate'].includes(event.id)
          )
            return;
          cut.push(event.id);
          void host.dropConnections();
        });
        const secrets = [senderPassword, senderPassword.slice(0, 8), world.dns.tsig.secret];
        const [watch, secretWatch] = [new ProcessWatch(host), new SecretWatch(secrets)];
        first = await run(ui);
        const [processes, { seen }] = [await watch.stop(), secretWatch.stop()];
        assert.deepEqual(ui.failures, []);
        assert.deepEqual(
          states(first.results),
          Object.fromEntries(
            usual(steps).map(id => [id, id === 'preflight' || id === 'permissions' ? 'done' : 'applied']),
          ),
        );
        assert.ok(cut.includes('packages') && cut.includes('certificate'), cut.join());
        assert.ok(ui.connection.length >= 4, ui.connection.join());
        for (const [index, state] of ui.connection.entries())
          assert.equal(state, index % 2 === 0 ? 'lost' : 'restored');
        for (const result of first.results)
          console.log(`  ${result.id}: ${result.state}, ${result.durationMs} ms, ${result.detail}`);

        // The secrets were there while it ran, and nowhere to be seen.
        assert.match(processes, /apt-get|dpkg/);
        assert.deepEqual(seen, []);
        for (const secret of secrets) {
          assert.ok(!processes.includes(secret), 'a secret was in a command line');
          assert.ok(!ui.output.includes(secret), 'a secret was in the output');
          assert.ok(
            !JSON.stringify(ui.events).includes(JSON.stringify(secret).slice(1, -1)),
            'a secret was in an event',
          );
        }
      },
    );

    test('nothing of an input was executed, logged, or left lying about', async () => {
      assert.equal((await host.exec('ls /root/executed /executed')).stdout, '');
      const found = await host.sh(
        `secret=$(cat); { grep -rlF -e "$secret" /var/log /var/backups /run /tmp /etc/systemd 2>/dev/null; journalctl --no-pager -o cat | grep -F -e "$secret"; } || true`,
        { stdin: senderPassword },
      );
      assert.equal(found, '');
      assert.equal(await host.sh('ls -d /run/chasquid-setup-* /tmp/chasquid-setup* 2>/dev/null || true'), '');
      assert.equal(
        (await host.sh('stat -c %a /var/log/chasquid-setup /run/chasquid-setup /var/backups/chasquid-setup')).trim(),
        '700\n700\n700',
      );
    });

    test('a second run finds everything right, in one round trip each, and changes nothing', async () => {
      const was = await fingerprint(host);
      const outcome = await run(new Witness());
      assert.deepEqual(
        states(outcome.results),
        Object.fromEntries(usual(steps).map(id => [id, 'done'])),
        JSON.stringify(outcome.results),
      );
      assert.equal(outcome.changed, 0);
      assert.deepEqual(changes(was, await fingerprint(host)), []);
    });

    test('what was found done need not be told its secrets again', async () => {
      const { domain, hostname } = inputs as { domain: string; hostname: string };
      const shell = await connectRoot(host, user);
      const asked = { shell, steps, chosen: usual(steps), inputs: { domain, hostname }, mode: 'apply' as const };
      const options = { ...asked, ui: new Witness(), reconnect: () => connectRoot(host, user) };
      await assert.rejects(runPlan(options), /Password of the sender: It is needed\./);
      const outcome = await runPlan({ ...options, alreadyDone: usual(steps) });
      assert.deepEqual(
        states(outcome.results),
        Object.fromEntries(usual(steps).map(id => [id, 'done'])),
        JSON.stringify(outcome.results),
      );
    });

    test('the state of the whole plan comes in one round trip, also without the secrets', async () => {
      const shell = await connectRoot(host, user);
      const values = completeInputs(steps, [], { ...inputs, senderPassword: '', dnsCredentials: '' });
      const started = Date.now();
      const checks = await planState(shell, steps, steps.list, values);
      console.log(`  state of ${checks.length} steps in ${Date.now() - started} ms`);
      for (const check of checks) assert.equal(check.state, 'done', `${check.id}: ${check.detail}`);
    });

    test('chasquid serves its name and certificate, and knows the sender', async () => {
      const socket = connectTls({
        host: host.ipv4,
        port: 465,
        servername: 'mail.example.test',
        ca: readFileSync(world.acme.rootFile),
      });
      await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      assert.equal(socket.authorized, true);
      const greeting = await new Promise<string>(resolve => socket.once('data', data => resolve(String(data))));
      assert.match(greeting, /^220 mail\.example\.test /);
      socket.destroy();
      const wrong = createTransport({ ...submission(), auth: { user: 'i@example.test', pass: 'not the password' } });
      await assert.rejects(wrong.verify(), /535/);
    });

    test('a mail goes out over TLS and arrives signed, with SPF, DKIM and DMARC right', async () => {
      await world.dns.update(
        `add mail.example.test. 1 A ${host.ipv4}`,
        `add mail.example.test. 1 AAAA ${host.ipv6}`,
        'add example.test. 1 TXT "v=spf1 a:mail.example.test -all"',
        'add _dmarc.example.test. 1 TXT "v=DMARC1; p=reject; adkim=s; aspf=s"',
      );
      await world.dns.addText(
        `${fact('dkim', 'selector')}._domainkey.example.test`,
        `v=DKIM1; k=${fact('dkim', 'algorithm')}; p=${fact('dkim', 'publicKey')}`,
      );
      const sent = await createTransport({
        ...submission(),
        auth: { user: 'i@example.test', pass: senderPassword },
      }).sendMail({
        from: 'i@example.test',
        to: 'you@sink.test',
        subject: 'From a server that was empty a minute ago',
        text: 'It works.',
      });
      assert.deepEqual(sent.accepted, ['you@sink.test']);
      const mail = await world.receiver.waitFor(message => message.to.includes('you@sink.test'), 60_000);
      assert.ok(mail.tls);
      assert.equal(mail.helo, 'mail.example.test');
      assert.equal(mail.spf, 'pass');
      assert.deepEqual(
        mail.dkim.map(one => [one.domain, one.result]),
        [['example.test', 'pass']],
      );
      assert.equal(mail.dmarc, 'pass');
    });

    test('a forced renewal puts the new certificate in place and restarts chasquid', async () => {
      const serial = async () =>
        (
          await host.sh(`openssl s_client -connect 127.0.0.1:465 </dev/null 2>/dev/null | openssl x509 -noout -serial`)
        ).trim();
      const pid = async () => (await host.sh('systemctl show chasquid -p MainPID --value')).trim();
      const before = [await serial(), await pid()];
      await host.sh(
        client === 'acme.sh'
          ? 'HOME=/root acme.sh --cron --force --home /root/.acme.sh'
          : 'REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt certbot renew -n --force-renewal --no-random-sleep-on-renew',
      );
      await host.sh(
        'for i in $(seq 50); do systemctl is-active -q chasquid && (echo >/dev/tcp/127.0.0.1/465) 2>/dev/null && exit 0; sleep 0.1; done; exit 1',
      );
      const now = [await serial(), await pid()];
      assert.notEqual(now[0], before[0]);
      assert.notEqual(now[1], before[1]);
      const timers = client === 'acme.sh' ? 'chasquid-certificates.timer' : 'certbot.timer';
      assert.equal((await host.sh(`systemctl is-active ${timers}`)).trim(), 'active');
      const outcome = await run(new Witness());
      assert.equal(
        outcome.changed,
        0,
        JSON.stringify(outcome.results.filter((result: StepResult) => result.state !== 'done')),
      );
    });

    test('after a restart of the machine everything is still right', async () => {
      await host.reboot();
      await host.sh('for i in $(seq 100); do systemctl is-active -q chasquid && exit 0; sleep 0.1; done; exit 1');
      const outcome = await run(new Witness());
      assert.deepEqual([...new Set(Object.values(states(outcome.results)))], ['done'], JSON.stringify(outcome.results));
    });

    const submission = () => ({
      host: host.ipv4,
      port: 465,
      secure: true,
      tls: { servername: 'mail.example.test', ca: readFileSync(world.acme.rootFile) },
    });
  });
}
