import { parseTagList, tagValue } from '../tagList';
import type { DmarcPolicy } from './record';
import { policies } from './record';

/** What a user decides about a DMARC record. */
export interface DmarcChoices {
  policy: DmarcPolicy;
  /** Of subdomains, and of those that do not exist; '' follows the policy. */
  subdomains: DmarcPolicy | '';
  missing: DmarcPolicy | '';
  /** Receivers apply one step less. */
  test: boolean;
  /** Addresses for the daily reports, and for reports about single messages, as typed. */
  reports: string;
  failures: string;
  /** When the latter are sent: `0`, `1`, `d`, `s`, or several with colons between. */
  when: string;
  /** Whether the domain must be exactly the one in From:. */
  strictDkim: boolean;
  strictSpf: boolean;
}

/** What a record says now. Whatever cannot be read counts as the default. */
export function readChoices(text: string): DmarcChoices {
  const list = parseTagList(text);
  const value = (name: string) => tagValue(list, name)?.toLowerCase() ?? '';
  const policy = (name: string) => (policies.includes(value(name)) ? (value(name) as DmarcPolicy) : '');
  const addresses = (name: string) =>
    (tagValue(list, name) ?? '')
      .replace(/mailto:/gi, '')
      .split(',')
      .map(address => address.trim())
      .join(', ');
  return {
    policy: policy('p') || 'none',
    subdomains: policy('sp'),
    missing: policy('np'),
    test: value('t') === 'y',
    reports: addresses('rua'),
    failures: addresses('ruf'),
    when: value('fo').replace(/\s/g, '') || '0',
    strictDkim: value('adkim') === 's',
    strictSpf: value('aspf') === 's',
  };
}

/** The record that says so, with nothing in it that is the default (RFC 9989 §4.7). */
export function buildDmarc(choices: DmarcChoices): string {
  const [rua, ruf] = [uris(choices.reports), uris(choices.failures)];
  const tags = [
    ['p', choices.policy],
    ['sp', choices.subdomains],
    ['np', choices.missing],
    ['rua', rua],
    ['ruf', ruf],
    // Without ruf= there is nothing to choose among.
    ['fo', ruf !== '' && choices.when !== '0' ? choices.when : ''],
    ['adkim', choices.strictDkim ? 's' : ''],
    ['aspf', choices.strictSpf ? 's' : ''],
    ['t', choices.test && choices.policy !== 'none' ? 'y' : ''],
  ].filter(([, value]) => value !== '');
  return ['v=DMARC1', ...tags.map(([name, value]) => `${name}=${value}`)].join('; ');
}

/** `mailto:` addresses with commas between, from what was typed; signs that would end the tag are left out. */
function uris(typed: string): string {
  return typed
    .split(/[\s,;]+/)
    .map(address => address.replace(/^mailto:/i, '').replace(/[!"\\<>]/g, ''))
    .filter(address => /^[^@]+@[^@]+$/.test(address))
    .map(address => `mailto:${address}`)
    .join(',');
}

/** Where a record stands on the way from watching to refusing, and when to go on. */
export function stageAdvice({ policy, test }: DmarcChoices): string {
  if (policy === 'none')
    return 'Stage 1 of 3, monitoring: nothing happens to any mail. Stay here until some weeks of reports show only your own servers, and all of them pass.';
  if (test)
    return `A trial of ${policy}: receivers apply one step less. Remove t=y when some weeks of reports are clean.`;
  if (policy === 'quarantine')
    return 'Stage 2 of 3: forged mail goes to spam. Go on when none of your own mail did for some weeks.';
  return 'Stage 3 of 3: forged mail is refused. Mailing lists that change messages lose yours as well, so stay at stage 2 if people write to lists from the domain (RFC 9989 §7.4).';
}
