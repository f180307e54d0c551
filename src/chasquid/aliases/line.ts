import { normalizeAddress } from '../normalize';
import { byteLength, dropSpace, goQuote, skipSpace } from '../text';
import { removeDropCharacters } from './clean';
import type { AliasContext, AliasLine, LineError, Recipient, Span, Target } from './model';

/** A line of this many bytes is more than Go's `bufio.Scanner` takes; the file's end is never reached. */
const tooLong = 65536;

/**
 * Reads one line as chasquid's `aliases.parseReader` does (internal/aliases/aliases.go; 1.16 and before differ as
 * `context.features` says). `line` has no line feed; a carriage return at its end belongs to the line ending.
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
  const { key, keyError } = keyOf(name, context);
  const entry = { kind: 'entry' as const, start, end, left, colon, right, key, ...(keyError && { keyError }) };
  return { ...entry, ...parseRight(line, right, context) };
}

function bad(code: LineError['code'], upstream: string, whole: Span, at = whole): AliasLine & { kind: 'bad' } {
  return { kind: 'bad', ...whole, error: { code, upstream, start: at.start, end: at.end } };
}

/** The key of a left side. An error of normalisation is ignored by every version; the key then stays as written. */
function keyOf(name: string, context: AliasContext): { key: string; keyError?: string } {
  const address = `${name}@${context.domain}`;
  const cleaned = context.features.cleanLeftSide ? removeDropCharacters(address, context) : address;
  const normal = normalizeAddress(cleaned);
  return normal.error === undefined ? { key: normal.value } : { key: cleaned, keyError: normal.error };
}

type Right = { pipe?: Span; targets: Target[]; recipients?: Recipient[]; error?: LineError };

/** chasquid's `aliases.parseRHS`. */
function parseRight(line: string, right: Span, context: AliasContext): Right {
  if (line.charCodeAt(right.start) === 0x7c) return parsePipe(line, right, context);
  const targets: Target[] = [];
  for (let from = right.start; from <= right.end;) {
    const comma = line.indexOf(',', from);
    const to = comma < 0 || comma > right.end ? right.end : comma;
    const start = skipSpace(line, from, to);
    const end = dropSpace(line, start, to);
    if (start < end) targets.push(parseTarget(line, { start, end }, context));
    from = to + 1;
  }
  const error = targets.find(target => target.error)?.error;
  const recipients = targets.flatMap(target => target.recipient ?? []);
  return { targets, ...(error && { error }), ...(!(error && context.features.strictAliases) && { recipients }) };
}

function parsePipe(line: string, right: Span, { features }: AliasContext): Right {
  const pipe = { start: skipSpace(line, right.start + 1, right.end), end: right.end };
  if (pipe.start < pipe.end) {
    return { pipe, targets: [], recipients: [{ type: 'pipe', address: line.slice(pipe.start, pipe.end) }] };
  }
  const error: LineError = {
    code: 'alias-pipe-empty',
    upstream: 'right-side: the pipe alias is missing a command',
    ...right,
  };
  // Before 1.16 the entry stands, empty, and overrides an earlier one.
  return { targets: [], error, ...(!features.strictAliases && { recipients: [] }) };
}

/** One element of the list; the order of the checks is that of chasquid. */
function parseTarget(line: string, span: Span, context: AliasContext): Target {
  const text = line.slice(span.start, span.end);
  const cut = context.features.forwardVia ? text.indexOf(' via ') : -1;
  if (cut >= 0) return parseForward(line, span, span.start + cut, text, context);
  return withAddress(line, { ...span, address: { ...span } }, text, context);
}

/** chasquid's `aliases.parseForward`: the servers are split at `/` and otherwise taken as they are. */
function parseForward(line: string, span: Span, cut: number, text: string, context: AliasContext): Target {
  const address = { start: span.start, end: dropSpace(line, span.start, cut) };
  const via: Span[] = [];
  for (let from = cut + 5; from <= span.end;) {
    const slash = line.indexOf('/', from);
    const to = slash < 0 || slash > span.end ? span.end : slash;
    const start = skipSpace(line, from, to);
    via.push({ start, end: dropSpace(line, start, to) });
    from = to + 1;
  }
  const target: Target = { ...span, address, via };
  if (via.some(server => server.start === server.end)) {
    target.error = { code: 'alias-via-empty', upstream: 'right-side: empty server in via list', ...span };
    return target;
  }
  return withAddress(line, target, text, context);
}

function withAddress(line: string, target: Target, text: string, context: AliasContext): Target {
  const written = line.slice(target.address.start, target.address.end);
  const full = written.includes('@') ? written : `${written}@${context.domain}`;
  const normal = normalizeAddress(full);
  const via = target.via?.map(server => line.slice(server.start, server.end));
  const recipient = (address: string): Recipient =>
    via ? { type: 'forward', address, via } : { type: 'email', address };
  if (normal.error === undefined) {
    target.recipient = recipient(normal.value);
    return target;
  }
  const upstream = `right-side: normalizing address ${goQuote(text)}: ${normal.error}`;
  target.error = { code: 'alias-address-refused', upstream, start: target.start, end: target.end };
  // Before 1.16 the error is ignored and the address stays as written.
  if (!context.features.strictAliases) target.recipient = recipient(full);
  return target;
}
