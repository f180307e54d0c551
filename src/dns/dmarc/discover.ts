import type { Inquiry } from '../check/inquiry';
import type { Answer } from '../resolver/answer';
import { ancestors, isWithin, registrableDomain } from '../name';
import { parseTagList, tagValue } from '../tagList';
import { isDmarc } from './record';

/** What the DNS Tree Walk found above a domain (RFC 9989 §4.10). */
export interface Organisation {
  /** The organisational domain. */
  domain: string;
  /** The record that applies when the domain has none of its own, and where it stands. */
  inherited?: string;
  from?: string;
  /** The record is that of a public suffix: its policy applies, but reports go to the registry. */
  ofSuffix?: boolean;
  /** A name above the domain with several records, which count as none. */
  several?: string;
  /** A name between the domain and its registrable part that gave no answer: there may be a record. */
  silent?: Answer;
}

/** A walk asks eight names at most: the domain, then its last seven labels and fewer (RFC 9989 §4.10, step 4). */
function walkNames(domain: string): string[] {
  const all = ancestors(domain);
  return all.length > 8 ? [domain, ...all.slice(-7)] : all;
}

/** The organisational domain by tree walk. All names are asked at once; the order of the walk decides afterwards. */
export async function organisation(domain: string, inquiry: Pick<Inquiry, 'ask'>): Promise<Organisation> {
  const names = walkNames(domain);
  const answers = await Promise.all(names.map(name => inquiry.ask(`_dmarc.${name}`, 'TXT')));
  const found: { name: string; text: string; psd: string }[] = [];
  for (const [at, name] of names.entries()) {
    const texts = answers[at]!.values.filter(isDmarc);
    if (texts.length !== 1) continue;
    const list = parseTagList(texts[0]!);
    if (list.duplicates.length > 0) continue;
    const psd = tagValue(list, 'psd')?.toLowerCase() ?? 'u';
    found.push({ name, text: texts[0]!, psd });
    if (psd !== 'u') break;
  }
  const within = registrableDomain(domain);
  const several = names.find((name, at) => at > 0 && answers[at]!.values.filter(isDmarc).length > 1);
  const silent = answers.find((answer, at) => answer.state === 'failed' && at > 0 && isWithin(names[at]!, within));
  const own = organisationalName(domain, found);
  const source = found.find(item => item.name === own) ?? found.find(item => item.psd === 'y');
  return {
    domain: own,
    ...(source && source.name !== domain && { inherited: source.text, from: source.name }),
    ...(source?.psd === 'y' && source.name !== domain && { ofSuffix: true }),
    ...(several !== undefined && { several }),
    ...(silent && { silent }),
  };
}

/** RFC 9989 §4.10.2. */
function organisationalName(domain: string, found: { name: string; psd: string }[]): string {
  for (const { name, psd } of found) {
    if (psd === 'n') return name;
    if (psd === 'y' && name !== domain)
      return domain
        .split('.')
        .slice(-(name.split('.').length + 1))
        .join('.');
  }
  return found.at(-1)?.name ?? domain;
}
