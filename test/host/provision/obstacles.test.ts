import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { rootShell } from '../../../src/host/protocol/privilege';
import { checkStep } from '../../../src/provision/check';
import { completeInputs } from '../../../src/provision/inputs';
import type { StepResult } from '../../../src/provision/plan';
import { runPlan } from '../../../src/provision/runner';
import type { Steps } from '../../../src/provision/step';
import { causeOf } from '../../../src/text/problem';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { passwords } from '../../sandbox/passwords';
import { connect, connectRoot } from '../../support/connect';
import { ProcessWatch, Witness, changes, fingerprint, ownStep, shippedSteps, states } from './support';

describe('what stands in the way of a setup', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;

  /** The first two steps; only to be called where the first one is expected to stop the plan, or the second to fail. */
  const run = async (ui: Witness, chosen = ['preflight', 'packages']) => {
    const shell = await connectRoot(host);
    return runPlan({
      shell,
      steps,
      chosen,
      inputs: { domain: 'example.test' },
      mode: 'apply',
      ui,
      reconnect: () => connectRoot(host),
    });
  };
  const stopsWith = async (code: string): Promise<StepResult> => {
    const was = await fingerprint(host);
    const ui = new Witness(['stop']);
    const outcome = await run(ui);
    assert.deepEqual(
      [outcome.stopped, outcome.changed, states(outcome.results)],
      [true, 0, { preflight: 'impossible' }],
    );
    const result = ui.failures[0]!;
    assert.equal(result.code, code, JSON.stringify(result));
    assert.deepEqual(changes(was, await fingerprint(host)), []);
    return result;
  };

  before(async () => {
    steps = await shippedSteps();
    world = await Sandbox.boot({ hosts: [{ name: 'raw', suite: 'trixie', greeting: 'tinycore' }] });
    host = world.host('raw');
  });
  after(() => world?.close());

  test('a system that is still being installed is recognised, and the plan goes on when it is ready', async () => {
    const result = await stopsWith('os-installing');
    assert.match(causeOf(result), /still being installed.*TinyCore/);
    assert.match(result.fix ?? '', /wait some minutes/);
    const ui = new Witness(async () => {
      await host.finishInstalling();
      return 'retry';
    });
    const outcome = await run(ui, ['preflight']);
    assert.deepEqual([ui.failures.length, states(outcome.results)], [1, { preflight: 'done' }]);
  });

  test('the greeting of the SSH server alone is enough to tell', async () => {
    const inputs = completeInputs(steps, [], { greeting: 'Welcome to TinyCore 13!' });
    const check = await checkStep(await connectRoot(host), steps, steps.list[0]!, inputs);
    assert.deepEqual([check.state, check.problems.map(problem => problem.code)], ['impossible', ['os-installing']]);
  });

  test('a user without sudo is told so, with the way out; wrong passwords are not asked for without end', async () => {
    const was = await fingerprint(host);
    await assert.rejects(
      rootShell(await connect(host, 'plain'), () => Promise.resolve(passwords.plain)),
      {
        code: 'privilege-denied',
        message: /does not let plain become root.*Connect as root/s,
      },
    );
    const asked: (string | undefined)[] = [];
    const wrong = rootShell(await connect(host, 'operator'), ask => {
      asked.push(ask.problem);
      return Promise.resolve(['wrong', 'line\nbreak', 'still wrong'][ask.attempt - 1]);
    });
    await assert.rejects(wrong, { code: 'privilege-password', message: /did not accept the password of operator/ });
    assert.deepEqual(asked, [undefined, 'sudo did not accept this password.', 'A password cannot hold a line break.']);
    await assert.rejects(
      rootShell(await connect(host, 'operator'), () => Promise.resolve(undefined)),
      { code: 'privilege-cancelled' },
    );
    assert.deepEqual(changes(was, await fingerprint(host)), []);
  });

  for (const user of ['debian', 'operator'] as const) {
    test(`${user} becomes root; scripts, inputs and the password are in no command line`, async () => {
      const secret = `secret of ${user} ${Date.now()}`;
      const shell = await connectRoot(host, user);
      assert.equal(shell.privilege, user === 'debian' ? 'sudo' : 'sudo-password');
      const watch = new ProcessWatch(host);
      const ran = await shell.run('id -u; read -r x; echo "[$x]"; sleep 1.5; printf \'"%s"\' "$secret" >&3; exit 3', {
        inputs: { secret },
      });
      const seen = await watch.stop();
      assert.deepEqual(ran, { code: 3, result: [secret], output: '0\n[]\n' });
      assert.match(seen, /sleep 1\.5/);
      assert.ok(!seen.includes(secret) && !seen.includes(passwords.operator));
    });
  }

  test('sudo that runs commands in a terminal of its own changes nothing of this', async () => {
    await host.sh('echo "Defaults use_pty" >/etc/sudoers.d/pty; chmod 440 /etc/sudoers.d/pty');
    const shell = await connectRoot(host, 'operator');
    const bytes = `tab\tcr\rbell\u0007${'x'.repeat(5000)} end`;
    const ran = await shell.run('printf %s "$text" | base64 -w0 | sed \'s/.*/"&"/\' >&3; echo err >&2; exit 9', {
      inputs: { text: bytes },
    });
    assert.deepEqual([ran.code, ran.output], [9, 'err\n']);
    assert.equal(Buffer.from(String(ran.result[0]), 'base64').toString(), bytes);
    await host.sh('rm /etc/sudoers.d/pty');
  });

  test('a user whom sudo stops asking for a password in the middle is no leak', async () => {
    const shell = await connectRoot(host, 'operator');
    await host.sh('echo "operator ALL=(ALL) NOPASSWD:ALL" >/etc/sudoers.d/zz; chmod 440 /etc/sudoers.d/zz');
    const ran = await shell.run('echo fine');
    assert.deepEqual([ran.code, ran.output], [0, 'fine\n']);
    await host.sh('rm /etc/sudoers.d/zz');
  });

  test('a closed port 25 is told with the words for the provider', async () => {
    await host.closePorts('out', [25]);
    const result = await stopsWith('port-25-closed');
    assert.match(result.fix ?? '', /Ask your provider to open outbound port 25/);
    await host.openPorts();
    await host.closePorts('out', [25], 'reject');
    await stopsWith('port-25-closed');
    await host.openPorts();
  });

  test('one big receiver that answers is enough, and no name server is another problem', async () => {
    const asked = async (probeHosts: string) =>
      checkStep(await connectRoot(host), steps, steps.list[0]!, completeInputs(steps, [], { probeHosts }));
    const nowhere = await asked('nowhere.test nothing.test');
    assert.deepEqual([nowhere.state, nowhere.problems.map(problem => problem.code)], ['impossible', ['no-dns']]);
    assert.match(nowhere.problems[0]!.fix, /name servers/);
    const check = await asked('nowhere.test aspmx.l.google.com');
    assert.deepEqual([check.state, check.facts.port25], ['done', 'open']);
  });

  test('another mail server on port 25 is named, and left alone', async () => {
    await host.sh(`cp /usr/bin/python3 /usr/local/bin/exim4
      systemd-run -q --unit=other-mta /usr/local/bin/exim4 -c 'import socket,time; s=socket.create_server(("127.0.0.1",25)); time.sleep(999)'
      for i in $(seq 50); do ss -Hltn 'sport = :25' | grep -q . && break; sleep 0.1; done`);
    const result = await stopsWith('port-taken');
    assert.match(causeOf(result), /Port 25 is taken by exim4/);
    assert.equal((await host.sh('systemctl is-active other-mta')).trim(), 'active');
    await host.sh('systemctl stop other-mta; rm /usr/local/bin/exim4');
  });

  test('a clock that differs is told', async () => {
    const inputs = completeInputs(steps, [], { clientTime: String(Math.round(Date.now() / 1000) - 4000) });
    const check = await checkStep(await connectRoot(host), steps, steps.list[0]!, inputs);
    assert.deepEqual(
      check.problems.map(problem => problem.code),
      ['clock-wrong'],
    );
    assert.match(causeOf(check.problems[0]!), /differ by (3999|40\d\d) seconds/);
  });

  test('a system that the steps do not know is refused', async () => {
    await host.sh(
      'cp --remove-destination /usr/lib/os-release /etc/os-release; sed -i "s/^ID=.*/ID=fedora/; s/^VERSION_ID=.*/VERSION_ID=43/; s/^PRETTY_NAME=.*/PRETTY_NAME=\\"Fedora 43\\"/" /etc/os-release',
    );
    const result = await stopsWith('os-unsupported');
    assert.match(causeOf(result), /runs Fedora 43/);
    await host.sh('ln -sf ../usr/lib/os-release /etc/os-release');
  });

  test('a full disk is told before anything is tried; a change that meets one says so', async context => {
    await host.fillDisk();
    context.after(() => host.freeDisk());
    const result = await stopsWith('disk-full');
    assert.match(causeOf(result), /Only 0 MB are free/);
    const ui = new Witness(['stop']);
    const outcome = await run(ui, ['packages']);
    assert.deepEqual(
      [outcome.changed, outcome.results[0]?.state, outcome.results[0]?.code],
      [0, 'failed', 'disk-full'],
      JSON.stringify(outcome.results),
    );
  });

  test('another package manager is waited for', async () => {
    await host.sh(`systemd-run -q --unit=other-apt python3 -c 'import fcntl,time; f=open("/var/lib/apt/lists/lock","w"); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(999)'
      for i in $(seq 50); do systemctl is-active -q other-apt && break; sleep 0.1; done; sleep 1`);
    const ui = new Witness([], event => {
      if (event.type === 'output' && event.text.includes('waiting for it')) void host.sh('systemctl stop other-apt');
    });
    const shell = await connectRoot(host);
    const step = ownStep('socat', 'has socat && answer done yes || answer needed no', 'install_packages socat');
    const own = { ...steps, list: [step] };
    const outcome = await runPlan({
      shell,
      steps: own,
      chosen: ['socat'],
      inputs: {},
      mode: 'apply',
      ui,
      reconnect: () => connectRoot(host),
    });
    assert.deepEqual(states(outcome.results), { socat: 'applied' }, JSON.stringify(outcome.results));
    assert.match(ui.output, /Another package manager is working on this server/);
  });
});
