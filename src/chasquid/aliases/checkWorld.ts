import type { Diagnostic, Severity } from '../diagnostics';
import { splitAddress } from '../normalize';
import { printable } from '../text';
import { removeDropsAndSuffix } from './clean';
import type { AliasFile } from './file';
import type { EntryLine, Recipient, Span } from './model';
import { Reach } from './reach';
import { type AliasWorld, expand, recursionLimit, resolveStep } from './resolve';

/** All that is known of the server, to judge the lines of one aliases file. */
export interface CheckWorld extends AliasWorld {
  /** Whether the domain's users are known for sure: there is a users file, and neither dovecot nor a hook adds others. */
  usersKnown(domain: string): boolean;
}

/** A finding of a line, with offsets from that line's start. `line` counts from 0. */
export interface LineFinding {
  line: number;
  diagnostic: Diagnostic;
}

/**
 * What only shows when all aliases and users are seen together. A generator: it hands out its findings while it works, so
 * that an editor can stop between two lines.
 */
export function* checkWorld(
  file: AliasFile,
  texts: (line: number) => string,
  world: CheckWorld,
): Generator<LineFinding | undefined> {
  // Users that are not known for sure may exist: nothing is claimed about them.
  const generous: AliasWorld = {
    ...world,
    userExists: (user, domain) => !world.usersKnown(domain) || world.userExists(user, domain),
  };
  const checks = new WorldChecks(file.context.domain, world, new Reach(generous));
  const last = new Map<string, number>();
  for (const [index, line] of file.lines.entries())
    if (line.kind === 'entry' && line.recipients) last.set(line.key, index);
  let plusReported = world.suffixSeparators.includes('+');
  for (const [index, line] of file.lines.entries()) {
    if (line.kind !== 'entry' || !line.recipients) continue;
    const later = last.get(line.key)!;
    for (const diagnostic of later === index
      ? checks.entry(line)
      : [duplicate(file, line, texts(index), index, later)]) {
      yield { line: index, diagnostic };
    }
    if (!plusReported && line.recipients.some(recipient => checks.isRemote(recipient))) {
      plusReported = true;
      yield { line: index, diagnostic: forwardSeparator(line) };
    }
    yield undefined;
  }
  const missing = missingPostmaster(file, world, last);
  if (missing) yield { line: 0, diagnostic: missing };
}

class WorldChecks {
  constructor(
    private readonly domain: string,
    private readonly world: CheckWorld,
    private readonly reach: Reach,
  ) {}

  isRemote({ type, address }: Recipient): boolean {
    const domain = splitAddress(address)[1];
    return type === 'email' && domain !== '' && !this.world.domains.has(domain);
  }

  entry(line: EntryLine): Diagnostic[] {
    const [user] = splitAddress(line.key);
    const found = line.keyError ? [] : this.depth(line, user);
    if (found.length === 0) found.push(...this.unknownTargets(line));
    if (line.key === `*@${this.domain}`) found.push(...this.catchAll(line));
    else if (this.world.userExists(user, this.domain) && !line.keyError) found.push(this.shadow(line, user));
    return found;
  }

  private depth(line: EntryLine, user: string): Diagnostic[] {
    const started = expand(this.world, line.recipients!, line.key);
    if (this.reach.ofRecipients(started) !== Infinity) return [];
    const { addresses, repeats } = this.reach.path(line.key, started);
    const way = addresses.map(printable).join(' → ');
    const consequence =
      'chasquid gives up after 10 steps and puts off all mail to it with “451 4.3.0 … recursion limit exceeded”.';
    if (!repeats) {
      const message = `The alias takes more than ${recursionLimit - 1} steps to its end: ${way}. ${consequence} Point it nearer to the end.`;
      return [report('alias-too-many-hops', 'error', line.left, message)];
    }
    const self = line.recipients!.length > 1 && addresses[1] === line.key;
    const keep = this.world.features.cleanLeftSide && this.world.suffixSeparators[0];
    const how = line.key.startsWith('*@')
      ? 'Let the catch-all lead to a user that exists or to another server.'
      : self && keep
        ? `To keep a copy, deliver it through an alias with a suffix: “${user}${keep}keep: | command”, and name “${user}${keep}keep” here.`
        : 'Break the circle.';
    return [report('alias-loop', 'error', line.left, `The alias leads back to itself: ${way}. ${consequence} ${how}`)];
  }

  private unknownTargets(line: EntryLine): Diagnostic[] {
    return line.targets.flatMap(target => {
      const { recipient } = target;
      if (recipient?.type !== 'email' || target.error || recipient.address.startsWith('*@')) return [];
      const domain = splitAddress(recipient.address)[1];
      if (domain === '' || !this.world.domains.has(domain) || !this.world.usersKnown(domain)) return [];
      const step = resolveStep(this.world, recipient.address);
      if (step.next || this.world.userExists(...splitAddress(step.end))) return [];
      const message = `“${printable(step.end)}” is neither a user nor an alias. chasquid accepts the mail, fails to deliver it and sends a failure notice. Correct the name, or add the user.`;
      return [report('alias-unknown-target', 'warning', target, message)];
    });
  }

  private catchAll(line: EntryLine): Diagnostic[] {
    const { suffixSeparators, dropCharacters, usersKnown, features } = this.world;
    if (!features.catchAll || !usersKnown(this.domain) || (!suffixSeparators && !dropCharacters)) return [];
    const spelling = suffixSeparators ? `user${suffixSeparators[0]!}tag@` : `us${dropCharacters[0]!}er@`;
    const message = `With a catch-all, other spellings of a user’s address do not reach the user. chasquid sends mail to “${spelling}” to the catch-all though “user” exists. Give such users an alias of their own.`;
    return [report('alias-catch-all-suffix', 'information', line.left, message)];
  }

  private shadow(line: EntryLine, user: string): Diagnostic {
    const message = `“${printable(user)}” is also a user. chasquid follows the alias and delivers nothing to the user’s own mailbox. Nothing is to be done if that is meant.`;
    return report('alias-shadows-user', 'information', line.left, message);
  }
}

function duplicate(file: AliasFile, line: EntryLine, text: string, index: number, later: number): Diagnostic {
  const other = file.lines[later] as EntryLine;
  const start = file.starts[later]!;
  const name = printable(splitAddress(line.key)[0]);
  const feed = index + 1 < file.starts.length ? file.starts[index + 1]! - file.starts[index]! : text.length;
  return {
    ...report(
      'alias-duplicate',
      'warning',
      line,
      `“${name}” has another line further down (line ${later + 1}). chasquid heeds only the last one. Put all recipients on one line.`,
    ),
    unused: true,
    fixes: [{ title: 'Remove the line without effect', edits: [{ start: 0, end: feed, text: '' }], safe: true }],
    related: [{ range: { start: start + other.start, end: start + other.end }, message: 'This line counts.' }],
  };
}

function forwardSeparator(line: EntryLine): Diagnostic {
  return report(
    'alias-forward-separator',
    'information',
    line.right,
    'The recipient is on another server, but “+” is not among suffix_separators. chasquid forwards in the name of “user+fwd_from=…”, so failure notices cannot come back. Add “+” to suffix_separators.',
  );
}

/** RFC 5321 §4.5.1: a domain that receives mail must have a postmaster. */
function missingPostmaster(
  file: AliasFile,
  world: CheckWorld,
  keys: ReadonlyMap<string, number>,
): Diagnostic | undefined {
  const { domain } = file.context;
  if (keys.size === 0 || !world.usersKnown(domain) || keys.has(`*@${domain}`)) return undefined;
  const postmaster = removeDropsAndSuffix(`postmaster@${domain}`, world);
  if (keys.has(postmaster) || world.userExists(...splitAddress(postmaster))) return undefined;
  return report(
    'alias-postmaster-missing',
    'hint',
    { start: 0, end: 0 },
    'The domain has no postmaster. chasquid refuses mail to it, though RFC 5321 asks every domain to accept it. Add “postmaster: you”.',
  );
}

function report(code: string, severity: Severity, range: Span, message: string): Diagnostic {
  return { code, severity, message, range: { start: range.start, end: range.end } };
}
