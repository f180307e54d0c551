import { isIP } from 'node:net';
import type { Answer } from '../resolver/answer';
import type { ExpectedRecord, Finding } from '../records/record';
import type { Inquiry, Judgement } from '../check/inquiry';
import { finding } from '../check/findings';
import { judged, missing, unanswered } from '../check/inquiry';
import { sameAddress } from '../address';
import { isWithin, registrableDomain, sameName } from '../name';
import { describeFailure } from '../resolver/answer';
import { visible } from '../../text/visible';

interface MailHost {
  preference: number;
  name: string;
}
interface Located extends MailHost {
  answers: Answer[];
  addresses: string[];
}

/** Where the domain's mail goes: to this server, by a name with an address that is no alias. */
export async function judgeMx(record: ExpectedRecord, inquiry: Inquiry): Promise<Judgement> {
  const answer = await inquiry.ask(record.name, 'MX');
  if (answer.state === 'failed') return unanswered(answer);
  if (answer.values.length === 0)
    return missing(record, [], record.value ? undefined : 'Publish the MX that the provider of the mailbox names.');
  const observed = answer.values.map(value => visible(value));
  const hosts = answer.values.map(readMx);
  if (hosts.some(host => host.name === '.'))
    return judged(observed, [
      finding(
        'mx-null',
        hosts.length > 1
          ? `A null MX is published beside others at ${record.name}, which RFC 7505 §3 forbids.`
          : `The null MX of ${record.name} says that the domain accepts no mail.`,
        hosts.length > 1
          ? 'Remove the MX “0 .”.'
          : record.value
            ? `Replace it with MX ${record.value}.`
            : 'Replace it with the MX of the mailbox’s provider.',
      ),
    ]);

  const located = await Promise.all(hosts.slice(0, 20).map(host => locate(host, inquiry)));
  const own = [...inquiry.facts.ipv4, ...inquiry.facts.ipv6];
  const leadsHere = (host: Located) =>
    sameName(host.name, inquiry.host) || host.addresses.some(address => own.some(mine => sameAddress(mine, address)));
  const here = located.filter(leadsHere);
  if (!inquiry.facts.receives) return elsewhere(record, observed, located, here);
  const findings = located.flatMap(host => targetFindings(host, record, here.length > 0));
  if (here.length === 0) {
    // A name of ours that gives no answer may well lead here.
    const silent = located.find(
      host => isOurs(host, inquiry) && host.answers.some(answer => answer.state === 'failed'),
    );
    if (silent) return { observed, findings, status: 'unknown' };
    findings.push(
      finding(
        'mx-not-us',
        `Mail for ${record.name} goes to ${visible(hosts.map(host => host.name).join(', '))}, not to this server.`,
        `Publish MX ${record.value} instead. If the mailbox elsewhere is to stay, say that this server only sends for the domain.`,
      ),
    );
    return judged(observed, findings);
  }
  const best = Math.min(...here.map(host => host.preference));
  const others = located.filter(host => !leadsHere(host) && host.preference <= best);
  if (others.length > 0)
    findings.push(
      finding(
        'mx-others-first',
        `${visible(others.map(host => host.name).join(', '))} comes before this server, or beside it.`,
        `Give ${inquiry.host} the lowest number, or remove the others.`,
      ),
    );
  if (!here.some(host => sameName(host.name, inquiry.host)))
    findings.push(
      finding(
        'mx-other-name',
        `MX calls this server ${visible(here[0]!.name)} instead of ${inquiry.host}.`,
        `Publish MX ${record.value}.`,
      ),
    );
  return judged(observed, findings);
}

/** The mailbox is somewhere else, as the user chose: any server that can be reached will do. */
function elsewhere(record: ExpectedRecord, observed: string[], located: Located[], here: Located[]): Judgement {
  const names = visible(located.map(host => host.name).join(', '), 200);
  const there = finding(
    'mx-elsewhere',
    `Mail for ${record.name} goes to ${names}, as you chose.`,
    'If people on this server write to addresses of the domain, forward these in its aliases to where the mailbox is.',
  );
  const mine = finding(
    'mx-not-elsewhere',
    `MX points to this server (${visible(here[0]?.name ?? '')}), although mail for ${record.name} is to be received elsewhere.`,
    'Publish the MX of the mailbox’s provider, or choose that this server receives the mail.',
  );
  const findings = [...located.flatMap(host => targetFindings(host, record, true)), here.length > 0 ? mine : there];
  return judged(observed, findings);
}

function isOurs({ name }: MailHost, { domain, host }: Inquiry): boolean {
  return [domain, host].some(own => isWithin(name, registrableDomain(own)));
}

function readMx(value: string): MailHost {
  const [preference = '0', name = '.'] = value.split(' ');
  return { preference: Number(preference), name };
}

async function locate(host: MailHost, inquiry: Inquiry): Promise<Located> {
  if (isIP(host.name)) return { ...host, answers: [], addresses: [] };
  const answers = await Promise.all([inquiry.ask(host.name, 'A'), inquiry.ask(host.name, 'AAAA')]);
  return { ...host, answers, addresses: answers.flatMap(answer => answer.values) };
}

/** @param served whether another of the names leads here, so that this one is only a backup. */
function targetFindings(host: Located, record: ExpectedRecord, served: boolean): Finding[] {
  const name = visible(host.name);
  const fix = record.value ? `Publish MX ${record.value}.` : 'Publish the MX that the mailbox’s provider names.';
  // A page that appends the zone to every name does so to an address, too.
  const bareName = isWithin(host.name, record.name) ? host.name.slice(0, -record.name.length - 1) : host.name;
  if (isIP(bareName)) return [finding('mx-is-address', `MX names the address ${visible(bareName)}.`, fix)];
  const found: Finding[] = [];
  const alias = host.answers.find(answer => answer.aliases.length > 0);
  if (alias)
    found.push(
      finding(
        'mx-alias',
        `The MX target ${name} is an alias of ${visible(alias.aliases.at(-1)!)}.`,
        `Point MX at a name that has addresses of its own.`,
      ),
    );
  if (host.addresses.length === 0) {
    const silent = host.answers.find(answer => answer.state === 'failed');
    found.push(
      silent
        ? finding(
            'dns-no-answer',
            `It is unknown whether the MX target ${name} has an address: ${describeFailure(silent)}.`,
            undefined,
            served ? 'information' : 'warning',
          )
        : finding('mx-no-address', `The MX target ${name} has no address.`, noAddressFix(host.name, record)),
    );
  }
  return found;
}

/** A single word, or our name with more behind it, was not meant: some page appended the zone, or wanted a full stop at the end. */
function noAddressFix(name: string, record: ExpectedRecord): string {
  const ours = record.value.split(' ')[1];
  if (ours !== undefined && (!name.includes('.') || name.startsWith(`${ours}.`)))
    return `Publish MX ${record.value}. If your provider appends the zone to the name, end it with a full stop: ${ours}.`;
  return `Publish A and AAAA records for ${visible(name)}, or point MX at ${ours ?? 'another server'}.`;
}
