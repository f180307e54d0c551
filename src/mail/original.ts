/** The first lines are looked at for what a page or a mail program put before the message. */
const prefaceLines = 80;
const field = /^[!-9;-~]+[ \t]*:/;
/** Fields that receivers put on top, and that no page shows as such. */
const receivers = /^(?:Delivered-To|Return-Path|Received|X-Received|ARC-Seal|Authentication-Results):/i;
const sealed = /^[A-Za-z0-9+/\s]{200,}={0,2}$/;

/**
 * The original of a message out of what people paste or save: without the table that Gmail's page shows above it, the quotation marks of a
 * reply, the separator of a mailbox file or empty lines before it; decoded, where all of it is base64. What needs none of this is
 * given back as it is, octet for octet, since a signature covers every one.
 */
export function originalOf(raw: Uint8Array): Buffer {
  const octets = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const head = octets
    .subarray(0, 20_000)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  const lines = head.split(/\r\n|\r|\n/);
  if (field.test(lines[0]!)) return head.includes('\n') ? octets : withLineEnds(octets);
  if (sealed.test(head.trimEnd())) {
    const decoded = Buffer.from(octets.toString('latin1'), 'base64');
    return field.test(decoded.subarray(0, 1000).toString('latin1')) ? decoded : octets;
  }
  const prefix = commonPrefix(lines);
  if (prefix !== '') return originalOf(Buffer.from(withoutPrefix(octets.toString('latin1'), prefix), 'latin1'));
  const start = lines.slice(0, prefaceLines).findIndex(line => receivers.test(line));
  const first = lines.findIndex(line => line.trim() !== '');
  if (start > 0) return cut(octets, lines[start]!);
  return first > 0 && field.test(lines[first]!) ? cut(octets, lines[first]!) : octets;
}

/** From the line on that reads so, which is the first of its kind. */
function cut(octets: Buffer, line: string): Buffer {
  return octets.subarray(Math.max(octets.indexOf(line, 0, 'latin1'), 0));
}

/** Of texts whose lines end with CR alone. */
function withLineEnds(octets: Buffer): Buffer {
  return Buffer.from(octets.toString('latin1').replace(/\r(?!\n)/g, '\r\n'), 'latin1');
}

/** What stands before every line of the header, when a reply quoted or indented it. */
function commonPrefix(lines: readonly string[]): string {
  const end = lines.findIndex(line => /^[>\s]*$/.test(line));
  const header = lines.slice(0, end < 0 ? lines.length : end);
  const [first = ''] = header;
  const prefix = /^[> \t]*/.exec(first)![0];
  return field.test(first.slice(prefix.length)) && header.every(line => line.startsWith(prefix)) ? prefix : '';
}

function withoutPrefix(text: string, prefix: string): string {
  const bare = prefix.trimEnd();
  return text.replace(/^.*$/gm, line =>
    line.startsWith(prefix) ? line.slice(prefix.length) : line.startsWith(bare) ? line.slice(bare.length) : line,
  );
}

/** Whether a text holds the original of a message, so that it need not be asked for. */
export function looksLikeOriginal(text: string): boolean {
  const head = originalOf(Buffer.from(text.slice(0, 20_000), 'utf8')).toString('utf8');
  if (/^>?From \S+/.test(head)) return true;
  const lines = head.split('\n');
  const telling = lines.findIndex(line => /^(?:Received|From|Return-Path|Delivered-To):/i.test(line));
  return (
    telling >= 0 &&
    lines.slice(0, telling).every((line, at) => /^[\w-]+:/.test(line) || (at > 0 && /^[ \t]/.test(line)))
  );
}
