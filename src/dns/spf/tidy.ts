import { isIPv4, isIPv6 } from 'node:net';

const mechanism = 'ip4|ip6|a|mx|include|exists|ptr';

/**
 * What was meant by a record that was written with typos: typographic quotes, dashes and spaces, commas and semicolons between
 * terms, `ipv4:`, addresses without `ip4:` or behind `a:`, names behind `ip4:`, a space within a term, two records in one. What is right stays as it is.
 * @returns one text for each `v=spf1`, each beginning with it.
 */
export function tidySpf(text: string): string[] {
  const words = text
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/["'\u2018-\u201f«»]/g, ' ')
    .replace(/^\W*(?:v\s*=\s*spf\d?|spf1)/i, 'v=spf1 ')
    .split(/\s+/)
    .flatMap(separated)
    .join(' ')
    .replace(/(^| )([-~?+]) all\b/gi, '$1$2all')
    .replace(new RegExp(`(^| )([-~?+]?)(ip[46]): (?=\\S)`, 'gi'), '$1$2$3:')
    .split(' ')
    .map(spelled);
  const records: string[][] = [];
  for (const word of words) {
    if (/^v=spf1$/i.test(word)) records.push([word]);
    else records.at(-1)?.push(word);
  }
  return records.map(record => record.join(' '));
}

/** Commas and semicolons stand between terms, unless in a macro (RFC 7208 §7.1) or a modifier that only its readers know. */
function separated(word: string): string[] {
  const foreign = /^[a-z][\w.-]*=/i.test(word) && !new RegExp(`^(?:v|redirect|exp|${mechanism})=`, 'i').test(word);
  if (foreign) return [word];
  let inMacro = false;
  const apart = [...word].map(char => {
    if (char === '{' || char === '}') inMacro = char === '{';
    return !inMacro && (char === ',' || char === ';') ? '\n' : char;
  });
  return apart.join('').split('\n').filter(Boolean);
}

function spelled(word: string): string {
  const [, qualifier = '', rest = ''] = /^([-~?+]?)(.*)$/s.exec(word)!;
  const [, name = '', written = rest] = new RegExp(`^(?:(ipv?[46]|a|mx|include|exists)[:=])?(.*)$`, 'is').exec(rest)!;
  const value = written.replace(/^\[([0-9a-f:.]+)\]/i, '$1');
  const address = value.replace(/\/\d*$/, '');
  const family = isIPv4(address) ? 'ip4' : isIPv6(address) ? 'ip6' : undefined;
  if (family)
    return rest.toLowerCase() === `${family}:${value.toLowerCase()}` ? word : `${qualifier}${family}:${value}`;
  // A name of which the address is wanted.
  if (/^ip/i.test(name) && /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*$/i.test(value))
    return `${qualifier}a:${value}`;
  return qualifier + rest.replace(new RegExp(`^(${mechanism})=`, 'i'), '$1:');
}
