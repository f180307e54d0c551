import {
  addressRule,
  fullNameRule,
  fullNamesRule,
  type Judged,
  passwordRule,
  reasonOf,
  selectorRule,
  senderRule,
} from '../chasquid/rules';
import type { InputType, Step, StepInput, Steps } from './step';

export type Inputs = Readonly<Record<string, string>>;

/** Why a value cannot be used, in words for the user who typed it. */
export interface InputProblem {
  name: string;
  title: string;
  reason: string;
}

/** Thrown before anything runs. `message` lists what is wrong with which input. */
export class InputError extends Error {
  constructor(readonly problems: InputProblem[]) {
    super(
      `${problems.map(problem => `${problem.title}: ${problem.reason}`).join(' ')} Nothing has been changed on the server. Correct this and start again.`,
    );
    this.name = 'InputError';
  }
}

/** acme.sh keeps the address of its account as shell text, so only what means nothing there can be in one. */
function plainAddress(text: string): Judged {
  return /^[a-z0-9_]([a-z0-9._+-]{0,62}[a-z0-9_])?@/i.test(text) && !text.includes('..')
    ? addressRule(text)
    : {
        reason:
          'An address has an @, such as i@example.com. Before it, letters, digits, dots, hyphens, underscores and plus signs are possible; it begins and ends with a letter, a digit or an underscore.',
      };
}

type Rule = (text: string, input: StepInput) => Judged;

const matching =
  (pattern: RegExp, reason: string): Rule =>
  text =>
    pattern.test(text) ? { value: text } : { reason };

const rules: Record<InputType, Rule> = {
  hostname: fullNameRule,
  domain: fullNameRule,
  address: plainAddress,
  sender: senderRule,
  password: passwordRule,
  selector: selectorRule,
  choice: (text, input) =>
    input.choices?.includes(text) ? { value: text } : { reason: `Choose one of: ${(input.choices ?? []).join(', ')}.` },
  provider: matching(
    /^(rfc2136|dns_[A-Za-z0-9_]{1,40}|dns-[a-z0-9-]{1,40})$/,
    'Use a name of acme.sh’s DNS interfaces, such as dns_cf, or rfc2136.',
  ),
  credentials: text => {
    const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
    const bad = lines.findIndex(
      line => !/^[A-Za-z][A-Za-z0-9_]*\s*=/.test(line) || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(line),
    );
    // The line itself is not repeated: it may hold a key.
    return bad < 0 ? { value: lines.join('\n') } : { reason: `Line ${bad + 1} is not of the form NAME=value.` };
  },
  acmeServer: matching(
    /^(letsencrypt|letsencrypt_test|zerossl|buypass|buypass_test|google|googletest|sslcom|https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?)$/,
    'Use letsencrypt, or the https address of an ACME directory.',
  ),
  hosts: fullNamesRule,
  integer: matching(/^-?\d{1,12}$/, 'A whole number is needed.'),
  text: text => (text.includes('\0') ? { reason: 'It cannot hold a NUL character.' } : { value: text }),
};

/** Why `text` cannot be this input's value, or undefined when it can. Empty is right unless the input is required. */
export function problemOf(input: StepInput, text: string): string | undefined {
  const trimmed = input.type === 'password' ? text : text.trim();
  if (trimmed === '') return input.required ? 'It is needed.' : undefined;
  return reasonOf(rules[input.type](trimmed, input));
}

/** The inputs that these steps ask for, each once. */
export function inputsOf(steps: readonly Step[]): StepInput[] {
  const seen = new Map<string, StepInput>();
  for (const input of steps.flatMap(step => step.inputs)) if (!seen.has(input.name)) seen.set(input.name, input);
  return [...seen.values()];
}

/** Whether one of these steps reads the input, be it its own or another's. */
export const readsInput = (steps: readonly Step[], name: string): boolean =>
  steps.some(step => step.uses.includes(name) || step.inputs.some(input => input.name === name));

/**
 * The values with which the scripts run: defaults filled in, names in the form of the DNS, every input of every step present
 * (empty when not given). Only inputs of `chosen` are required.
 * @throws InputError for values that are missing or refused; unknown names are refused too.
 */
export function completeInputs(
  steps: Steps,
  chosen: readonly Step[],
  given: Inputs,
  now = new Date(),
): Record<string, string> {
  const known = inputsOf(steps.list);
  const required = new Set(
    inputsOf(chosen)
      .filter(input => input.required)
      .map(input => input.name),
  );
  const problems: InputProblem[] = Object.keys(given)
    .filter(name => !known.some(input => input.name === name))
    .map(name => ({ name, title: name, reason: 'No step has an input of this name.' }));
  const values: Record<string, string> = {};
  for (const input of inDependencyOrder(known)) {
    const text = given[input.name] ?? '';
    const value =
      text.trim() === '' ? expand(input.default ?? '', values, now) : input.type === 'password' ? text : text.trim();
    const reason = problemOf({ ...input, required: required.has(input.name) }, value);
    if (reason) problems.push({ name: input.name, title: input.title, reason });
    const verdict = value === '' ? { value: '' } : rules[input.type](value, input);
    values[input.name] = 'value' in verdict ? verdict.value : '';
  }
  if (problems.length > 0) throw new InputError(problems);
  return values;
}

/** Inputs without a default first: the defaults of others may name them. */
const inDependencyOrder = (inputs: StepInput[]): StepInput[] => [
  ...inputs.filter(input => !input.default?.includes('{')),
  ...inputs.filter(input => input.default?.includes('{')),
];

/** A default that names an input which is empty is empty itself. */
function expand(template: string, values: Inputs, now: Date): string {
  const date = now.toISOString().slice(0, 10).replaceAll('-', '');
  let whole = true;
  const text = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = { date, now: String(Math.round(now.getTime() / 1000)) }[name] ?? values[name];
    whole &&= Boolean(value);
    return value ?? '';
  });
  return whole ? text : '';
}

/** What one step's scripts may see: every input that is not secret, and the secrets which the step declares. */
export function visibleInputs(steps: Steps, step: Step, values: Inputs): Record<string, string> {
  const own = new Set(step.inputs.map(input => input.name));
  return Object.fromEntries(
    inputsOf(steps.list).map(input => [
      input.name,
      input.secret && !own.has(input.name) ? '' : (values[input.name] ?? ''),
    ]),
  );
}
