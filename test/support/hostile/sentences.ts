/** C0 and C1 controls, marks that change the direction of text, and what cannot be seen. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;

const longest = 1000;

/** Why a text is no message for people; undefined when it is one: sentences, of a length that is read, without anything unseen. */
export function faultOfMessage(text: string): string | undefined {
  if (text.length > longest) return `it has ${text.length} characters`;
  const [control] = unseen.exec(text) ?? [];
  if (control !== undefined) return `it holds U+${control.codePointAt(0)!.toString(16).padStart(4, '0')}`;
  if (Buffer.from(text).toString() !== text) return 'it holds half of a character';
  if (/\bundefined\b|\bNaN\b|\[object /.test(text)) return 'it holds a value that was not meant to be shown';
  if (!/[.!?…]["”’)]?$/.test(text)) return 'it does not end as a sentence does';
  return undefined;
}

/** The same for what was thrown: it says what happened, why and what to do, in sentences. */
export function faultOfError(error: { name: string; message: string }): string | undefined {
  const fault = faultOfMessage(error.message);
  if (fault) return fault;
  const sentences = error.message.split(/[.!?:…]["”’)]?\s+(?=\S)/).length;
  return sentences < 2 ? `it has ${sentences} sentences` : undefined;
}
