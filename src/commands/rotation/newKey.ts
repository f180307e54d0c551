import { reasonOf, selectorRule } from '../../chasquid/rules';
import { proposedSelector } from '../../dns/dkim/proposedSelector';
import { Wizard, type Choice } from '../../views/wizard';

export interface NewKey {
  /** Default: today's date. */
  selector?: string;
  algorithm?: 'rsa' | 'ed25519';
}

/** The new key as `given`; what is missing is asked for, or has its default where nobody is to be asked. @param taken selectors in use */
export async function newKey(
  title: string,
  given: NewKey,
  taken: readonly string[],
  interactive: boolean,
): Promise<Required<NewKey>> {
  let { algorithm = 'rsa', selector = proposedSelector(taken, new Date()) } = given;
  if (!interactive) return { selector, algorithm };
  await new Wizard(title, [
    async wizard => {
      if (given.algorithm === undefined) algorithm = await wizard.pick('Which kind of key?', kinds);
    },
    async wizard => {
      selector = await wizard.text({
        prompt: `Selector of the new key: the name of its record. In use now: ${taken.join(', ') || 'none'}.`,
        value: selector,
        validate: text =>
          reasonOf(selectorRule(text)) ??
          (taken.includes(text)
            ? `${text} is in use. Caches hold its old key, so use another name, such as the date.`
            : undefined),
      });
    },
  ]).run();
  return { selector, algorithm };
}

const kinds: Choice<'rsa' | 'ed25519'>[] = [
  { label: 'RSA, 2048 bits', detail: 'Understood by every receiver.', value: 'rsa' },
  {
    label: 'Ed25519',
    detail: 'Short and strong, but some large receivers do not support it yet: keep an RSA key beside it.',
    value: 'ed25519',
  },
];
