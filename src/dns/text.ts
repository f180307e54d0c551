/** The longest text from the DNS that is shown or put into a message, in characters. */
const shownLimit = 4096;

/** Makes text from the DNS harmless to read: control and direction characters become visible escapes, the length is capped. */
export function visible(text: string, limit = shownLimit): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    char => `\\u{${char.codePointAt(0)!.toString(16)}}`,
  );
}
