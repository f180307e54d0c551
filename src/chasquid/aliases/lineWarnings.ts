import type { Diagnostic, Fix } from '../diagnostics';
import { hasEscapes, printable } from '../text';
import { firstWith } from '../versions';
import type { Severity } from '../../text/problem';
import type { AliasContext, EntryLine, Span, Target } from './model';

/**
 * What chasquid accepts in one line without a word though it is (nearly) never meant: other mail servers' syntax, damaged
 * domains, names that can never match, syntax of newer versions. Offsets count from the line's start.
 */
export function lineWarnings(text: string, line: EntryLine, context: AliasContext): Diagnostic[] {
  const checks = new LineChecks(text, line, context);
  checks.left();
  if (line.pipe) checks.pipe(line.pipe);
  else checks.targets();
  return checks.found;
}

class LineChecks {
  readonly found: Diagnostic[] = [];

  constructor(
    private readonly text: string,
    private readonly line: EntryLine,
    private readonly context: AliasContext,
  ) {}

  private report(code: string, severity: Severity, range: Span, message: string, ...fixes: Fix[]): void {
    this.found.push({
      code,
      severity,
      message,
      range: { start: range.start, end: range.end },
      ...(fixes.length > 0 && { fixes }),
    });
  }

  left(): void {
    const { left, keyError } = this.line;
    const { version, dropCharacters } = this.context;
    const name = this.text.slice(left.start, left.end);
    if (version.features.cleanLeftSide && /^[a-z0-9._+-]+$/.test(name)) return;
    const edit = (to: string): Fix['edits'] => [{ start: left.start, end: left.end, text: to }];
    if (name === '*') {
      if (!version.features.catchAll) this.tooNew(left, 'The catch-all “*”', '1.10', 'reads it as a user named “*”');
      return;
    }
    if (keyError) {
      const cleaned = name.replace(/[\ufeff\u200b\u00ad\u2060]/g, '');
      const fix: Fix[] =
        cleaned !== name && /^[\w.+-]+$/.test(cleaned)
          ? [{ title: 'Remove the invisible characters', edits: edit(cleaned), safe: !this.isCutBefore12(cleaned) }]
          : [];
      this.report(
        'alias-left-unmatchable',
        'warning',
        left,
        `“${printable(name)}” can never be the name in an address. chasquid accepts the line, but no mail ever matches it. Use letters, digits and “. _ - +”.`,
        ...fix,
      );
      return;
    }
    if (name.includes(',')) {
      this.report(
        'alias-left-unmatchable',
        'warning',
        left,
        'Several names on the left side are not supported. chasquid reads them as one name with a comma in it, which no address has. Write one line for each name.',
      );
    } else if (/^".*"$/.test(name)) {
      const fix = { title: 'Remove the quotes', edits: edit(name.slice(1, -1)), safe: /^"[\w.+-]+"$/.test(name) };
      this.report(
        'alias-foreign-syntax',
        'warning',
        left,
        'The quotes belong to the name here. chasquid matches only addresses that have the quotes too. Remove them.',
        fix,
      );
    } else if (name.includes('*')) {
      this.report(
        'alias-left-unmatchable',
        'warning',
        left,
        `“${printable(name)}” is not a pattern. chasquid reads the “*” as a plain character unless it is alone. Use “*” alone as catch-all, or write the names out.`,
      );
    } else if (this.isCutBefore12(name)) {
      this.unmatchedBefore12(name, left);
    } else if (name !== name.toLowerCase() && !hasEscapes(name)) {
      const fix = {
        title: 'Write it in lower case',
        edits: edit(name.toLowerCase()),
        safe: ![...name].some(char => dropCharacters.includes(char)),
      };
      this.report(
        'alias-left-case',
        'hint',
        left,
        'The name is not in lower case. chasquid compares names in lower case, so it matches anyway. Write it in lower case.',
        fix,
      );
    }
  }

  /** Before 1.12 such a name on the left is never looked for. */
  private isCutBefore12(name: string): boolean {
    const { version, suffixSeparators, dropCharacters } = this.context;
    return (
      !version.features.cleanLeftSide && [...name].some(char => (suffixSeparators + dropCharacters).includes(char))
    );
  }

  private unmatchedBefore12(name: string, left: Span): void {
    this.report(
      'alias-left-unmatchable',
      'warning',
      left,
      `“${printable(name)}” holds a drop character or a suffix separator. chasquid ${this.context.version.text} removes these from every address before it looks up the alias, so no mail ever matches. Write the name without them, or use chasquid ${firstWith('cleanLeftSide')} or later.`,
    );
  }

  private tooNew(range: Span, what: string, since: string, instead: string): void {
    this.report(
      'alias-needs-newer',
      'warning',
      range,
      `${what} is supported since chasquid ${since}. chasquid ${this.context.version.text} ${instead}. Write it without, or update chasquid.`,
    );
  }

  pipe(pipe: Span): void {
    const command = this.text.slice(pipe.start, pipe.end);
    if (/["'`$;&|<>()*?\\]/.test(command)) {
      this.report(
        'alias-pipe-shell',
        'warning',
        pipe,
        'The command contains quotes or shell characters. chasquid splits it at spaces and runs it without a shell, so they reach the program unchanged. Put the command into a script and name that.',
      );
    }
    if (/^\S*[^/\s]\/|^\.\.?\//.test(command) && !command.startsWith('/')) {
      this.report(
        'alias-pipe-relative',
        'information',
        pipe,
        'The program has a relative path. chasquid resolves it relative to its configuration directory. Write the absolute path.',
      );
    }
    if (endsWithAddress(command)) {
      this.report(
        'alias-pipe-list',
        'warning',
        pipe,
        'There is an address after the command. chasquid passes the comma and all after it to the command as arguments. Give the command an alias of its own and list that.',
      );
    }
  }

  targets(): void {
    const { targets, right } = this.line;
    if (targets.length === 0 && !this.line.error) {
      this.report(
        'alias-no-recipient',
        'warning',
        right,
        'The list of recipients is empty. chasquid treats the name as if it had no alias. Name a recipient, or remove the line.',
      );
    }
    if (targets.length === 1) {
      this.target(targets[0]!);
      return;
    }
    const seen = new Set<string>();
    for (const target of targets) {
      this.target(target);
      const key =
        target.recipient &&
        `${target.recipient.type} ${target.recipient.address} ${target.recipient.via?.join('/') ?? ''}`;
      if (key !== undefined && seen.has(key)) this.repeated(target);
      if (key !== undefined) seen.add(key);
    }
  }

  private repeated(target: Target): void {
    const comma = this.text.lastIndexOf(',', target.start);
    const fix = { title: 'Remove the repetition', edits: [{ start: comma, end: target.end, text: '' }], safe: true };
    this.report(
      'alias-recipient-repeated',
      'warning',
      target,
      'The recipient appears in the list twice. chasquid delivers the mail twice. Remove one.',
      fix,
    );
  }

  private target(target: Target): void {
    const written = this.text.slice(target.start, target.end);
    if (
      /^[\w.+-]+(@([a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63})?$/i.test(written) &&
      written.length < 200 &&
      !/xn--/i.test(written)
    ) {
      this.ownDomain(target, written);
      return;
    }
    if (!this.context.version.features.forwardVia && written.includes(' via ')) {
      this.tooNew(target, 'Forwarding with “via”', firstWith('forwardVia'), 'reads it as part of the address');
      return;
    }
    if (target.error) return;
    if (!this.context.version.features.starTarget && target.recipient?.address.startsWith('*@')) {
      this.tooNew(target, '“*” as recipient', firstWith('starTarget'), 'sends the mail to a user named “*”');
      return;
    }
    if (this.foreign(target, written)) return;
    this.domain(target);
    for (const server of target.via ?? []) this.server(server);
  }

  private foreign(target: Target, written: string): boolean {
    const replace = (title: string, text: string, safe = true): Fix => ({
      title,
      edits: [{ start: target.start, end: target.end, text }],
      safe,
    });
    const say = (what: string, how: string, ...fixes: Fix[]): true => {
      this.report(
        'alias-foreign-syntax',
        'warning',
        target,
        `${what} chasquid sends the mail to “${printable(target.recipient?.address ?? written)}” literally. ${how}`,
        ...fixes,
      );
      return true;
    };
    const comment = /^(\S+)\s+#/.exec(written);
    if (comment) return this.commentBehind(target, comment[1]!, say);
    if (/^"\|.*"$/.test(written)) {
      const alone = this.line.targets.length === 1;
      return say(
        'A command in quotes is not a pipe here.',
        'Write “| command” without quotes.',
        ...(alone ? [replace('Remove the quotes', written.slice(1, -1))] : []),
      );
    }
    if (written.startsWith('|'))
      return say('A pipe must be the only recipient.', 'Give the command an alias of its own and name that here.');
    if (/^:include:/i.test(written))
      return say('“:include:” is not supported.', 'Write the recipients into this line.');
    if (/^\/(?!.*@)/.test(written))
      return say('A file is not a recipient here.', 'Deliver through a pipe, or to a user.');
    if (written.startsWith('\\')) {
      return say(
        '“\\” before a user does not stop the expansion here.',
        'To keep a copy use “user+keep” with an alias of its own.',
        replace('Remove the “\\”', written.slice(1), false),
      );
    }
    const named = /^[^<>]*<([^<>\s]+)>$/.exec(written);
    if (named)
      return say(
        'Names and “<>” are not supported in a recipient.',
        'Write the bare address.',
        replace(`Write “${named[1]!}”`, named[1]!),
      );
    if (/^".*"$/.test(written))
      return say(
        'The quotes belong to the address here.',
        'Remove them.',
        replace('Remove the quotes', written.slice(1, -1)),
      );
    if (/ via /i.test(written) && !target.via) {
      const fixed = written.replace(/(?<!\s)\s+via\s+/i, ' via ');
      return say(
        '“via” must be lower case with one space on either side.',
        'Write “address via server”.',
        ...(this.context.version.features.forwardVia ? [replace('Write “ via ”', fixed)] : []),
      );
    }
    return false;
  }

  private commentBehind(
    target: Target,
    address: string,
    say: (what: string, how: string, ...fixes: Fix[]) => true,
  ): true {
    const comment = this.text.slice(this.text.indexOf('#', target.start + address.length), this.line.end);
    const edits = [
      { start: 0, end: 0, text: `${this.text.slice(0, this.line.start)}${comment}\n` },
      { start: target.start + address.length, end: this.line.end, text: '' },
    ];
    return say(
      'A comment cannot follow a recipient: it becomes part of the address.',
      'Put the comment on a line of its own.',
      {
        title: 'Move the comment above',
        edits,
        safe: true,
      },
    );
  }

  private ownDomain(target: Target, written: string): void {
    const at = written.indexOf('@');
    if (at < 1 || written.slice(at + 1).toLowerCase() !== this.context.domain) return;
    const fix = {
      title: 'Leave the domain out',
      edits: [{ start: target.start + at, end: target.end, text: '' }],
      safe: true,
    };
    this.report(
      'alias-own-domain',
      'hint',
      target,
      'The domain is the one this file is for. chasquid adds it by itself. It can be left out.',
      fix,
    );
  }

  private domain(target: Target): void {
    const address = this.text.slice(target.start, target.addressEnd);
    const at = address.indexOf('@');
    if (at < 0) return;
    const problem = domainProblem(address.slice(at + 1));
    if (!problem) return;
    const range = { start: target.start + at + 1, end: target.addressEnd };
    this.report(
      'alias-domain-malformed',
      'warning',
      range.start < range.end ? range : { start: target.start, end: target.addressEnd },
      `The domain ${problem}. chasquid accepts it, but the mail cannot be delivered. Correct the domain.`,
    );
  }

  private server(server: Span): void {
    const name = this.text.slice(server.start, server.end);
    const problem = /\s/.test(name)
      ? 'holds a space'
      : /^\[|:.*:/.test(name)
        ? 'is an IPv6 address, which cannot be used here'
        : name.includes(':')
          ? 'holds a port'
          : undefined;
    if (!problem) return;
    const port = /^([\w.-]+):\d+$/.exec(name);
    const fixes = port ? [{ title: 'Remove the port', edits: [{ ...server, text: port[1]! }] }] : [];
    this.report(
      'alias-via-server',
      'warning',
      server,
      `The server “${printable(name)}” ${problem}. chasquid adds “:25” to it and can never connect. Write a host name or an IPv4 address.`,
      ...fixes,
    );
  }
}

/** What is wrong with a domain, as the end of “The domain …”. */
export function domainProblem(domain: string): string | undefined {
  if (domain === '') return 'is empty, which chasquid treats as a local domain';
  if (domain.includes('@')) return 'holds a second “@”';
  if (/\s/.test(domain)) return 'holds a space';
  const odd = /[^\p{L}\p{M}\p{N}._-]/u.exec(domain);
  if (odd) return `holds “${printable(odd[0])}”`;
  if (/^\.|\.\./.test(domain)) return 'has an empty part between its dots';
  if (domain.split('.').some(label => label.length > 63)) return 'has a part longer than 63 characters';
  return undefined;
}

/** Whether a command ends with a comma and an address: a list that became part of it. */
function endsWithAddress(command: string): boolean {
  const whole = command.trimEnd();
  const word = /(?<!\S)\S*$/.exec(whole)![0];
  const at = word.lastIndexOf('@', word.length - 2);
  const comma = word.indexOf(',');
  const before = whole.slice(0, whole.length - word.length).trimEnd();
  return (comma >= 0 && at >= comma + 2) || (at > 0 && before.endsWith(','));
}
