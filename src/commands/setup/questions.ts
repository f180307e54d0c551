import { isIP } from 'node:net';
import type { App } from '../composedApp';
import type { HostFacts } from '../../host/facts/facts';
import type { Inputs } from '../../provision/inputs';
import type { Step, StepInput, Steps } from '../../provision/step';
import { type Choice, Wizard } from '../../views/wizard';
import { askCredentials, askProvider } from './credentials';

type Answers = Record<string, string>;
type Problem = (input: StepInput, text: string) => string | undefined;

/**
 * The domain and the server's name, with what the server tells of itself as a proposal. Each is asked only when one of
 * `chosen` has a use for it.
 * @param facts undefined: the domain is another one than the server has, so none is proposed
 */
export async function askNames(
  title: string,
  steps: Steps,
  chosen: readonly Step[],
  given: Inputs,
  host: string,
  facts: HostFacts | undefined,
): Promise<Answers> {
  const { inputsOf, problemOf, readsInput } = await import('../../provision/inputs');
  const inputs = inputsOf(steps.list);
  const domainInput = inputs.find(input => input.name === 'domain')!;
  const hostnameInput = inputs.find(input => input.name === 'hostname')!;
  const answers: Answers = { ...given };
  await new Wizard(title, [
    async wizard => {
      if (given.domain !== undefined || !readsInput(chosen, 'domain')) return;
      answers.domain = await wizard.text({
        prompt: `${domainInput.title}: ${lower(domainInput.description)}`,
        placeholder: domainInput.placeholder ?? '',
        value: answers.domain ?? (facts ? proposedDomain(host, facts) : ''),
        validate: text => problemOf({ ...domainInput, required: true }, text),
      });
    },
    async wizard => {
      if (given.hostname !== undefined || !readsInput(chosen, 'hostname')) return;
      const domain = answers.domain ?? (facts ? proposedDomain(host, facts) : '');
      answers.hostname = await wizard.text({
        prompt: `${hostnameInput.title}: ${lower(hostnameInput.description)}`,
        value: facts ? proposedHostname(domain, host, facts) : `mail.${domain}`,
        validate: text => problemOf({ ...hostnameInput, required: true }, text),
      });
    },
  ]).run();
  return answers;
}

/**
 * What the chosen steps still need to be told. Steps that are done ask nothing.
 * @param secretsFor the name of the server entry for which passwords and keys are asked as well; without it they are not
 */
export async function askRest(
  app: App,
  title: string,
  chosen: readonly Step[],
  given: Inputs,
  { secretsFor }: { secretsFor?: string } = {},
): Promise<Answers> {
  const { inputsOf, problemOf } = await import('../../provision/inputs');
  const answers: Answers = { ...given };
  const wanted = inputsOf(chosen).filter(
    input => !input.internal && given[input.name] === undefined && (secretsFor !== undefined || !input.secret),
  );
  const questions = wanted.flatMap(input => questionFor(app, input, answers, problemOf, secretsFor));
  if (questions.length > 0) await new Wizard(title, questions).run();
  return answers;
}

type Question = (wizard: Wizard) => Promise<void>;

function questionFor(
  app: App,
  input: StepInput,
  answers: Answers,
  problemOf: Problem,
  secretsFor?: string,
): Question[] {
  const validate = (text: string): string | undefined => problemOf(input, text);
  switch (input.name) {
    case 'challenge':
      return [
        async wizard =>
          void (answers.challenge = await wizard.pick(
            'How should the certificate authority validate the domain?',
            proofs,
          )),
      ];
    case 'dnsProvider':
      return [
        async wizard => {
          if (answers.challenge !== 'dns-01') return;
          if (secretsFor === undefined) await askProvider(wizard, answers);
          else await askCredentials(app, wizard, answers, secretsFor);
        },
      ];
    case 'acmeServer':
      return [
        async wizard => {
          answers.acmeServer = await wizard.pick('Certificate authority', authorities);
          if (answers.acmeServer === '') {
            answers.acmeServer = await wizard.text({
              prompt: 'Address of its ACME directory.',
              placeholder: 'https://ca.example/acme/directory',
              validate: text => problemOf({ ...input, required: true }, text),
            });
          }
        },
      ];
    case 'sender':
      return [
        async wizard =>
          void (answers.sender = await wizard.text({
            prompt: `${input.title}: the address that sends.`,
            placeholder: input.placeholder ?? '',
            value: answers.sender ?? `i@${answers.domain ?? ''}`,
            validate: text =>
              problemOf(input, text) ??
              (text.trim().toLowerCase().endsWith(`@${answers.domain}`)
                ? undefined
                : `It must be an address at ${answers.domain}.`),
          })),
      ];
    case 'senderPassword':
      return [
        async wizard => {
          const password = await wizard.text({
            prompt: `Password for ${answers.sender ?? 'the sender'}. It is stored on the server only, as a hash.`,
            password: true,
            validate,
          });
          await wizard.text({
            prompt: 'The same password again.',
            password: true,
            validate: text => (text === password ? undefined : 'The two passwords differ.'),
          });
          answers.senderPassword = password;
        },
      ];
    default:
      return input.required && !input.default
        ? [
            async wizard =>
              void (answers[input.name] = await wizard.text({
                prompt: `${input.title}: ${lower(input.description)}`,
                placeholder: input.placeholder ?? '',
                password: input.secret,
                validate,
              })),
          ]
        : [];
  }
}

const proofs: Choice<string>[] = [
  {
    label: '$(globe) Over HTTP, on port 80',
    detail: 'The name must point to this server already, and port 80 be free for a moment.',
    value: 'http-01',
  },
  {
    label: '$(list-unordered) Over DNS',
    detail: 'Through the interface of your DNS provider, with a key of yours. The name need not point anywhere yet.',
    value: 'dns-01',
  },
];

const authorities: Choice<string>[] = [
  { label: 'Let’s Encrypt', description: 'free, 90 days, renewed automatically', value: 'letsencrypt' },
  {
    label: 'Let’s Encrypt, staging',
    description: 'for testing: nobody trusts its certificates',
    value: 'letsencrypt_test',
  },
  { label: 'ZeroSSL', value: 'zerossl' },
  { label: 'Another ACME directory…', value: '' },
];

function proposedDomain(host: string, facts: HostFacts): string {
  const known = facts.chasquid?.domains[0]?.name;
  if (known) return known;
  const name = [facts.chasquid?.hostname, facts.hostname, host].find(
    candidate => candidate?.includes('.') && isIP(candidate) === 0,
  );
  return name
    ? name
        .split('.')
        .slice(-Math.max(2, name.split('.').length - 1))
        .join('.')
    : '';
}

function proposedHostname(domain: string, host: string, facts: HostFacts): string {
  const within = [facts.chasquid?.hostname, facts.hostname, host].find(name => name?.endsWith(`.${domain}`));
  return within ?? `mail.${domain}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
