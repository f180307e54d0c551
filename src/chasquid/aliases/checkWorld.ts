import type { Diagnostic } from '../diagnostics';
import { splitAddress } from '../normalize';
import { printable } from '../text';
import type { Severity } from '../../text/problem';
import { removeDropsAndSuffix } from './clean';
import type { LineSource } from './file';
import type { Entry, EntryLine, Recipient, Span } from './model';
import { Reach } from './reach';
import { type AliasWorld, expand, recursionLimit, resolveStep } from './resolve';

/** All that is known of the server, to judge the lines of one aliases file. */
export interface CheckWorld extends AliasWorld {
  /** Whether the domain's users are known for sure: there is a users file, and neither dovecot nor a hook adds others. */
  usersKnown(domain: string): boolean;
}

/** What only shows when all aliases and users are seen together. Offsets of a finding count from its line's start. */
export class WorldChecks {
  private readonly domain: string;
  private readonly reach: Reach;
  private readonly forwards: boolean;
  /** The line at which forwarding is first found to need a “+”. */
  private forwardLine: number | undefined;

  constructor(
    private readonly file: LineSource,
    private readonly world: CheckWorld,
  ) {
    this.domain = file.context.domain;
    this.forwards = world.suffixSeparators.includes('+');
    // Users that are not known for sure may exist: nothing is claimed about them.
    this.reach = new Reach({
      ...world,
      userExists: (user, domain) => !world.usersKnown(domain) || world.userExists(user, domain),
    });
  }

  /** Adds what there is to say about a line to what it tells by itself. */
  line(index: number, entry: Entry | undefined, found: Diagnostic[]): void {
    if (index === 0) found.push(...missingPostmaster(this.file, this.world));
    if (!entry) return;
    const later = this.file.entries.overriding(index);
    if (later !== undefined) return void found.push(duplicate(this.file, this.parsed(index), index, later));
    const { local, remote } = this.sides(entry);
    this.entry(index, entry, local, found);
    if (remote && !this.forwards && (this.forwardLine ??= index) === index)
      found.push(forwardSeparator(this.parsed(index)));
  }

  /** The line with its parts' places. */
  private parsed(index: number): EntryLine {
    return this.file.line(index) as EntryLine;
  }

  /** Whether recipients are on this server, and whether some are on another one. */
  private sides({ recipients }: Entry): { local: boolean; remote: boolean } {
    let local = false;
    let remote = false;
    for (const { type, address } of recipients) {
      if (type !== 'email') continue;
      const at = address.indexOf('@');
      const domain = at < 0 ? '' : address.slice(at + 1);
      if (this.world.domains.has(domain)) local = true;
      else if (domain !== '') remote = true;
    }
    return { local, remote };
  }

  private entry(index: number, entry: Entry, local: boolean, found: Diagnostic[]): void {
    const { user } = entry;
    const sound = entry.plain || !this.parsed(index).keyError;
    if (local) {
      const before = found.length;
      if (sound) this.depth(index, entry, found);
      if (found.length === before) this.unknownTargets(index, entry, found);
    }
    if (user === '*') found.push(...this.catchAll(this.parsed(index)));
    else if (sound && this.world.userExists(user, this.domain)) found.push(this.shadow(this.parsed(index), user));
  }

  private depth(index: number, { user, recipients }: Entry, found: Diagnostic[]): void {
    const started = expand(this.world, recipients, `${user}@${this.domain}`);
    if (this.reach.ofRecipients(started) !== Infinity) return;
    const line = this.parsed(index);
    const { addresses, repeats } = this.reach.path(line.key, started);
    const way = addresses.map(printable).join(' → ');
    const consequence =
      'chasquid gives up after 10 steps and defers all mail to it with “451 4.3.0 … recursion limit exceeded”.';
    if (!repeats) {
      const message = `The alias takes more than ${recursionLimit - 1} steps to its end: ${way}. ${consequence} Point it closer to its end.`;
      found.push(report('alias-too-many-hops', 'error', line.left, message));
      return;
    }
    const self = line.recipients!.length > 1 && addresses[1] === line.key;
    const keep = this.world.version.features.cleanLeftSide && this.world.suffixSeparators[0];
    const how = line.key.startsWith('*@')
      ? 'Point the catch-all at a user that exists or at another server.'
      : self && keep
        ? `To keep a copy, deliver it through an alias with a suffix: “${user}${keep}keep: | command”, and name “${user}${keep}keep” here.`
        : 'Break the loop.';
    found.push(
      report('alias-loop', 'error', line.left, `The alias leads back to itself: ${way}. ${consequence} ${how}`),
    );
  }

  private unknownTargets(index: number, { recipients }: Entry, found: Diagnostic[]): void {
    if (!recipients.some(recipient => this.isUnknown(recipient))) return;
    for (const target of this.parsed(index).targets) {
      if (!target.recipient || target.error || !this.isUnknown(target.recipient)) continue;
      // What is another program's syntax names nobody; that has been said.
      if (found.some(each => each.code === 'alias-foreign-syntax' && each.range.start === target.start)) continue;
      const end = resolveStep(this.world, target.recipient.address).end!;
      const message = `“${printable(end)}” is neither a user nor an alias. chasquid accepts the mail, fails to deliver it and sends a failure notice. Correct the name, or add the user.`;
      found.push(report('alias-unknown-target', 'warning', target, message));
    }
  }

  private isUnknown({ type, address }: Recipient): boolean {
    if (type !== 'email' || address.startsWith('*@')) return false;
    const domain = address.slice(address.indexOf('@') + 1);
    if (domain === '' || !this.world.domains.has(domain) || !this.world.usersKnown(domain)) return false;
    const step = resolveStep(this.world, address);
    return !step.next && !this.world.userExists(...splitAddress(step.end));
  }

  private catchAll(line: EntryLine): Diagnostic[] {
    const { suffixSeparators, dropCharacters, usersKnown, version } = this.world;
    if (!version.features.catchAll || !usersKnown(this.domain) || (!suffixSeparators && !dropCharacters)) return [];
    const spelling = suffixSeparators ? `user${suffixSeparators[0]!}tag@` : `us${dropCharacters[0]!}er@`;
    const message = `With a catch-all, other spellings of a user’s address do not reach the user. chasquid sends mail to “${spelling}” to the catch-all though “user” exists. Give such users an alias of their own.`;
    return [report('alias-catch-all-suffix', 'information', line.left, message)];
  }

  private shadow(line: EntryLine, user: string): Diagnostic {
    const message = `“${printable(user)}” is also a user. chasquid follows the alias and delivers nothing to the user’s own mailbox. If that is intended, there is nothing to do.`;
    return report('alias-shadows-user', 'information', line.left, message);
  }
}

function duplicate(file: LineSource, line: EntryLine, index: number, later: number): Diagnostic {
  const other = file.line(later) as EntryLine;
  const start = file.start(later);
  const name = printable(splitAddress(line.key)[0]);
  const feed = file.start(index + 1) - file.start(index);
  return {
    ...report(
      'alias-duplicate',
      'warning',
      line,
      `“${name}” has another line further down (line ${later + 1}). chasquid uses only the last one. Put all recipients on one line.`,
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
function missingPostmaster(file: LineSource, world: CheckWorld): Diagnostic[] {
  const { domain } = file.context;
  const { entries } = file;
  if (entries.size === 0 || !world.usersKnown(domain) || entries.has(`*@${domain}`)) return [];
  const postmaster = removeDropsAndSuffix(`postmaster@${domain}`, world);
  if (entries.has(postmaster) || world.userExists(...splitAddress(postmaster))) return [];
  return [
    report(
      'alias-postmaster-missing',
      'hint',
      { start: 0, end: 0 },
      'The domain has no postmaster. chasquid refuses mail to it, though RFC 5321 requires every domain to accept it. Add “postmaster: you”.',
    ),
  ];
}

function report(code: string, severity: Severity, range: Span, message: string): Diagnostic {
  return { code, severity, message, range: { start: range.start, end: range.end } };
}
