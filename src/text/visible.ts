/** The longest text from outside that is shown or put into a message, in characters. */
const shownLimit = 4096;

/** Control and direction characters, what has no width, and halves of characters. */
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Surrogate}]/gu;

/** Makes text from outside harmless to read: control and direction characters become visible escapes, the length is capped. */
export function visible(text: string, limit = shownLimit): string {
  return escaped(text.length > limit ? `${whole(text.slice(0, limit))}…` : text);
}

/**
 * Text from outside as it may be quoted in a sentence: one line of at most `limit` characters, runs of spaces and line
 * breaks as one space, all other control and direction characters as visible escapes.
 */
export function quotable(text: string, limit = 300): string {
  // Cut before anything is searched, so that the cost does not grow with what was sent.
  const start = whole(text.slice(0, limit * 4));
  const shown = escapedWithin(start.replace(/[ \t\r\n]+/g, ' ').trim(), limit);
  return start.length < text.length && !shown.endsWith('…') ? `${shown}…` : shown;
}

/** The same with all spaces and line breaks, which a file may not have where they are. */
export function verbatim(text: string, limit: number): string {
  return escapedWithin(text.slice(0, limit + 1), limit);
}

/** At most `limit` characters; an escape counts with all its letters, and is never cut. */
function escapedWithin(text: string, limit: number): string {
  let shown = '';
  for (const char of text) {
    const piece = escaped(char);
    if (shown.length + piece.length > limit) return `${shown}…`;
    shown += piece;
  }
  return shown;
}

/** The last line of what a program wrote, where it says why it failed, as it may be quoted; '' when it wrote nothing. */
export function lastWords(output: string, limit = 300): string {
  const end = output.trimEnd();
  return quotable(end.slice(end.lastIndexOf('\n') + 1), limit);
}

/** Text from outside as a sentence of its own: as it may be quoted, with a full stop. */
export function asSentence(text: string, limit?: number): string {
  const said = quotable(text, limit);
  return /[.!?…]$/.test(said) ? said : `${said}.`;
}

function escaped(text: string): string {
  return text.replace(unseen, char => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/** Without the first half of a character whose second half was cut off. */
function whole(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
