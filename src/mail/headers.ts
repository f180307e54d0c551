/** One header field of a message, unfolded (RFC 5322 §2.2.3). */
export interface HeaderField {
  /** Lower case. */
  name: string;
  value: string;
}

/** Header fields beyond this belong to no honest message. */
const mostFields = 1000;

/** The header fields, topmost first. Bytes that are no UTF-8 are replaced. */
export function headerFields(raw: Uint8Array): HeaderField[] {
  const text = Buffer.from(raw)
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const block = text.slice(0, /\r?\n\r?\n/.exec(text)?.index ?? text.length);
  const fields: HeaderField[] = [];
  for (const line of block.split(/\r?\n/)) {
    const last = fields.at(-1);
    if (/^[ \t]/.test(line) && last) last.value += ` ${line.trim()}`;
    else {
      const [, name, value] = /^([!-9;-~]+)[ \t]*:(.*)$/s.exec(line) ?? [];
      if (name !== undefined && fields.length < mostFields)
        fields.push({ name: name.toLowerCase(), value: value!.trim() });
    }
  }
  return fields;
}
