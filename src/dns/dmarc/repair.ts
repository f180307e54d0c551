import { parseTagList, tagValue } from '../tagList';
import { withoutZoneLine } from '../records/zoneLine';
import { parseDmarc, policies } from './record';

const tags = 'v|p|sp|np|rua|ruf|adkim|aspf|fo|t|psd';

/**
 * The user's own record with what breaks it corrected, as strict as it was meant to be. Semicolons that were forgotten, quotation marks,
 * addresses without mailto: and broken policies are repaired; what cannot be read is left out.
 * @param proposed gives the policy and the report address where the record has none.
 */
export function repairDmarc(text: string, proposed: string): string {
  const spelled = withoutZoneLine(text)
    .replace(/["\u2018-\u201f«»\\]/g, '')
    .replace(/;\s*(?=mailto:)/gi, ',')
    .replace(new RegExp(`(?<![\\s,;])[\\s,;]+(?=(?:${tags})\\s*=)`, 'g'), '; ');
  const given = new Map<string, string>();
  // What was meant for a part of the mail shall not become the policy for all of it.
  const part = tagValue(parseTagList(spelled), 'pct');
  const read = parseTagList(spelled).tags;
  for (const { name: written, value } of read) {
    // Tag names are lower case (RFC 6376 §3.2); what stands there in capitals was meant all the same.
    const lower = written.toLowerCase();
    const name = new RegExp(`^(?:${tags})$`).test(lower) && !read.some(tag => tag.name === lower) ? lower : written;
    const repaired = repairedValue(name, value);
    if (repaired !== undefined && !given.has(name)) given.set(name, repaired);
  }
  for (const { name, value } of parseTagList(proposed).tags)
    if (['p', 'rua'].includes(name) && !given.has(name)) given.set(name, value);
  if (part !== undefined && Number(part) < 100 && given.get('p') !== 'none' && !given.has('t')) given.set('t', 'y');
  const others = [...given].filter(([name]) => name !== 'p');
  return ['v=DMARC1', `p=${given.get('p')}`, ...others.map(([name, value]) => `${name}=${value}`)].join('; ');
}

function repairedValue(name: string, value: string): string | undefined {
  switch (name) {
    case 'v':
    case 'V':
    case 'pct':
    case 'rf':
    case 'ri':
      return undefined;
    case 'p':
    case 'sp':
    case 'np': {
      const word = /^[a-z]+/i.exec(value)?.[0] ?? '';
      return policies.includes(word.toLowerCase()) ? word : undefined;
    }
    case 'rua':
    case 'ruf': {
      const uris = parseDmarc(`v=DMARC1; ${name}=${value}`)[name];
      if (uris.every(uri => uri.domain)) return value;
      if (uris.some(uri => uri.domain && !/\s/.test(uri.text)))
        return uris.flatMap(uri => (uri.domain ? uri.text : [])).join(',');
      const addresses = value.match(/(?<![^\s@<>,:;!?/])[^\s@<>,:;!?/]+@[^\s@<>,:;!?/]+/g);
      return addresses?.map(address => `mailto:${address}`).join(',');
    }
    case 'adkim':
    case 'aspf':
      // Receivers take what they do not know for the default; a stricter one might refuse mail that passes today.
      return /^[rs]$/i.test(value) ? value : undefined;
    // Where the guide to the server says fo=l, it means the figure.
    case 'fo':
      return [...new Set(value.replace(/l/gi, '1').match(/[01ds]/g))].join(':') || undefined;
    case 't':
      return /^y/i.test(value) ? 'y' : undefined;
    case 'psd':
      return /^[nu]$/i.test(value) ? value : undefined;
    default:
      return value;
  }
}
