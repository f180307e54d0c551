import { domainToASCII } from 'node:url';
import type { InputType, Step, StepInput, Steps } from './step';

export type Inputs = Readonly<Record<string, string>>;

/** Why a value cannot be used, in words for the person who typed it. */
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

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/** @returns the name as it is written in the DNS (A-labels, lower case), or the reason why it is none. RFC 1123 §2.1, RFC 5891. */
function dnsName(text: string): { name: string } | { reason: string } {
  if (/[\s'"`$\\;&|<>(){}*?!~#]/.test(text))
    return { reason: 'A name holds letters, digits, hyphens and dots only, no spaces or other signs.' };
  if (text.endsWith('.')) return { reason: 'Leave out the dot at the end.' };
  const name = domainToASCII(text).toLowerCase();
  if (name === '' || name.length > 253) return { reason: 'This is not a name that the DNS can hold.' };
  const labels = name.split('.');
  if (!labels.every(part => label.test(part))) {
    return {
      reason: 'Each part between the dots needs 1 to 63 letters, digits or hyphens, and no hyphen at its ends.',
    };
  }
  if (labels.length < 2) return { reason: 'A full name is needed, such as mail.example.com.' };
  if (/^\d+$/.test(labels.at(-1)!)) return { reason: 'This is an address in numbers; a name is needed.' };
  return { name };
}

/** chasquid cuts addresses at `+` and reads upper case as lower case, so a sender has neither. */
const localPart = /^[a-z0-9_]([a-z0-9._-]{0,62}[a-z0-9_])?$/i;

function address(text: string, sender: boolean): { name: string } | { reason: string } {
  const at = text.lastIndexOf('@');
  if (at < 0) return { reason: 'An address has an @, such as i@example.com.' };
  const local = text.slice(0, at);
  const allowed = sender ? localPart : /^[a-z0-9_]([a-z0-9._+-]{0,62}[a-z0-9_])?$/i;
  if (!allowed.test(local) || local.includes('..')) {
    return {
      reason: `Before the @, letters, digits, dots, hyphens and underscores are possible${sender ? '' : ', and plus signs'}; it begins and ends with a letter, a digit or an underscore.`,
    };
  }
  const domain = dnsName(text.slice(at + 1));
  return 'reason' in domain ? domain : { name: `${sender ? local.toLowerCase() : local}@${domain.name}` };
}

type Rule = (text: string, input: StepInput) => { name: string } | { reason: string };

const matching =
  (pattern: RegExp, reason: string): Rule =>
  text =>
    pattern.test(text) ? { name: text } : { reason };

const rules: Record<InputType, Rule> = {
  hostname: dnsName,
  domain: dnsName,
  address: text => address(text, false),
  sender: text => address(text, true),
  // chasquid-util reads it from a terminal line, where control characters have meanings of their own.
  password: text => {
    if (/[\u0000-\u001f\u007f]/.test(text))
      return { reason: 'A password cannot hold line breaks or control characters.' };
    if (text.length < 8)
      return { reason: 'It needs at least 8 characters: anyone on the internet may try to guess it.' };
    return Buffer.byteLength(text) > 512 ? { reason: 'It may be at most 512 bytes long.' } : { name: text };
  },
  selector: text =>
    label.test(text)
      ? { name: text }
      : { reason: 'A selector has 1 to 63 small letters, digits or hyphens, such as 20261124.' },
  choice: (text, input) =>
    input.choices?.includes(text) ? { name: text } : { reason: `Choose one of: ${(input.choices ?? []).join(', ')}.` },
  provider: matching(
    /^(rfc2136|dns_[A-Za-z0-9_]{1,40}|dns-[a-z0-9-]{1,40})$/,
    'Take a name of acme.sh’s DNS interfaces, such as dns_cf, or rfc2136.',
  ),
  credentials: text => {
    const lines = text.split(/\r?\n/).filter(line => line.trim() !== '');
    const bad = lines.findIndex(
      line => !/^[A-Za-z][A-Za-z0-9_]*\s*=/.test(line) || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(line),
    );
    // The line itself is not repeated: it may hold a key.
    return bad < 0 ? { name: lines.join('\n') } : { reason: `Line ${bad + 1} is not of the form NAME=value.` };
  },
  acmeServer: matching(
    /^(letsencrypt|letsencrypt_test|zerossl|buypass|buypass_test|google|googletest|sslcom|https:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?)$/,
    'Take letsencrypt, or the https address of an ACME directory.',
  ),
  hosts: text => {
    const names = text.split(/[\s,]+/).filter(Boolean);
    const bad = names.find(name => 'reason' in dnsName(name));
    return bad === undefined ? { name: names.join(' ') } : { reason: `“${bad}” is not the full name of a host.` };
  },
  integer: matching(/^-?\d{1,12}$/, 'A whole number is needed.'),
  text: text => (text.includes('\0') ? { reason: 'It cannot hold a NUL character.' } : { name: text }),
};

/** Why `text` cannot be this input's value, or undefined when it can. Empty is right unless the input is required. */
export function problemOf(input: StepInput, text: string): string | undefined {
  const trimmed = input.type === 'password' ? text : text.trim();
  if (trimmed === '') return input.required ? 'It is needed.' : undefined;
  const verdict = rules[input.type](trimmed, input);
  return 'reason' in verdict ? verdict.reason : undefined;
}

/** The inputs that these steps ask for, each once. */
export function inputsOf(steps: readonly Step[]): StepInput[] {
  const seen = new Map<string, StepInput>();
  for (const input of steps.flatMap(step => step.inputs)) if (!seen.has(input.name)) seen.set(input.name, input);
  return [...seen.values()];
}

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
    const verdict = value === '' ? { name: '' } : rules[input.type](value, input);
    values[input.name] = 'name' in verdict ? verdict.name : '';
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
