import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { InputError, completeInputs, inputsOf, problemOf, visibleInputs } from '../../../src/provision/inputs';
import { loadSteps } from '../../../src/provision/loadSteps';
import type { InputType, StepInput, Steps } from '../../../src/provision/step';

let steps: Steps;
before(async () => {
  steps = await loadSteps(join(import.meta.dirname, '../../../src/provision/steps'));
});

const input = (type: InputType, more: Partial<StepInput> = {}): StepInput => ({
  name: 'x',
  type,
  title: 'X',
  description: 'x',
  secret: false,
  required: true,
  internal: false,
  ...more,
});
const accepted = (type: InputType, ...values: string[]) => {
  for (const value of values)
    assert.equal(problemOf(input(type, { choices: ['one', 'two'] }), value), undefined, value);
};
const refused = (type: InputType, ...values: string[]) => {
  for (const value of values) {
    const reason = problemOf(input(type, { choices: ['one', 'two'] }), value);
    assert.match(reason ?? '', /^[A-Z“].{10,}\.$/, `${JSON.stringify(value)} gave ${String(reason)}`);
  }
};

const hostile = [
  '$(reboot)',
  '`reboot`',
  'example.com;reboot',
  'example.com reboot',
  'example.com\nreboot',
  '"example.com"',
  "exa'mple.com",
  'example.com|sh',
  'example.com&',
  '../../etc',
  'a/b.com',
  '-rf.com',
  'example.com\0',
  'exa\\mple.com',
  '*.example.com',
  '~root.com',
  '#x.com',
];

test('names of the DNS are taken, with lower-case letters and in any script', () => {
  accepted(
    'domain',
    'example.com',
    'EXAMPLE.com',
    'a-b.co.uk',
    'bücher.example',
    'xn--bcher-kva.example',
    '123.com',
    ' example.com ',
  );
  accepted('hostname', 'mail.example.com', 'a.b.c.d.example');
});

test('what is no name is refused with a reason', () => {
  for (const type of ['domain', 'hostname'] as const) {
    refused(type, ...hostile, 'localhost', 'example..com', '10.0.0.1', '-a.com', 'a-.com', `${'a'.repeat(64)}.com`);
    refused(type, `${'a.'.repeat(130)}com`, 'under_score.com', 'exa mple.com', '[::1]', '@example.com');
  }
});

test('addresses', () => {
  accepted('address', 'you@gmail.com', 'a.b+c@example.com', 'I@Example.com');
  accepted('sender', 'i@example.com', 'first.last@example.com', 'no-reply@example.com', 'a+b@example.com');
  const local = hostile.map(value => `${value}@example.com`);
  for (const type of ['address', 'sender'] as const) {
    refused(
      type,
      // An apostrophe is a character of names.
      ...local.filter(value => type === 'address' || !value.startsWith("exa'")),
      ...hostile.map(value => `i@${value}`),
      'i',
      'i@',
      '@example.com',
      'a..b@example.com',
      '.a@example.com',
      'a.@example.com',
    );
  }
  refused('address', "o'neil@example.com");
  refused('sender', 'a@b@example.com');
});

test('passwords hold anything that can be typed into a terminal line', () => {
  accepted('password', 'pä$$ \'w"ord`x', '        ', '$(reboot)', '\\\\\\\\\\\\\\\\');
  refused(
    'password',
    'short',
    'line\nbreak…',
    'carriage\rreturn',
    'control\u0003character',
    'nul\0nul\0nul',
    'x'.repeat(513),
  );
});

test('selectors, choices, providers, authorities, hosts, numbers', () => {
  accepted('selector', '20261124', 'a', 's-1');
  refused('selector', 'A', 'a.b', 'a_b', '-a', '$(x)', 'a b', "a'", 'x'.repeat(64));
  accepted('choice', 'one');
  refused('choice', 'three', '$(x)');
  accepted('provider', 'dns_cf', 'rfc2136', 'dns-cloudflare');
  refused('provider', 'cf', 'dns_cf; reboot', 'dns_$(x)', '../dns_cf');
  accepted('acmeServer', 'letsencrypt', 'https://acme.test:14000/dir');
  refused('acmeServer', 'http://acme.test/dir', 'https://a b/', 'https://x/$(y)', 'file:///etc/passwd', "https://x/'");
  accepted('hosts', 'a.example b.example', 'a.example, b.example');
  refused('hosts', 'a.example $(x)', 'localhost');
  accepted('integer', '0', '-3', '120');
  refused('integer', '1.5', 'x', '1;2');
});

test('credentials are lines NAME=value, and a wrong line is told by its number, not by its text', () => {
  accepted('credentials', 'CF_Token=abc', 'A=b=c\n\nB=$(x) `y`\n', "K='quoted'");
  assert.equal(problemOf(input('credentials'), 'A=1\nsecret-without-a-name'), 'Line 2 is not of the form NAME=value.');
  assert.equal(problemOf(input('credentials'), 'A B=1'), 'Line 1 is not of the form NAME=value.');
});

test('an empty value is right unless it is required', () => {
  assert.equal(problemOf(input('domain', { required: false }), ''), undefined);
  assert.equal(problemOf(input('domain'), '  '), 'It is needed.');
});

test('defaults are filled in from other inputs and the date; names take the form of the DNS', () => {
  const domain = steps.list.filter(step => ['domain', 'hostname', 'dkim'].includes(step.id));
  const values = completeInputs(steps, domain, { domain: ' Bücher.Example ' }, new Date('2026-11-24T23:30:00Z'));
  assert.equal(values.domain, 'xn--bcher-kva.example');
  assert.equal(values.hostname, 'mail.xn--bcher-kva.example');
  assert.equal(values.selector, '20261124');
  assert.equal(values.acmeEmail, 'postmaster@xn--bcher-kva.example');
  assert.equal(values.sender, '');
});

test('what is missing or wrong is told all at once, before anything runs', () => {
  assert.throws(
    () => completeInputs(steps, steps.list, { domain: '$(reboot)', sender: 'i@example.com', nonsense: 'x' }),
    (error: unknown) => {
      assert.ok(error instanceof InputError);
      assert.deepEqual(error.problems.map(problem => problem.name).sort(), [
        'domain',
        'hostname',
        'nonsense',
        'senderPassword',
      ]);
      assert.match(error.message, /Nothing has been changed/);
      return true;
    },
  );
});

test('an error about a password does not repeat it', () => {
  assert.throws(
    () =>
      completeInputs(steps, steps.list, {
        domain: 'example.com',
        sender: 'i@example.com',
        senderPassword: 'hush\nhush',
      }),
    (error: unknown) => error instanceof InputError && !error.message.includes('hush'),
  );
});

test('a secret is seen by the step that declares it, and by no other', () => {
  const secrets = inputsOf(steps.list)
    .filter(each => each.secret)
    .map(each => each.name);
  assert.deepEqual(secrets.sort(), ['dnsCredentials', 'senderPassword']);
  const values = Object.fromEntries(inputsOf(steps.list).map(each => [each.name, `value of ${each.name}`]));
  for (const step of steps.list) {
    const seen = visibleInputs(steps, step, values);
    for (const name of secrets) {
      const own = step.inputs.some(each => each.name === name);
      assert.equal(seen[name], own ? `value of ${name}` : '', `${step.id} and ${name}`);
    }
    assert.equal(seen.domain, 'value of domain');
  }
});
