import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { RootShell } from '../../../src/host/protocol/privilege';
import { planState } from '../../../src/provision/check';
import { InputError } from '../../../src/provision/inputs';
import { type PlanOptions, runPlan } from '../../../src/provision/runner';
import type { Step, Steps } from '../../../src/provision/step';
import { causeOf } from '../../../src/text/problem';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { connectRoot } from '../../support/connect';
import { Witness, changes, fingerprint, ownStep, shippedSteps, states } from './support';

/** Done once `/root/ID` is there. */
const untilThere = (id: string): string => `[ -e /root/${id} ] && answer done "there" || answer needed "not there"`;

describe('the runner, with a connection that is cut and people who press Ctrl+C', () => {
  let world: Sandbox;
  let host: Host;
  let steps: Steps;

  const plan = async (own: Step[], ui: Witness, more: Partial<PlanOptions> = {}, user = 'operator') => {
    const shell = more.shell ?? (await connectRoot(host, user));
    const all = { ...steps, list: [...own, ...steps.list] };
    const inputs = { domain: 'example.test', ...more.inputs };
    return runPlan({
      mode: 'apply',
      reconnect: () => connectRoot(host, user),
      ...more,
      shell,
      inputs,
      steps: all,
      chosen: own.map(step => step.id),
      ui,
    });
  };
  const running = async (word: string): Promise<string> =>
    (await host.exec(`pgrep -af "[${word[0]}]${word.slice(1)}" || true`)).stdout;

  before(async () => {
    steps = await shippedSteps();
    world = await Sandbox.boot({ hosts: [{ name: 'mail', suite: 'trixie' }] });
    host = world.host('mail');
  });
  after(() => world?.close());

  test('a step is checked, applied and checked again; what is done already is left alone', async () => {
    const ui = new Witness();
    const own = [
      ownStep('new', untilThere('new'), 'say working; touch /root/new'),
      ownStep('old', 'answer done "always"', 'touch /root/never'),
    ];
    const outcome = await plan(own, ui);
    assert.deepEqual(states(outcome.results), { new: 'applied', old: 'done' });
    assert.deepEqual([outcome.changed, outcome.stopped, ui.output], [1, false, 'working\n']);
    assert.deepEqual(
      ui.events.flatMap(event => (event.type === 'step' ? [`${event.id} ${event.phase}`] : [])),
      ['new checking', 'new applying', 'new verifying', 'old checking'],
    );
    assert.equal((await host.exec('ls /root/never')).stdout, '');
    assert.equal(outcome.results[0]?.log, '/var/log/chasquid-setup/new.log');
    assert.equal(await host.sh('cat /var/log/chasquid-setup/new.log'), 'working\n');
  });

  test('a change goes on without the connection, and every line of its output arrives once', async () => {
    let dropped = false;
    const ui = new Witness([], event => {
      if (event.type !== 'output' || dropped || !event.text.includes('line 3')) return;
      dropped = true;
      void host.dropConnections();
    });
    const outcome = await plan(
      [
        ownStep(
          'slow',
          untilThere('slow'),
          'for i in $(seq 12); do echo "line $i"; sleep 0.3; done; echo x >>/root/slow',
        ),
      ],
      ui,
    );
    assert.deepEqual(states(outcome.results), { slow: 'applied' });
    assert.deepEqual(ui.connection, ['lost', 'restored']);
    assert.equal(ui.output, Array.from({ length: 12 }, (_, i) => `line ${i + 1}\n`).join(''));
    assert.equal(await host.sh('cat /root/slow'), 'x\n');
  });

  test('a connection that does not come back ends the plan; the next run waits for what still runs, and does not do it twice', async () => {
    const step = ownStep(
      'long',
      untilThere('long'),
      'echo begun; until [ -e /root/go ]; do sleep 0.1; done; echo x >>/root/long',
    );
    let dropped = false;
    const first = new Witness([], event => {
      if (event.type === 'output' && !dropped) void ((dropped = true), host.dropConnections());
    });
    const lost = await plan([step], first, {
      reconnect: () => Promise.reject(new Error('The server is unreachable.')),
    });
    assert.equal(lost.stopped, true);
    assert.equal(lost.results[0]?.code, 'connection-lost');
    assert.match(causeOf(lost.results[0] ?? {}), /goes on there/);
    const second = new Witness([], event => {
      if (event.type === 'output' && event.text.includes('Waiting')) void host.sh('touch /root/go');
    });
    const outcome = await plan([step], second);
    assert.deepEqual(states(outcome.results), { long: 'applied' });
    assert.match(second.output, /Waiting for “long”/);
    assert.equal(await host.sh('cat /root/long'), 'x\n');
  });

  test('two runs at once do the change once', async () => {
    const step = ownStep('both', untilThere('both'), 'sleep 2; echo x >>/root/both');
    const [a, b] = await Promise.all([plan([step], new Witness()), plan([step], new Witness())]);
    assert.deepEqual([states(a.results).both, states(b.results).both], ['applied', 'applied']);
    assert.equal(await host.sh('cat /root/both'), 'x\n');
  });

  for (const user of ['root', 'debian', 'operator']) {
    test(`Ctrl+C ends everything that runs on the server, as ${user}`, async () => {
      const stop = new AbortController();
      const ui = new Witness([], event => {
        if (event.type === 'output') stop.abort(new Error('pressed Ctrl+C'));
      });
      const step = ownStep(
        'endless',
        'answer needed "never done"',
        'sleep 4242 & (sleep 4243; :) & echo begun; sleep 4244; touch /root/endless',
      );
      await assert.rejects(plan([step], ui, { signal: stop.signal }, user), /pressed Ctrl\+C/);
      for (let i = 0; i < 40 && (await running('sleep 424')); i++) await delay(100);
      assert.equal(await running('sleep 424'), '');
      assert.equal((await host.exec('ls /root/endless')).stdout, '');
    });
  }

  test('Ctrl+C after a reconnect ends the change that had gone on', async () => {
    const stop = new AbortController();
    const ui = new Witness([], event => {
      if (event.type === 'output' && event.text.includes('begun')) void host.dropConnections();
      if (event.type === 'output' && event.text.includes('still')) stop.abort(new Error('pressed Ctrl+C'));
    });
    const step = ownStep('ghost', 'answer needed "never done"', 'echo begun; sleep 5; echo still here; sleep 4242');
    await assert.rejects(plan([step], ui, { signal: stop.signal }), /pressed Ctrl\+C/);
    assert.ok(ui.connection.includes('restored'));
    for (let i = 0; i < 40 && (await running('sleep 4242')); i++) await delay(100);
    assert.equal(await running('sleep 4242'), '');
  });

  test('a failure is told with its reason and what to do, and can be tried again, skipped or end the plan', async () => {
    const broken = ownStep(
      'broken',
      untilThere('broken'),
      'echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1" >&2; exit 100',
    );
    const next = ownStep('next', untilThere('next'), 'touch /root/next', { needs: ['broken'] });
    const other = ownStep('other', untilThere('other'), 'touch /root/other');
    const ui = new Witness(['retry', 'skip']);
    const outcome = await plan([broken, next, other], ui);
    assert.equal(ui.failures.length, 2);
    assert.deepEqual(states(outcome.results), { broken: 'failed', next: 'skipped', other: 'applied' });
    assert.equal(outcome.results[0]?.code, 'apt-lock');
    assert.match(outcome.results[0]?.fix ?? '', /Wait until it has finished/);
    assert.match(outcome.results[1]?.detail ?? '', /Needs “Step broken”/);
    const stopped = await plan([broken, other], new Witness(['stop']));
    assert.deepEqual([stopped.stopped, Object.keys(states(stopped.results))], [true, ['broken']]);
  });

  test('a failure that can be fixed meanwhile succeeds when tried again', async () => {
    const step = ownStep(
      'mended',
      untilThere('mended'),
      '[ -e /root/allowed ] || fail not-allowed "It may not." "A file is missing." "Add it."; touch /root/mended',
    );
    const ui = new Witness(async result => {
      assert.deepEqual(
        [result.code, result.what, result.why, result.fix],
        ['not-allowed', 'It may not.', 'A file is missing.', 'Add it.'],
      );
      await host.sh('touch /root/allowed');
      return 'retry';
    });
    assert.deepEqual(states((await plan([step], ui)).results), { mended: 'applied' });
  });

  test('a change after which the check still says no is a failure, and so is a check that breaks', async () => {
    const ui = new Witness(['skip', 'skip']);
    const outcome = await plan(
      [ownStep('vain', 'answer needed "as before"', ':'), ownStep('odd', 'cat /nowhere; exit 3', ':')],
      ui,
    );
    assert.deepEqual(
      outcome.results.map(result => [result.state, result.code]),
      [
        ['failed', 'not-done-after-apply'],
        ['failed', 'not-known'],
      ],
    );
    assert.match(causeOf(outcome.results[1] ?? {}), /nowhere/);
  });

  test('files are backed up before they change, and restored by undo', async () => {
    await host.sh('echo before >/etc/kept; chmod 640 /etc/kept; chown games:games /etc/kept; rm -f /etc/made');
    const step = ownStep(
      'files',
      untilThere('files'),
      'echo after | replace /etc/kept; backup /etc/made; echo made >/etc/made; touch /root/files',
      { undo: 'restore; undone' },
    );
    const outcome = await plan([step], new Witness());
    const folder = outcome.results[0]?.backup ?? '';
    assert.match(folder, /^\/var\/backups\/chasquid-setup\/\d{8}T\d{6}Z-files/);
    assert.equal(
      await host.sh(`cat ${folder}/files/etc/kept ${folder}/absent; cat /etc/kept; stat -c '%a %U' /etc/kept`),
      'before\n/etc/made\nafter\n640 games\n',
    );
    const { runAction } = await import('../../../src/provision/stepAction');
    const shell: RootShell = await connectRoot(host);
    const undo = () => runAction(shell, steps, step, 'undo', {});
    assert.equal((await undo()).failure, undefined);
    assert.equal(
      await host.sh(`cat /etc/kept; stat -c '%a %U' /etc/kept; ls /etc/made 2>/dev/null || true`),
      'before\n640 games\n',
    );
    assert.equal((await undo()).failure?.code, 'nothing-to-undo');
  });

  test('a log folder that somebody else has put there is not written to', async () => {
    const logs = '/var/log/chasquid-setup';
    await host.sh(`mv ${logs} /var/log/kept; install -d -m 777 /srv/trap; ln -s /srv/trap ${logs}`);
    const step = ownStep('elsewhere', untilThere('elsewhere'), 'say working; touch /root/elsewhere');
    const ui = new Witness();
    const { results } = await plan([step], ui);
    assert.equal(results[0]?.log, '/run/chasquid-setup/elsewhere.log');
    assert.match(ui.output, /^working$/m);
    assert.equal(
      await host.sh(`cat /run/chasquid-setup/elsewhere.log; ls -A /srv/trap; rm ${logs}; mv /var/log/kept ${logs}`),
      'working\n',
    );
  });

  test('hostile inputs are refused before anything is asked of the server', async () => {
    const was = await fingerprint(host);
    const shell = await connectRoot(host);
    for (const evil of [
      '$(touch /root/executed)',
      '`touch /root/executed`',
      "'; touch /root/executed; '",
      'a.com; touch /root/executed',
      'a.com\ntouch /root/executed',
      'a b.com',
    ]) {
      for (const name of [
        'domain',
        'hostname',
        'sender',
        'postmaster',
        'selector',
        'dnsProvider',
        'acmeServer',
        'probeHosts',
      ]) {
        const given = name === 'sender' || name === 'postmaster' ? `i@${evil}` : evil;
        await assert.rejects(
          plan(
            steps.list.filter(step => step.id !== 'preflight'),
            new Witness(),
            { shell, inputs: { [name]: given } },
          ),
          InputError,
          `${name} ${evil}`,
        );
      }
    }
    assert.deepEqual(changes(was, await fingerprint(host)), []);
  });

  test('even if they were not refused, nothing in them would be executed', async () => {
    const shell = await connectRoot(host);
    const names = steps.list.flatMap(step => step.inputs.map(input => input.name));
    for (const evil of [
      '$(touch /root/executed)',
      '`touch /root/executed`',
      "'; touch /root/executed; '",
      '"; touch /root/executed; "',
      'x\ntouch /root/executed\n',
      '-e /root/executed',
      '*',
    ]) {
      const checks = await planState(shell, steps, steps.list, Object.fromEntries(names.map(name => [name, evil])));
      assert.equal(checks.length, steps.list.length);
    }
    assert.equal((await host.exec('ls /root/executed')).stdout, '');
    await shell.remote.exec('true');
  });

  test('nothing is left in the server’s memory or temporary folders', async () => {
    assert.equal(await host.sh('ls -d /run/chasquid-setup-* 2>/dev/null || true'), '');
  });
});
