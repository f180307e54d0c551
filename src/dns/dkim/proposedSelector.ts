/** A selector that is not in use: the day (UTC) as 20261124, with a letter behind where that is taken. */
export function proposedSelector(taken: readonly string[], now: Date): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '');
  for (let suffix = 0; ; suffix++) {
    const name = day + (suffix === 0 ? '' : letters(suffix));
    if (!taken.includes(name)) return name;
  }
}

/** 1 → b, 25 → z, 26 → 26. */
const letters = (suffix: number): string => (suffix < 26 ? String.fromCharCode(97 + suffix) : String(suffix));
