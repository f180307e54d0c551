import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ansiblePlan } from '../../../src/provision/export/ansible';
import { portablePlan } from '../../../src/provision/export/portable';
import { shellPlan } from '../../../src/provision/export/shell';
import type { Steps } from '../../../src/provision/step';
import { Sandbox } from '../../sandbox';
import type { Host } from '../../sandbox/host';
import { login } from '../../support/mailClient';
import { SecretWatch, answers, changes, fingerprint, shippedSteps, usual } from './support';

const senderPassword = `pä$$ "w'ord\`; $(touch /root/executed) {{ 7*7 }} \\`;
let world: Sandbox;
let steps: Steps;
let folder: string;

before(async () => {
  steps = await shippedSteps();
  folder = await mkdtemp(join(tmpdir(), 'chasquid-export-'));
  world = await Sandbox.boot({
    hosts: [
      { name: 'sh', suite: 'trixie' },
      { name: 'ansible', suite: 'trixie' },
    ],
  });
});
after(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

async function works(host: Host): Promise<void> {
  assert.equal(await login(host, 'i@example.test', senderPassword), 'ok');
  assert.equal((await host.exec('test -e /root/executed')).code, 1);
}

/** Runs `work`; afterwards nobody but root has seen a secret, and none is left on the host. */
async function secretly<T>(host: Host, work: () => Promise<T>): Promise<T> {
  const secrets = [senderPassword.slice(0, 8), world.dns.tsig.secret];
  const watch = new SecretWatch(secrets);
  const result = await work();
  const { rounds, seen } = watch.stop();
  assert.ok(rounds > 100, `looked ${rounds} times`);
  assert.deepEqual(seen, []);
  const kept = await host.sh(
    'cat >/run/secrets; { grep -rlFf /run/secrets /var/log /var/backups /tmp /root/.ansible; journalctl --no-pager | grep -Ff /run/secrets; } 2>/dev/null; rm /run/secrets',
    { stdin: secrets.join('\n') },
  );
  assert.equal(kept, '');
  return result;
}

test('the shell script sets a server up, a second run changes nothing, and a dry run neither', async () => {
  const host = world.host('sh');
  const { dnsCredentials, ...given } = answers(world, 'certbot', senderPassword);
  const script = shellPlan(portablePlan(steps, usual(steps), given));
  await host.sh('cat > /root/set-up.sh', { stdin: script });
  const secrets = { dnsCredentials: dnsCredentials!, senderPassword };
  const environment = Object.entries(secrets)
    .map(([name, value]) => `${name}=$(printf %s ${Buffer.from(value).toString('base64')} | base64 -d); export ${name}`)
    .join('; ');
  const run = (words = '') => host.exec(`${environment}; sh /root/set-up.sh ${words} 2>&1`);

  const untouched = await fingerprint(host);
  const dry = await run('--dry-run');
  assert.equal(dry.code, 0, dry.stdout);
  assert.match(dry.stdout, / ✓ {2}Preflight/);
  assert.match(dry.stdout, / • {2}Domain +To add example\.test/);
  assert.deepEqual(
    changes(untouched, await fingerprint(host)).filter(line => !line.includes('set-up.sh')),
    [],
  );

  const first = await secretly(host, run);
  assert.equal(first.code, 0, first.stdout.slice(-3000));
  assert.match(first.stdout, /All of these steps are done\.\n$/);
  await works(host);

  const was = await fingerprint(host);
  const second = await run();
  assert.equal(second.code, 0, second.stdout);
  assert.doesNotMatch(second.stdout, / [●•✗] /);
  assert.deepEqual(changes(was, await fingerprint(host)), []);
  assert.equal((await host.sh('ls -d /run/chasquid-plan-* 2>/dev/null | wc -l')).trim(), '0', 'nothing is left behind');
});

test('the Ansible playbook sets a server up, and a second run changes nothing', async context => {
  const host = world.host('ansible');
  const { dnsCredentials, ...given } = answers(world, 'certbot', senderPassword);
  const [playbook, secrets, inventory] = ['set-up.yaml', 'secrets.json', 'hosts'].map(name => join(folder, name));
  await writeFile(playbook!, ansiblePlan(portablePlan(steps, usual(steps), given)));
  await writeFile(
    secrets!,
    JSON.stringify({
      dnsCredentials: { __ansible_unsafe: dnsCredentials },
      senderPassword: { __ansible_unsafe: senderPassword },
    }),
    { mode: 0o600 },
  );
  await writeFile(
    inventory!,
    `${host.ipv4} ansible_user=root ansible_ssh_private_key_file=${host.clientKeyFile} ansible_python_interpreter=/usr/bin/python3 ansible_ssh_common_args='-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null'\n`,
  );
  const run = (...more: string[]) =>
    new Promise<{ code: number; output: string }>(resolve => {
      const environment = {
        ...process.env,
        ANSIBLE_LOCAL_TEMP: folder,
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_PIPELINING: '1',
        LC_ALL: 'C.UTF-8',
      };
      const child = execFile(
        'ansible-playbook',
        ['-i', inventory!, '-e', `@${secrets!}`, ...more, playbook!],
        { env: environment, maxBuffer: 1 << 26 },
        (_error, stdout, stderr) => resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
      );
    });
  const recap = (output: string) =>
    /ok=(\d+) +changed=(\d+) +unreachable=(\d+) +failed=(\d+)/.exec(output)?.slice(1).map(Number);

  const looked = await run('--check');
  assert.equal(looked.code, 0, looked.output.slice(-3000));
  assert.equal((await host.exec('command -v chasquid')).code, 1, 'a check changes nothing');

  const first = await secretly(host, run);
  context.diagnostic(`first run: ${recap(first.output)?.join(' ')}`);
  assert.equal(first.code, 0, first.output.slice(-3000));
  assert.doesNotMatch(first.output, /touch \/root\/executed/, 'the password is not shown');
  await works(host);

  const was = await fingerprint(host);
  const second = await run();
  assert.equal(second.code, 0, second.output.slice(-3000));
  assert.equal(recap(second.output)?.[1], 0, second.output);
  assert.deepEqual(
    changes(was, await fingerprint(host)).filter(line => !line.includes('.ansible')),
    [],
  );
});
