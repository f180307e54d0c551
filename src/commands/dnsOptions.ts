import { dnsChoices, keepDnsChoices } from '../app/dnsChoices';
import { showInformation } from '../app/window';
import { addressRule, fullNamesRule, reasonOf } from '../chasquid/rules';
import type { RecordChoices } from '../host/facts/recordFacts';
import { Wizard } from '../views/wizard';
import type { App } from './composedApp';
import { connected, defineCommand, followUp, pickDomain, pickServer, type ServerArgs } from './command';

interface DnsOptionsArgs extends ServerArgs {
  receives?: boolean;
  neverSend?: string[];
  reportAddress?: string;
}

const split = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

/** What no server can tell of a domain: where its mail is received, which names never send, who gets reports. */
export const chooseDnsOptions = defineCommand(
  async (app: App, args: DnsOptionsArgs, { interactive }): Promise<RecordChoices> => {
    const title = 'DNS Options';
    const session = await connected(await pickServer(app, args, title));
    const domain = await pickDomain(session, args, title);
    const now = dnsChoices(domain);
    let receives = args.receives ?? now.receives ?? true;
    let silent = args.neverSend ?? now.silent ?? [];
    let reportAddress = args.reportAddress ?? now.reportAddress ?? '';
    if (interactive) {
      await new Wizard(`${title} · ${domain}`, [
        async wizard => {
          receives = await wizard.pick(`Where is mail to ${domain} received?`, receivers, receives);
        },
        async wizard => {
          const text = await wizard.text({
            prompt:
              'Names that never send mail, separated by spaces: nobody can send in their name then. May be empty.',
            placeholder: `www.${domain} shop.${domain}`,
            value: silent.join(' '),
            validate: names => reasonOf(fullNamesRule(names)),
          });
          silent = split(text);
        },
        async wizard => {
          const text = await wizard.text({
            prompt: 'Who gets the reports of receivers (DMARC, TLS)? Empty: postmaster at the domain.',
            placeholder: `postmaster@${domain}`,
            value: reportAddress,
            validate: address => (address.trim() === '' ? undefined : reasonOf(addressRule(address.trim()))),
          });
          reportAddress = text.trim();
        },
      ]).run();
    }
    const wrong =
      reasonOf(fullNamesRule(silent.join(' '))) ??
      (reportAddress === '' ? undefined : reasonOf(addressRule(reportAddress)));
    if (wrong !== undefined) throw new RangeError(`${wrong} Nothing was changed.`);
    const choices = { receives, silent, reportAddress };
    await keepDnsChoices(domain, choices);
    if (interactive) {
      // The panel says what else follows: chasquid treats every domain in its folder as local, so mail from here to it stays here.
      void showInformation(`The DNS records of ${domain} follow your choices now.`, 'Show DNS Records').then(choice => {
        if (choice) void followUp('showDnsRecords', { server: session.name, domain });
      });
    }
    return dnsChoices(domain);
  },
);

const receivers = [
  { label: '$(mail) By this server', detail: 'The MX record names it; aliases forward what arrives.', value: true },
  {
    label: '$(cloud) By another provider',
    detail: 'Your mailbox stays where it is: the MX records that exist are kept, and this server only sends.',
    value: false,
  },
];
