import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { ansiblePlan } from '../../../src/provision/export/ansible';
import { portablePlan } from '../../../src/provision/export/portable';
import { shellPlan } from '../../../src/provision/export/shell';
import { loadSteps } from '../../../src/provision/loadSteps';

const load = () => loadSteps(join(import.meta.dirname, '../../../src/provision/steps'));
const given = {
  domain: 'example.test',
  hostname: 'mail.example.test',
  sender: 'i@example.test',
  senderPassword: 'four knots on a cord',
  dnsCredentials: 'CF_Token=hush',
};

interface Task {
  name: string;
  'ansible.builtin.command': { argv: string[]; stdin: string };
  no_log?: boolean;
  when?: string | string[];
}

describe('a plan that is taken along', () => {
  for (const write of [shellPlan, ansiblePlan]) {
    it(`holds no secret (${write.name})`, async () => {
      const steps = await load();
      const text = write(
        portablePlan(
          steps,
          steps.list.map(step => step.id),
          given,
        ),
      );
      assert.doesNotMatch(text, /four knots|hush/);
      assert.match(text, /example\.test/);
    });
  }

  it('asks only for what its steps need', async () => {
    const steps = await load();
    const names = (ids: string[]) => portablePlan(steps, ids, given).secrets.map(input => input.name);
    assert.deepEqual(names(['packages', 'hostname']), []);
    assert.deepEqual(names(['sender']), ['senderPassword']);
    assert.deepEqual(names(['certificate', 'sender']), ['dnsCredentials', 'senderPassword']);
  });

  it('refuses what the steps would refuse', async () => {
    const steps = await load();
    assert.throws(() => portablePlan(steps, ['domain'], { ...given, domain: 'a b' }), /No|name|Domain/);
    assert.throws(() => portablePlan(steps, ['domain'], { ...given, domain: '' }), { name: 'InputError' });
  });

  it('is a script that a POSIX shell can read, with every value quoted', async () => {
    const steps = await load();
    const plan = portablePlan(
      steps,
      steps.list.map(step => step.id),
      { ...given, postmaster: 'you@gmail.com' },
    );
    const text = shellPlan({ ...plan, inputs: { ...plan.inputs, domain: `it's $(touch /tmp/never) "x"` } });
    const checked = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
    assert.equal(checked.stderr, '');
    assert.match(text, /^domain='it'\\''s \$\(touch \/tmp\/never\) "x"'$/m);
    assert.equal(spawnSync('sh', ['-s'], { input: 'id -u', encoding: 'utf8' }).status, 0);
  });

  it('is a playbook in which every step checks, changes what is needed, and checks again', async () => {
    const steps = await load();
    const plan = portablePlan(steps, ['preflight', 'domain', 'sender'], given);
    const text = ansiblePlan(plan);
    assert.doesNotMatch(
      text.replace(/^(\s*)\w+: !unsafe [|>][^\n]*\n(?:\1 +[^\n]*\n|\n)*/gm, ''),
      /\{[%#]/,
      'no template but ours',
    );
    const [play] = parse(text, { logLevel: 'silent' }) as {
      tasks: Task[];
      vars: Record<string, unknown>;
      vars_prompt: unknown;
    }[];
    assert.deepEqual(
      play!.tasks.map(task => task.name),
      [
        'Preflight: check',
        ...['Domain', 'First sender'].flatMap(title => [`${title}: check`, title, `${title}: check again`]),
      ],
    );
    const inputs = play!.vars['chasquid_inputs'] as Record<string, string>;
    assert.deepEqual([inputs['domain'], inputs['senderPassword']], ['example.test', undefined]);
    assert.deepEqual(play!.vars_prompt, [
      {
        name: 'senderPassword',
        prompt: steps.list.find(step => step.id === 'sender')!.inputs.find(input => input.secret)!.title,
        private: true,
        default: '',
        unsafe: true,
      },
    ]);
    for (const task of play!.tasks) {
      const secret = /sender/i.test(task.name);
      assert.equal(task.no_log === true, secret, task.name);
      const { argv, stdin } = task['ansible.builtin.command'];
      assert.deepEqual(argv, ['/bin/sh', '-s']);
      assert.match(
        stdin,
        secret ? /^senderPassword=\{\{ senderPassword \| quote \}\}$/m : /^senderPassword=$/m,
        task.name,
      );
      assert.ok(!('environment' in task), task.name);
    }
  });
});
