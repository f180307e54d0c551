import { isIP } from 'node:net';
import { dnsNameRule, fullNameRule, type Judged } from '../chasquid/rules';
import { certificateFacts, readChain } from '../dns/certificate';
import { checkDomain } from '../dns/check/check';
import { publicKeyOf } from '../dns/dkim/key';
import type { DkimFacts, DomainRecordFacts } from '../dns/records/facts';
import { canonicalAddress } from '../dns/address';
import type { RecordVerdict } from '../dns/records/record';
import type { Resolver } from '../dns/resolver/answer';
import { summarize } from '../dns/check/summary';
import { visible } from '../text/visible';
import { openView } from '../dns/check/view';
import { namedFile } from './nodeFiles';
import { resolversOf } from './resolvers';
import { formatOf, parseCommand, Unreadable, Usage } from './usage';

/** `chasquid-check dns`. Resolves to the exit status. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, {
    format: { type: 'string' },
    resolver: { type: 'string', multiple: true },
    host: { type: 'string' },
    ipv4: { type: 'string', multiple: true },
    ipv6: { type: 'string', multiple: true },
    dkim: { type: 'string', multiple: true },
    certificate: { type: 'string' },
    'keep-mx': { type: 'boolean' },
    'never-sends': { type: 'string', multiple: true },
  });
  const format = formatOf(values.format, ['text', 'json']);
  const [domain, ...others] = positionals;
  if (domain === undefined || others.length > 0) throw new Usage('Name one mail domain.');
  if (values.host === undefined) throw new Usage('Name the mail server with --host.');
  const servers = values.resolver && (await resolversOf(values.resolver));
  let facts: DomainRecordFacts = {
    domain: mailDomain(domain),
    hostname: fullName(values.host),
    ipv4: [...new Set(values.ipv4?.map(text => address(text, 4)))],
    ipv6: [...new Set(values.ipv6?.map(text => address(text, 6)))],
    dkim: await dkimKeys(values.dkim ?? []),
    receives: values['keep-mx'] !== true,
    ...(values['never-sends'] && { silent: values['never-sends'].map(name => allowed(name, fullNameRule(name))) }),
    ...(values.certificate !== undefined && { certificate: await certificate(values.certificate) }),
  };
  if (facts.ipv4.length + facts.ipv6.length === 0)
    facts = await withPublishedAddresses(facts, openView(facts, servers ? { servers } : {}).resolver);
  const { resolver, ...options } = openView(facts, servers ? { servers } : {});
  const records = await checkDomain(facts, resolver, options);
  process.stdout.write(format === 'json' ? `${JSON.stringify(records.map(json), null, 2)}\n` : text(records, facts));
  return records.some(record => record.findings.some(finding => finding.severity === 'error')) ? 1 : 0;
}

function allowed(text: string, judged: Judged): string {
  if ('reason' in judged) throw new Usage(`“${text.slice(0, 80)}” is not a domain name. ${judged.reason}`);
  return judged.value;
}

/** An address has no mail domain, whatever its digits look like. */
function mailDomain(text: string): string {
  if (isIP(text) !== 0) throw new Usage(`“${text}” is an address, not a domain name. Write it like example.com.`);
  return allowed(text, dnsNameRule(text));
}

/** What a server says in EHLO is a name with a dot (RFC 5321 §2.3.5). */
function fullName(text: string): string {
  if (isIP(text) !== 0 || !text.replace(/\.$/, '').includes('.'))
    throw new Usage(`“${text}” is not the full name of a server. Write it like mail.example.com.`);
  return allowed(text, dnsNameRule(text));
}

function address(text: string, family: 4 | 6): string {
  const canonical = canonicalAddress(text);
  if (!canonical || canonical.includes(':') !== (family === 6))
    throw new Usage(`“${text}” is not an IPv${family} address.`);
  return canonical;
}

async function dkimKeys(texts: string[]): Promise<DkimFacts[]> {
  const keys = await Promise.all(texts.map(dkimKey));
  const twice = keys.find((key, at) => keys.findIndex(other => other.selector === key.selector) < at);
  if (twice) throw new Usage(`The selector “${twice.selector}” is given twice. A selector has one key.`);
  return keys;
}

async function dkimKey(text: string): Promise<DkimFacts> {
  const match = /^([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)=(.+)$/.exec(text);
  if (!match) throw new Usage(`“${text}” is not of the form SELECTOR=FILE.`);
  const [, selector, file] = match as unknown as [string, string, string];
  const pem = await textOf(file);
  try {
    return { selector, ...publicKeyOf(pem) };
  } catch (error) {
    throw new Unreadable(`${file}: ${(error as Error).message}`);
  }
}

async function certificate(file: string): Promise<NonNullable<DomainRecordFacts['certificate']>> {
  const pem = await textOf(file);
  try {
    return certificateFacts(readChain(pem));
  } catch {
    throw new Unreadable(
      `${file}: It holds no certificate that can be read. Give the chain in PEM, the server’s own first.`,
    );
  }
}

async function textOf(file: string): Promise<string> {
  return Buffer.from(await namedFile(file)).toString('utf8');
}

/** Without --ipv4 and --ipv6 the server's addresses are those that its name has. */
async function withPublishedAddresses(facts: DomainRecordFacts, resolver: Resolver): Promise<DomainRecordFacts> {
  const [v4, v6] = await Promise.all([resolver.query(facts.hostname, 'A'), resolver.query(facts.hostname, 'AAAA')]);
  return { ...facts, ipv4: v4.values, ipv6: v6.values };
}

/** A verdict as `--format json` gives it. */
function json({ value, ...record }: RecordVerdict): object {
  const { name, type, purpose, requirement, observed, status, findings, ...rest } = record;
  return { name, type, purpose, requirement, expected: value, observed, status, findings, ...rest };
}

const marks: Record<RecordVerdict['status'], string> = {
  ok: '✓',
  missing: '✗',
  wrong: '✗',
  warning: '!',
  unknown: '?',
};

function text(records: RecordVerdict[], { dkim }: DomainRecordFacts): string {
  const lines = records.flatMap(record => [
    `${marks[record.status]} ${record.purpose.toUpperCase().padEnd(8)} ${record.type.padEnd(5)} ${record.name} (${record.requirement}): ${record.status}`,
    ...(record.status === 'ok'
      ? []
      : [
          ...(record.value ? [`    expected  ${record.value}`] : []),
          ...record.observed.map(value => `    found     ${visible(value)}`),
        ]),
    ...record.findings.flatMap(({ severity, message, why, fix, code }) => [
      `    ${severity}: ${[message, why].filter(Boolean).join(' ')} [${code}]`,
      ...(fix ? [`      → ${fix}`] : []),
    ]),
  ]);
  if (dkim.length === 0) lines.push('DKIM was not checked. Give the server’s keys with --dkim SELECTOR=FILE.');
  return `${lines.map(line => visible(line, Infinity)).join('\n')}\n${summarize(records).sentence}\n`;
}
