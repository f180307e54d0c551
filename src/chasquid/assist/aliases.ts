import { canonical } from '../aliases/occurrences';
import { explainAddress, explainedText } from '../aliases/explain';
import type { AliasLine, Span } from '../aliases/model';
import type { AliasWorld } from '../aliases/resolve';
import type { AliasContext } from '../aliases/model';
import { block } from '../../text/markdown';
import { literal, type Suggestion } from './suggestion';

/** What can be named in an aliases file. Addresses are canonical. */
export interface Names {
  users: readonly string[];
  aliases: readonly string[];
  domains: readonly string[];
}

/** What can be written at a column of a line: templates on the left side, users, aliases and domains on the right. */
export function completeAlias(line: string, column: number, context: AliasContext, names: Names): Suggestion[] {
  const before = line.slice(0, column);
  if (/^\s*#/.test(before)) return [];
  const colon = before.indexOf(':');
  const start = Math.max(colon, before.lastIndexOf(',')) + 1;
  const word = before.slice(start).trimStart();
  const range = { start: column - word.length, end: column };
  if (colon < 0) return templates(range, context);
  if (/^\s*\|/.test(before.slice(colon + 1))) return [];
  if (/\svia\s/.test(word)) return [];
  const at = word.indexOf('@');
  if (at >= 0) {
    const place = { start: column - (word.length - at - 1), end: column };
    return names.domains.map(domain => ({ label: domain, kind: 'domain', insert: literal(domain), range: place }));
  }
  const own = `@${context.domain}`;
  const offer = (address: string, kind: 'user' | 'alias'): Suggestion => {
    const label = address.endsWith(own) ? address.slice(0, -own.length) : address;
    return { label, kind, insert: literal(label), range, detail: kind };
  };
  const users = new Set(names.users);
  return [
    ...names.users.map(address => offer(address, 'user')),
    ...names.aliases
      .filter(address => !users.has(address) && !address.startsWith('*@'))
      .map(address => offer(address, 'alias')),
  ];
}

function templates(range: Span, { version: { features } }: AliasContext): Suggestion[] {
  const offer = (label: string, insert: string, doc: string): Suggestion => ({
    label,
    kind: 'template',
    insert,
    range,
    doc,
  });
  return [
    offer('name: recipient', '${1:name}: ${2:recipient}', 'Mail to the name goes to the recipient.'),
    offer('name: several recipients', '${1:name}: ${2:first}, ${3:second}', 'Mail to the name goes to all of them.'),
    ...(features.catchAll
      ? [offer('*: catch-all', '*: ${1:you@gmail.com}', 'Mail to every name that is neither a user nor an alias.')]
      : []),
    offer(
      'name: forward to Gmail',
      '${1:name}: ${2:you}@gmail.com',
      'A copy for a mailbox elsewhere; name each sender too, or their own mail stays here.',
    ),
    offer(
      'name: | command',
      '${1:name}: | ${2:/usr/local/bin/handler}',
      'The message comes on the standard input of the command. No shell, no quotes; it runs at most 30 seconds.',
    ),
    ...(features.forwardVia
      ? [
          offer(
            'name: via another server',
            '${1:name}: ${2:user@example.com} via ${3:mail.example.com}',
            'Forwarded through exactly these servers (chasquid ≥ 1.16).',
          ),
        ]
      : []),
    offer(
      'postmaster, abuse',
      'postmaster: ${1:you}\nabuse: ${1:you}',
      'RFC 5321 and RFC 2142 ask every mail domain for these.',
    ),
  ];
}

/** The full way of the address at a column, as Markdown. */
export function hoverAlias(
  text: string,
  line: AliasLine,
  column: number,
  world: AliasWorld & { hooked?: boolean },
  context: AliasContext,
): { range: Span; markdown: string } | undefined {
  if (line.kind !== 'entry') return undefined;
  const inside = (span: Span) => column >= span.start && column <= span.end;
  const via = line.targets.find(target => target.via && column > target.addressEnd && inside(target));
  if (via) {
    const note = 'Delivered through these servers only, in this order; their MX is not asked. *since chasquid 1.16*';
    return { range: { start: via.start, end: via.end }, markdown: `**via**\n\n${note}` };
  }
  if (line.pipe && inside(line.pipe)) {
    const note =
      'The message comes on the standard input of this command. It runs without a shell as the daemon’s user, in the configuration folder, at most 30 seconds; a failure is final.';
    return { range: line.pipe, markdown: `**Pipe**\n\n${note}` };
  }
  const target = line.targets.find(inside);
  const place = inside(line.left) ? line.left : target;
  const address = inside(line.left) ? line.key : target?.recipient && canonical(target.recipient.address, context);
  if (!place || address === undefined) return undefined;
  const heading = address.startsWith('*@')
    ? 'Catch-all: mail to every name that is neither a user nor an alias.\n\n'
    : '';
  const hook = world.hooked ? '\n\nThe hook `alias-resolve` may change this.' : '';
  const tree = explainedText(explainAddress(world, address));
  return {
    range: { start: place.start, end: place.end },
    markdown: heading + block([tree]) + hook,
  };
}
