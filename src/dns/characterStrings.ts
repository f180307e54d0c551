/** One character-string of a TXT record holds this many octets (RFC 1035 §3.3). */
export const stringLimit = 255;

/** Splits a TXT value into character-strings of at most 255 octets. Never within a character. */
export function splitStrings(value: string): string[] {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const char of value) {
    const octets = Buffer.byteLength(char);
    if (size + octets > stringLimit) {
      parts.push(part);
      part = '';
      size = 0;
    }
    part += char;
    size += octets;
  }
  return part || parts.length === 0 ? [...parts, part] : parts;
}

/** One character-string as zone files write it (RFC 1035 §5.1): quoted, with `"` and `\` escaped and other octets as \DDD. */
export function quoteString(text: string): string {
  let out = '';
  for (const octet of Buffer.from(text)) {
    const char = String.fromCharCode(octet);
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (octet < 0x20 || octet > 0x7e) out += `\\${String(octet).padStart(3, '0')}`;
    else out += char;
  }
  return `"${out}"`;
}

/** A TXT value as a zone file holds it: one or more quoted strings. */
export function zoneFileText(value: string): string {
  return splitStrings(value).map(quoteString).join(' ');
}
