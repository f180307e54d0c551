/**
 * Quotes `word` as one POSIX shell word. The only place where a shell word is quoted.
 * @throws RangeError for NUL, which no shell word can hold.
 */
export function shellQuote(word: string): string {
  if (word.includes('\0')) throw new RangeError('A shell word cannot hold a NUL character.');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
