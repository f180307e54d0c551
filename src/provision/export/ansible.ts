import { Document, type Scalar } from 'yaml';
import { type PortablePlan, secretsOf } from './portable';
import type { Step } from '../step';

/**
 * The plan as an Ansible playbook. Each step looks, changes what is needed, and looks again; a second run changes nothing, and
 * `--check` only looks. Secrets are prompted for, or given as extra variables. Scripts and inputs go through standard input:
 * Ansible's `environment` would put them into arguments, where every user of the server can read them.
 */
export function ansiblePlan(plan: PortablePlan): string {
  const { steps, chosen, inputs, secrets } = plan;
  const document = new Document([
    {
      name: `Set up ${inputs['hostname'] || 'a mail server'} with chasquid`,
      hosts: 'all',
      become: true,
      gather_facts: false,
      ...(secrets.length > 0
        ? {
            vars_prompt: secrets.map(({ name, title }) => ({
              name,
              prompt: title,
              private: true,
              default: '',
              // Braces in a secret are no template.
              unsafe: true,
            })),
          }
        : {}),
      vars: {
        chasquid_inputs: inputs,
        chasquid_library: steps.library,
        chasquid_scripts: Object.fromEntries(
          chosen.map(step => [
            step.id,
            { check: step.check, ...(step.apply === undefined ? {} : { apply: step.apply }) },
          ]),
        ),
      },
      tasks: chosen.flatMap(step => tasksOf(plan, step)),
    },
  ]);
  // What stands in the scripts is no template of Ansible's, whatever it looks like.
  const unsafe = (path: (string | number)[]) => {
    const node = document.getIn(path, true) as Scalar;
    node.tag = '!unsafe';
    node.type = 'BLOCK_LITERAL';
  };
  unsafe([0, 'vars', 'chasquid_library']);
  for (const step of chosen) {
    unsafe([0, 'vars', 'chasquid_scripts', step.id, 'check']);
    if (step.apply !== undefined) unsafe([0, 'vars', 'chasquid_scripts', step.id, 'apply']);
  }
  for (const name of Object.keys(inputs)) {
    const node = document.getIn([0, 'vars', 'chasquid_inputs', name], true) as Scalar;
    if (node.value !== '') node.tag = '!unsafe';
  }
  document.commentBefore = ` Sets up a mail server with chasquid: ansible-playbook -i SERVER, set-up.yaml\n With --check it only checks. ${secrets.length > 0 ? `It holds no secrets: ${secrets.map(({ name }) => name).join(', ')} are asked for.` : 'It holds no secrets.'}`;
  return document.toString({ lineWidth: 0 });
}

function tasksOf(plan: PortablePlan, step: Step): object[] {
  const own = secretsOf(plan, step).map(({ name }) => name);
  const assignments = [
    ...Object.keys(plan.inputs).map(name => `${name}={{ chasquid_inputs.${name} | quote }}`),
    ...plan.secrets.map(({ name }) => (own.includes(name) ? `${name}={{ ${name} | quote }}` : `${name}=`)),
  ];
  const shell = (part: string) => ({
    'ansible.builtin.command': {
      argv: ['/bin/sh', '-s'],
      // Standard output carries the answers (descriptor 3), everything for people goes to standard error.
      stdin: [
        `{ exec 3>&1 1>&2\nstep=${step.id}`,
        ...assignments,
        `{{ chasquid_library }}\n{{ chasquid_scripts['${step.id}'].${part} }}\n} </dev/null`,
      ].join('\n'),
    },
    ...(own.length > 0 ? { no_log: true } : {}),
  });
  const seen = `chasquid_${step.id.replaceAll('-', '_')}`;
  const says = (register: string, state: string) => `'"state":"${state}"' in ${register}.stdout`;
  const look = {
    name: `${step.title}: check`,
    ...shell('check'),
    register: seen,
    changed_when: false,
    check_mode: false,
    failed_when: `not (${says(seen, 'done')} or ${says(seen, 'needed')})`,
  };
  if (step.apply === undefined) return [look];
  return [
    look,
    { name: step.title, ...shell('apply'), when: says(seen, 'needed') },
    {
      name: `${step.title}: check again`,
      ...shell('check'),
      register: `${seen}_after`,
      changed_when: false,
      failed_when: `not (${says(`${seen}_after`, 'done')})`,
      when: [says(seen, 'needed'), 'not ansible_check_mode'],
    },
  ];
}
