import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { stepScript } from '../../../src/provision/check';
import { inputsOf, readsInput } from '../../../src/provision/inputs';
import { loadSteps } from '../../../src/provision/loadSteps';
import type { Steps } from '../../../src/provision/step';

const folder = join(import.meta.dirname, '../../../src/provision/steps');
let steps: Steps;
before(async () => {
  steps = await loadSteps(folder);
});

test('every folder is a step of the plan, in the order that it names', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  const order = (id: string): number =>
    Number(/^order: (\d+)$/m.exec(readFileSync(join(folder, id, 'step.yaml'), 'utf8'))?.[1]);
  const names = folders.map(entry => entry.name).sort((a, b) => order(a) - order(b));
  assert.deepEqual(
    steps.list.map(step => step.id),
    names,
  );
  assert.deepEqual([names[0], names.at(-1)], ['preflight', 'renewal-hook']);
});

test('a step needs only steps that run before it', () => {
  for (const [index, step] of steps.list.entries()) {
    for (const need of step.needs) {
      const place = steps.list.findIndex(other => other.id === need);
      assert.ok(place >= 0 && place < index, `${step.id} needs ${need}`);
    }
  }
});

test('each step says why, names its guide numbers, and can be applied unless it only looks', () => {
  for (const step of steps.list) {
    assert.match(step.why, /\.$/, step.id);
    assert.ok(step.guide.length > 0 && step.guide.every(number => /^G\d+$/.test(number)), step.id);
    assert.equal(step.apply === undefined, step.id === 'preflight', step.id);
  }
});

test('an input of one name is the same input everywhere, and its name is no variable of a script', () => {
  const seen = new Map<string, string>();
  const assigned = new Set(
    [
      ...steps.library.matchAll(/^\s*([a-z][A-Za-z0-9]*)=/gm),
      ...steps.list.flatMap(step =>
        [step.check, step.apply ?? ''].flatMap(text => [...text.matchAll(/^\s*([a-z][A-Za-z0-9]*)=/gm)]),
      ),
    ].map(match => match[1]!),
  );
  for (const input of steps.list.flatMap(step => step.inputs)) {
    assert.match(input.name, /^[a-z][A-Za-z0-9]*$/);
    assert.equal(seen.get(input.name) ?? input.type, input.type, input.name);
    assert.ok(!assigned.has(input.name), `a script assigns ${input.name}`);
    seen.set(input.name, input.type);
  }
});

test('a step declares the inputs that its check and apply read, and no others', () => {
  const all = inputsOf(steps.list);
  for (const step of steps.list) {
    const read = all.filter(({ name }) => new RegExp(`\\$\\{?${name}\\b`).test(`${step.check}\n${step.apply ?? ''}`));
    // What is secret is only seen by the step whose input it is.
    const foreign = read.filter(input => !input.secret && !step.inputs.includes(input));
    assert.deepEqual([...step.uses].sort(), foreign.map(input => input.name).sort(), step.id);
    for (const { name } of step.inputs)
      assert.ok(
        read.some(input => input.name === name),
        `${step.id} does not read ${name}`,
      );
    for (const { name } of read.filter(input => !input.secret))
      assert.ok(readsInput([step], name), `${step.id}: ${name}`);
  }
  assert.ok(
    !readsInput(
      steps.list.filter(step => step.id === 'ipv6'),
      'domain',
    ),
  );
});

test('every script is correct POSIX sh for the shell of this machine', () => {
  for (const step of steps.list) {
    for (const text of [step.check, step.apply, step.undo, step.renew]) {
      if (text !== undefined) execFileSync('sh', ['-n'], { input: stepScript(steps, step, text) });
    }
  }
});

test('no script writes a secret input into an argument of a command', () => {
  for (const step of steps.list) {
    for (const input of step.inputs.filter(each => each.secret)) {
      const uses = `${step.check}\n${step.apply ?? ''}`.split('\n').filter(line => line.includes(`$${input.name}`));
      assert.ok(uses.length > 0, input.name);
      // printf, test and [ are the shell's own: they start no process. A here-document is a pipe.
      for (const line of uses) assert.match(line, /^\s*(credential\(\) \{ )?printf |\[ -n "|^\$dnsCredentials$/, line);
    }
  }
});

test('steps.yaml and scripts are all there is in a step’s folder', () => {
  for (const { id } of steps.list) {
    for (const name of readdirSync(join(folder, id))) assert.match(name, /^[a-z-]+\.(sh|yaml)$/);
    assert.ok(readFileSync(join(folder, id, 'step.yaml'), 'utf8').startsWith(`id: ${id}\n`));
  }
});
