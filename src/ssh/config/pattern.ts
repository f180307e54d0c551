/**
 * Whether `text` matches an OpenSSH pattern, in which `*` stands for any characters and `?` for one (ssh_config(5),
 * PATTERNS). Linear but for backtracking to the last `*`, so no pattern can make it hang.
 */
export function matchPattern(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (pattern[p] === '?' || (p < pattern.length && pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * Matches a pattern list: true when one pattern matches and no negated one (`!pattern`) does.
 * A list of negated patterns alone never matches, as with OpenSSH.
 */
export function matchPatternList(text: string, patterns: readonly string[]): boolean {
  let matched = false;
  for (const pattern of patterns) {
    if (pattern.startsWith('!')) {
      if (matchPattern(text, pattern.slice(1))) return false;
    } else if (matchPattern(text, pattern)) {
      matched = true;
    }
  }
  return matched;
}
