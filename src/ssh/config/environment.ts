import { matchPattern } from './pattern';

/**
 * The variables that an OpenSSH configuration gives to the shell on the server (ssh_config(5)).
 * @param send the words of each SendEnv line in order: patterns of names in `own`; `-PATTERN` cancels earlier patterns
 * @param set what stands after SetEnv: NAME=VALUE, where a value may be quoted; these go before all others
 */
export function environmentOf(
  send: readonly (readonly string[])[],
  set: string,
  own: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  let patterns: string[] = [];
  for (const word of send.flat()) {
    if (word.startsWith('-')) patterns = patterns.filter(pattern => !matchPattern(pattern, word.slice(1)));
    else patterns.push(word);
  }
  const sent = Object.entries(own).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && patterns.some(pattern => matchPattern(entry[0], pattern)),
  );
  const words = [...set.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));
  const given = words.map(word => /^([^=]+)=(.*)$/s.exec(word)).filter(found => found !== null);
  return Object.fromEntries([...sent, ...given.map(([, name, value]) => [name!, value!] as const)]);
}
