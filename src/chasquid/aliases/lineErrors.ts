import { applyEdits, type Diagnostic, type Fix } from '../diagnostics';
import { printable } from '../text';
import type { Problem } from '../../text/problem';
import { parseAliasLine } from './line';
import type { AliasContext, BadLine, EntryLine, LineError, Recipient, Span, Target } from './model';

/**
 * The faithful set: what chasquid ≥ 1.16 refuses, at the place it refuses it; for older versions the same places as warnings
 * that tell what those versions make of the line. Offsets count from the line's start.
 */
export function lineErrors(text: string, line: BadLine | EntryLine, context: AliasContext): Diagnostic[] {
  if (line.kind === 'bad') return [describe(text, line, line.error, undefined, context)];
  const errors = line.targets.flatMap(target => (target.error ? [{ error: target.error, target }] : []));
  if (line.error && errors.length === 0) return [describe(text, line, line.error, undefined, context)];
  return errors.map(({ error, target }) => describe(text, line, error, target, context));
}

function describe(
  text: string,
  line: BadLine | EntryLine,
  error: LineError,
  target: Target | undefined,
  context: AliasContext,
): Diagnostic {
  const range = { start: error.start, end: error.end };
  const { what, fix, fixes } = explain(text, line, error, context);
  const fatal = context.version.features.strictAliases || error.code === 'alias-line-too-long';
  return {
    code: error.code,
    severity: fatal ? 'error' : 'warning',
    message: `${what} ${effect(error, target?.recipient, context)} ${fix}`,
    range,
    ...(fatal && { upstream: error.upstream }),
    ...(fixes && fixes.length > 0 && { fixes: fixes.map(fix => proven(text, fix, error, context)) }),
  };
}

/** A fix is safe only where chasquid then takes the place, which other mistakes in it may prevent. */
function proven(text: string, fix: Fix, error: LineError, context: AliasContext): Fix {
  if (!fix.safe) return fix;
  const count = (line: string): number => {
    const parsed = parseAliasLine(line, context);
    if (parsed.kind === 'entry') return parsed.targets.filter(target => target.error?.code === error.code).length;
    return parsed.kind === 'bad' && parsed.error.code === error.code ? 1 : 0;
  };
  const after = applyEdits(text, fix.edits)
    .split('\n')
    .reduce((sum, line) => sum + count(line), 0);
  return after < count(text) ? fix : { ...fix, safe: false };
}

/** What chasquid of that version does. */
function effect(
  error: LineError,
  recipient: Recipient | undefined,
  { version: { features, text } }: AliasContext,
): string {
  if (features.strictAliases) {
    return `chasquid ${text} stops within 30 seconds of reading this and does not start again.`;
  }
  if (error.code === 'alias-line-too-long') {
    return features.fatalReload
      ? `chasquid ${text} stops within 30 seconds of reading this.`
      : `chasquid ${text} logs an error and keeps the aliases it had.`;
  }
  if (error.code === 'alias-pipe-empty')
    return `chasquid ${text} treats the alias as empty: the address does not exist.`;
  if (recipient) return `chasquid ${text} sends the mail to the useless address “${printable(recipient.address)}”.`;
  return `chasquid ${text} skips the line silently.`;
}

interface Explanation extends Pick<Problem, 'what' | 'fix'> {
  fixes?: Fix[];
}

function explain(text: string, line: BadLine | EntryLine, error: LineError, context: AliasContext): Explanation {
  const slice = (span: Span) => printable(text.slice(span.start, span.end));
  switch (error.code) {
    case 'alias-missing-colon':
      return missingColon(text, line);
    case 'alias-missing-side': {
      const left = /^:/.test(slice(line))
        ? 'The line has nothing before the “:”.'
        : 'The line has nothing after the “:”.';
      return { what: left, fix: 'Write “name: recipient”, or remove the line.', fixes: [commentOut(line)] };
    }
    case 'alias-left-at':
      return leftAt(text, line, context);
    case 'alias-pipe-empty':
      return {
        what: 'The pipe has no command.',
        fix: 'Write the command after “|”, or remove the line.',
        fixes: [commentOut(line)],
      };
    case 'alias-via-empty': {
      const cut = text.indexOf(' via ', error.start) + 5;
      const servers = text
        .slice(cut, error.end)
        .split('/')
        .map(server => server.trim())
        .filter(Boolean);
      const fix = {
        title: 'Remove the empty server',
        edits: [{ start: cut, end: error.end, text: servers.join('/') }],
        safe: true,
      };
      return {
        what: 'A server after “via” is empty.',
        fix: 'Separate the servers with single “/”.',
        ...(servers.length > 0 && { fixes: [fix] }),
      };
    }
    case 'alias-address-refused':
      return refused(text, line, error, context);
    case 'alias-line-too-long':
      return { what: 'The line is 65,536 bytes or longer.', fix: 'Split the recipients over several aliases.' };
  }
}

function missingColon(text: string, line: Span): Explanation {
  const written = text.slice(line.start, line.end);
  const foreign = /^(;|\/\/)/.exec(written);
  if (foreign) {
    const fix = {
      title: 'Make it a “#” comment',
      edits: [{ start: line.start, end: line.start + foreign[0].length, text: '#' }],
      safe: true,
    };
    return { what: `“${foreign[0]}” does not begin a comment.`, fix: 'Begin comments with “#”.', fixes: [fix] };
  }
  if (written.startsWith('\ufeff')) {
    const fix = {
      title: 'Remove the byte order mark',
      edits: [{ start: line.start, end: line.start + 1, text: '' }],
      safe: true,
    };
    return { what: 'There is an invisible byte order mark before the text.', fix: 'Remove it.', fixes: [fix] };
  }
  const equals = /^([^\s=]+)(\s*=\s*)(\S.*)$/.exec(written);
  if (equals) {
    const start = line.start + equals[1]!.length;
    const fix = {
      title: 'Write “:” for “=”',
      edits: [{ start, end: start + equals[2]!.length, text: ': ' }],
      safe: true,
    };
    return { what: 'The line has no “:” between name and recipients.', fix: 'Write “:” instead of “=”.', fixes: [fix] };
  }
  if (line.start > 0) {
    return {
      what: 'The line has no “:”; aliases have no continuation lines.',
      fix: 'Put all recipients on the line of their alias.',
      fixes: [commentOut(line)],
    };
  }
  return {
    what: 'The line has no “:” between name and recipients.',
    fix: 'Write “name: recipient”.',
    fixes: [commentOut(line)],
  };
}

function leftAt(text: string, line: BadLine | EntryLine, context: AliasContext): Explanation {
  const left = line.left!;
  const name = text.slice(left.start, left.end);
  const at = name.indexOf('@');
  const domain = name.slice(at + 1);
  const own = domain.toLowerCase() === context.domain && context.domain !== '';
  const edit = (to: string) => [{ start: left.start, end: left.end, text: to }];
  const fixes: Fix[] = [];
  if (at > 0) fixes.push({ title: `Write “${name.slice(0, at)}” alone`, edits: edit(name.slice(0, at)), safe: own });
  else if (own || domain === '') fixes.push({ title: 'Make it the catch-all “*”', edits: edit('*') });
  fixes.push(commentOut(line));
  return {
    what: 'The left side must not contain “@”.',
    fix: `Write the user alone: the file is for ${context.domain || 'one domain'} only.`,
    fixes,
  };
}

/** An address that PRECIS or IDNA refuses: usually another program's syntax, or a separator that is none here. */
function refused(text: string, line: Span, error: LineError, context: AliasContext): Explanation {
  const written = text.slice(error.start, error.end);
  const replace = (title: string, to: string, safe = true): Fix => ({
    title,
    edits: [{ start: error.start, end: error.end, text: to }],
    safe,
  });
  const comment = /^(\S+)\s+(#.*)$/s.exec(text.slice(error.start, line.end));
  if (comment) return inlineComment(text, line, error, comment[1]!, comment[2]!);
  const named = /^[^<>]*<([^<>\s@]+@[^<>\s]+)>$/.exec(written);
  if (named) {
    const fix = replace(`Write “${named[1]!}”`, named[1]!);
    return { what: 'Names and “<>” are not supported in a recipient.', fix: 'Write the bare address.', fixes: [fix] };
  }
  const via = /^(\S+)[ \t]+via[ \t]+(\S.*)$/i.exec(written);
  if (via && context.version.features.forwardVia && !written.includes(' via ')) {
    const fix = replace('Write “ via ”', `${via[1]!} via ${via[2]!}`);
    return {
      what: '“via” must be lower case with one space on either side.',
      fix: 'Write “address via server”.',
      fixes: [fix],
    };
  }
  if (written.startsWith('|'))
    return {
      what: 'A pipe must be the only recipient.',
      fix: 'Give the command an alias of its own and name that here.',
    };
  if (/^"\|/.test(written)) {
    const command = /^"(\|[^"]*)"$/.exec(written)?.[1];
    const fix = command && written.length === line.end - error.start ? [replace('Remove the quotes', command)] : [];
    return { what: 'A command in quotes is not a pipe here.', fix: 'Write “| command” without quotes.', fixes: fix };
  }
  if (written.startsWith(':')) {
    const fix = replace('Remove the second “:”', written.replace(/^:\s*/, ''));
    return {
      what: 'There is a second “:” before the recipient.',
      fix: 'Write one “:”.',
      fixes: written.startsWith(':include:') ? [] : [fix],
    };
  }
  if (written.includes(';')) {
    const fix = replace(
      'Separate with commas',
      written
        .split(';')
        .map(part => part.trim())
        .filter(Boolean)
        .join(', '),
    );
    return { what: 'Recipients are separated with “;”.', fix: 'Separate them with commas.', fixes: [fix] };
  }
  if (/^via\s|\svia$/.test(written))
    return { what: '“via” lacks the address or the server.', fix: 'Write “address via server”.' };
  const words = written.split(/\s+/);
  if (words.length > 1 && words.every(word => /^[\w.+-]+(@[\w.-]+)?$/.test(word))) {
    const fix = replace('Separate with commas', words.join(', '), false);
    return {
      what: 'An address must not contain a space.',
      fix: 'Separate several recipients with commas.',
      fixes: [fix],
    };
  }
  return invisible(written, error, context);
}

function inlineComment(text: string, line: Span, error: LineError, address: string, comment: string): Explanation {
  const indent = text.slice(0, line.start);
  const edits = [
    { start: 0, end: 0, text: `${indent}${comment}\n` },
    { start: error.start + address.length, end: line.end, text: '' },
  ];
  return {
    what: 'A comment cannot follow a recipient: it becomes part of the address.',
    fix: 'Put the comment on a line of its own.',
    fixes: [{ title: 'Move the comment above', edits, safe: true }],
  };
}

function invisible(written: string, error: LineError, context: AliasContext): Explanation {
  const cleaned = written.replace(/[\u200b\ufeff\u00ad\u2060]/g, '');
  if (cleaned !== written && cleaned !== '') {
    const fix = {
      title: 'Remove the invisible characters',
      edits: [{ start: error.start, end: error.end, text: cleaned }],
      safe: true,
    };
    return { what: 'The address holds an invisible character.', fix: 'Remove it.', fixes: [fix] };
  }
  const reason = error.upstream.slice(error.upstream.lastIndexOf(': ') + 2);
  const shown = printable(written);
  if (reason.startsWith('invalid label')) {
    return {
      what: `“${shown}” has a domain part beginning with “xn--” that is not valid.`,
      fix: 'Correct the domain.',
    };
  }
  if (reason.startsWith('invalid character')) {
    return {
      what: `The domain of “${shown}” contains a character that no domain has.`,
      fix: 'Correct the domain; put a comment on a line of its own.',
    };
  }
  if (reason === 'failed Bidi Rule') {
    return {
      what: `“${shown}” mixes characters or writing directions that a user name must not mix, or holds a symbol.`,
      fix: 'Use letters and digits of one writing direction.',
    };
  }
  const domain = context.domain ? `, such as “name” or “name@${context.domain}”` : '';
  return {
    what: `“${shown}” holds a character that a user name must not have.`,
    fix: `Write an e-mail address${domain}.`,
  };
}

function commentOut(line: Span): Fix {
  return { title: 'Turn the line into a comment', edits: [{ start: line.start, end: line.start, text: '# ' }] };
}
