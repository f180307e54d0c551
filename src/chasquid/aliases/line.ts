import { domainRefusal, normalizeAddress, splitAddress } from '../normalize';
import { byteLength, dropSpace, goQuote, skipSpace } from '../text';
import { removeDropCharacters } from './clean';
import type { AliasContext, AliasLine, BadLine, EntryLine, LineError, Recipient, Span, Target } from './model';

/** A line of this many bytes is more than Go's `bufio.Scanner` takes; the file's end is never reached. */
const tooLong = 65536;

/**
 * Reads one line as chasquid's `aliases.parseReader` does (internal/aliases/aliases.go; 1.16 and before differ as
 * `context.version` says). `line` has no line feed; a carriage return at its end belongs to the line ending.
 */
export function parseAliasLine(line: string, context: AliasContext): AliasLine {
  if (line.length * 3 >= tooLong && byteLength(line) >= tooLong) {
    return bad('alias-line-too-long', 'bufio.Scanner: token too long', { start: 0, end: line.length });
  }
  const start = skipSpace(line, 0, line.length);
  const end = dropSpace(line, start, line.length);
  if (start === end) return { kind: 'blank' };
  if (line.charCodeAt(start) === 0x23) return { kind: 'comment', start, end };
  const whole = { start, end };
  const colon = line.indexOf(':', start);
  if (colon < 0) return bad('alias-missing-colon', "missing ':' in line", whole);
  const left = { start, end: dropSpace(line, start, colon) };
  const right = { start: skipSpace(line, colon + 1, end), end };
  if (left.start === left.end || right.start >= right.end)
    return bad('alias-missing-side', 'missing address or alias', whole);
  const name = line.slice(left.start, left.end);
  if (name.includes('@')) return { ...bad('alias-left-at', 'left-side: cannot contain @', whole, left), left, right };
  const entry: EntryLine = { kind: 'entry', start, end, left, colon, right, key: '', targets: [] };
  fileUnder(entry, name, context);
  if (line.charCodeAt(right.start) === 0x7c) parsePipe(line, entry, context);
  else parseList(line, entry, context);
  return entry;
}

function bad(code: LineError['code'], upstream: string, whole: Span, at = whole): BadLine {
  return { kind: 'bad', start: whole.start, end: whole.end, error: { code, upstream, start: at.start, end: at.end } };
}

/** Sets the key. An error of normalisation is ignored by every version; the key then stays as written. */
function fileUnder(entry: EntryLine, name: string, context: AliasContext): void {
  const address = `${name}@${context.domain}`;
  const cleaned = context.version.features.cleanLeftSide ? removeDropCharacters(address, context) : address;
  const normal = normalizeAddress(cleaned);
  entry.key = normal.value ?? cleaned;
  if (normal.error !== undefined) entry.keyError = normal.error;
}

/** chasquid's `aliases.parseRHS` for a list. */
function parseList(line: string, entry: EntryLine, context: AliasContext): void {
  const { right, targets } = entry;
  const recipients: Recipient[] = [];
  for (let from = right.start; from <= right.end;) {
    const comma = line.indexOf(',', from);
    const to = comma < 0 || comma > right.end ? right.end : comma;
    const start = skipSpace(line, from, to);
    const end = dropSpace(line, start, to);
    if (start < end) {
      const target = parseTarget(line, start, end, context);
      targets.push(target);
      if (target.recipient) recipients.push(target.recipient);
      if (target.error) entry.error ??= target.error;
    }
    from = to + 1;
  }
  if (!entry.error || !context.version.features.strictAliases) entry.recipients = recipients;
}

/** `| command`: everything to the end of the line is the command. */
function parsePipe(line: string, entry: EntryLine, { version }: AliasContext): void {
  const { start, end } = entry.right;
  const pipe = { start: skipSpace(line, start + 1, end), end };
  if (pipe.start < end) {
    entry.pipe = pipe;
    entry.recipients = [{ type: 'pipe', address: line.slice(pipe.start, end) }];
    return;
  }
  entry.error = { code: 'alias-pipe-empty', upstream: 'right-side: the pipe alias is missing a command', start, end };
  // Before 1.16 the entry stands, empty, and overrides an earlier one.
  if (!version.features.strictAliases) entry.recipients = [];
}

/** One element of the list; the order of the checks is that of chasquid. */
function parseTarget(line: string, start: number, end: number, context: AliasContext): Target {
  const text = line.slice(start, end);
  const cut = context.version.features.forwardVia ? text.indexOf(' via ') : -1;
  const target: Target = { start, end, addressEnd: end };
  if (cut < 0) return withAddress(target, text, text, context);
  target.addressEnd = dropSpace(line, start, start + cut);
  target.via = parseServers(line, start + cut + 5, end);
  if (target.via.some(server => server.start === server.end)) {
    target.error = { code: 'alias-via-empty', upstream: 'right-side: empty server in via list', start, end };
    return target;
  }
  return withAddress(
    target,
    text,
    line.slice(start, target.addressEnd),
    context,
    target.via.map(server => line.slice(server.start, server.end)),
  );
}

/** The servers of chasquid's `aliases.parseForward`: split at `/` and otherwise taken as they are. */
function parseServers(line: string, from: number, end: number): Span[] {
  const servers: Span[] = [];
  while (from <= end) {
    const slash = line.indexOf('/', from);
    const to = slash < 0 || slash > end ? end : slash;
    const start = skipSpace(line, from, to);
    servers.push({ start, end: dropSpace(line, start, to) });
    from = to + 1;
  }
  return servers;
}

function withAddress(target: Target, text: string, written: string, context: AliasContext, via?: string[]): Target {
  const full = written.includes('@') ? written : `${written}@${context.domain}`;
  const normal = normalizeAddress(full);
  const address = normal.value ?? full;
  const refused =
    normal.error ?? (context.version.features.strictDomains ? domainRefusal(splitAddress(address)[1]) : undefined);
  if (refused !== undefined) {
    const upstream = `right-side: normalizing address ${goQuote(text)}: ${refused}`;
    target.error = { code: 'alias-address-refused', upstream, start: target.start, end: target.end };
    // Before 1.16 the error is ignored and the address stays as written.
    if (context.version.features.strictAliases) return target;
  }
  target.recipient = via ? { type: 'forward', address, via } : { type: 'email', address };
  return target;
}
