/** The longest text from outside that is shown or put into a message, in characters. */
const shownLimit = 4096;

const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Makes text from outside harmless to read: control and direction characters become visible escapes, the length is capped. */
export function visible(text: string, limit = shownLimit): string {
  return shortened(text, limit).replace(unseen, char => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/**
 * Text from outside as it may be quoted in a sentence: one line of at most `limit` characters, runs of spaces and line
 * breaks as one space, all other control and direction characters as visible escapes.
 */
export function quotable(text: string, limit = 300): string {
  // Cut before anything is searched, so that the cost does not grow with what was sent.
  return visible(
    shortened(text, limit * 4)
      .replace(/[ \t\r\n]+/g, ' ')
      .trim(),
    limit,
  );
}

function shortened(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text;
}
