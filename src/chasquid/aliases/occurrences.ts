import { normalizeAddress, normalizeUser } from '../normalize';
import { removeDropCharacters, removeDropsAndSuffix, type Separators } from './clean';
import type { LineSource } from './file';
import type { Version } from '../versions';
import type { AliasLine, Span } from './model';

/** A place that names an address: the left side of an alias, or the user of a target. Offsets count from the line's start. */
export interface Occurrence {
  line: number;
  span: Span;
  kind: 'alias' | 'target';
}

/** The spelling under which all spellings of an address that mean the same alias or user are one. */
export function canonical(address: string, separators: Separators & { version: Version }): string {
  const normal = normalizeAddress(address).value ?? address;
  return separators.version.features.cleanLeftSide ? removeDropCharacters(normal, separators) : normal;
}

/** Which address stands at a column of a line, and where its user part is. */
export function addressAt(text: string, line: AliasLine, column: number, file: LineSource) {
  if (line.kind !== 'entry') return undefined;
  const inside = (span: Span) => column >= span.start && column <= span.end;
  if (inside(line.left)) return { address: line.key, span: line.left, kind: 'alias' as const };
  const target = line.targets.find(inside);
  const span = target && userSpan(text, target.start, target.addressEnd);
  if (!target?.recipient || !span) return undefined;
  return { address: canonical(target.recipient.address, file.context), span, kind: 'target' as const };
}

/**
 * Every place in the file that names the address (in canonical spelling), also with a suffix when no alias has just that
 * spelling; then the place ends before the suffix. `hasAlias` tells the keys of the whole server. Lines `from` to `to`, the
 * latter exclusive.
 */
export function* occurrencesIn(
  file: LineSource,
  address: string,
  hasAlias: (key: string) => boolean,
  from = 0,
  to = file.lineCount,
): Generator<Occurrence> {
  const named = (target: string) => {
    const spelling = canonical(target, file.context);
    return spelling === address || (!hasAlias(spelling) && removeDropsAndSuffix(spelling, file.context) === address);
  };
  for (let index = from; index < Math.min(to, file.lineCount); index++) {
    // Most lines do not name it; then their parts' places are not needed.
    const entry = file.entry(index);
    if (
      entry?.plain &&
      `${entry.user}@${file.context.domain}` !== address &&
      !entry.recipients.some(each => named(each.address))
    )
      continue;
    const line = file.line(index);
    if (line.kind !== 'entry') continue;
    if (line.key === address) yield { line: index, span: line.left, kind: 'alias' };
    if (address.startsWith('*@')) continue;
    const text = file.lineText(index);
    for (const target of line.targets) {
      if (!target.recipient || !named(target.recipient.address)) continue;
      const span = userSpan(text, target.start, target.addressEnd);
      const exact = canonical(target.recipient.address, file.context) === address;
      yield { line: index, span: exact ? span : beforeSuffix(text, span, file.context), kind: 'target' };
    }
  }
}

function beforeSuffix(text: string, span: Span, { suffixSeparators }: Separators): Span {
  let { end } = span;
  for (let at = span.end - 1; at >= span.start; at--) if (suffixSeparators.includes(text[at]!)) end = at;
  return { start: span.start, end };
}

function userSpan(text: string, start: number, end: number): Span {
  const at = text.indexOf('@', start);
  return { start, end: at < 0 || at > end ? end : at };
}

/** Why a name cannot be given to an alias or user, in two sentences; undefined when it can. */
export function nameProblem(name: string, separators: Separators): string | undefined {
  if (name === '') return 'The name is empty. Write at least one letter.';
  if (/[@:,|#\s]/.test(name) || name.startsWith('*'))
    return 'A name must not hold “@ : , | # *” or spaces. Use letters, digits and “. _ -”.';
  if (normalizeUser(name).error !== undefined)
    return 'The name holds a character that chasquid does not allow in a user name. Use letters and digits.';
  const odd = [...separators.suffixSeparators].find(char => name.includes(char));
  return odd ? `“${odd}” begins a suffix, so the name would end before it. Leave it out.` : undefined;
}
