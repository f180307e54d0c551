/** One header field of a message, unfolded (RFC 5322 §2.2.3). */
export interface HeaderField {
  /** Lower case. */
  name: string;
  value: string;
}

/** Header fields beyond this belong to no honest message. */
const mostFields = 1000;

/** No honest header holds more blanks and folds in a row. */
const mostBlanks = 500;

/**
 * Whether the header is made to hold up who reads it: white space that goes on and on makes the patterns of any reader go over it again
 * and again. Looks at each octet once.
 */
export function holdsUp(raw: Uint8Array): boolean {
  let blanks = 0;
  let ends = 0;
  for (const octet of raw) {
    // Two line ends in a row are the end of the header.
    ends = octet === 0x0a ? ends + 1 : octet === 0x0d ? ends : 0;
    if (ends === 2) return false;
    blanks = octet === 0x20 || octet === 0x09 || octet === 0x0d || octet === 0x0a ? blanks + 1 : 0;
    if (blanks > mostBlanks) return true;
  }
  return false;
}

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
