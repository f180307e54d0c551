/** The beginning of a line of a zone file: a name, a TTL, a class, and the type. */
const linePrefix = /^\s*(?:\S+\s+)?(?:\d+[smhdw]?\s+)?(?:IN\s+)?TXT\s+(?=["(]|v\s*=)/i;

/** The value alone, where a whole line of a zone file was entered. */
export function withoutZoneLine(text: string): string {
  return linePrefix.test(text) ? unquoted(text.replace(linePrefix, '')) : text;
}

const [opening, closing] = [/^[\s(]*(?:\\?["“”„«‘’‚'])+\s*/, /(?<!["“”»‘’'\\])(?:\\?["“”»‘’'])+$/];
/** Where the quotation marks of two strings met. */
const between = /\\?"\s*\\?"/g;

/** Without the quotation marks around a value and between its strings. */
export function unquoted(text: string): string {
  return withoutBracket(text).replace(opening, '').replace(closing, '').replace(between, '').trim();
}

/** Around the value, or between its parts; a quotation mark elsewhere may belong to a note. */
export function hasPastedQuotes(text: string): boolean {
  return opening.test(text) || closing.test(withoutBracket(text)) || text.search(between) >= 0;
}

function withoutBracket(text: string): string {
  const end = text.trimEnd();
  return end.endsWith(')') ? end.slice(0, -1).trimEnd() : end;
}
