import { sizeText } from '../input/size';

/** One header field of a message, unfolded (RFC 5322 §2.2.3). */
export interface HeaderField {
  /** Lower case. */
  name: string;
  value: string;
}

/** Header fields beyond this belong to no honest message. */
const mostFields = 1000;

/** No honest header holds more spaces and folds in a row, more lines, or more octets. */
const mostBlanks = 500;
const mostLines = 10_000;
const mostOctets = 512 * 1024;

/**
 * What the header has too much of, being made to hold up who reads it: white space that goes on and on makes the patterns of any reader
 * go over it again and again, and lines are put together one by one. Looks at each octet once.
 */
export function holdsUp(raw: Uint8Array): string | undefined {
  let blanks = 0;
  let ends = 0;
  let lines = 0;
  for (const [at, octet] of raw.entries()) {
    // Two line ends in a row are the end of the header.
    ends = octet === 0x0a ? ends + 1 : octet === 0x0d ? ends : 0;
    if (ends === 2) return undefined;
    if (octet === 0x0a && ++lines > mostLines) return `more than ${mostLines} lines`;
    if (at === mostOctets) return `more than ${sizeText(mostOctets)}`;
    blanks = octet === 0x20 || octet === 0x09 || octet === 0x0d || octet === 0x0a ? blanks + 1 : 0;
    if (blanks > mostBlanks) return `more than ${mostBlanks} spaces and line breaks in a row`;
  }
  return undefined;
}

/** Whether a text follows the header, which has no more octets than `holdsUp` lets pass. */
export function hasText(raw: Uint8Array): boolean {
  return /\r?\n\r?\n/.test(Buffer.from(raw.subarray(0, mostOctets + 4)).toString('latin1'));
}

/** The header fields, topmost first. Bytes that are no UTF-8 are replaced. */
export function headerFields(raw: Uint8Array): HeaderField[] {
  const text = Buffer.from(raw.subarray(0, mostOctets))
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
