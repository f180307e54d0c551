import { normalizeDomain } from '../normalize';
import { addressRule } from '../rules';
import type { AliasFile } from './file';
import { parseAliasLine } from './line';

/** What it takes to have the mail of a whole domain end at one address. */
export interface Forwarding {
  /** The aliases file afterwards; the same text when nothing is to be done. */
  text: string;
  /** Lines that are new. */
  added: string[];
  /** The catch-all, where it led elsewhere: its line before. */
  replaced: string | undefined;
  /** Lines of users whose mail goes elsewhere. A user wrote them, so they stay. */
  kept: string[];
}

/**
 * Adds a catch-all and a line for each user, as the catch-all is only for names that are neither user nor alias
 * (aliases.go: `resolve`). A version without catch-all gets the lines of the users only.
 * @param users of the domain, as the users file has them
 * @param target an address of another domain
 */
export function forwardAll(file: AliasFile, users: readonly string[], target: string): Forwarding {
  const { context, entries } = file;
  const added: string[] = [];
  const kept: string[] = [];
  let replaced: { line: number; text: string } | undefined;
  for (const user of [...(context.version.features.catchAll ? ['*'] : []), ...users]) {
    const line = `${user}: ${target}`;
    const key = `${user}@${context.domain}`;
    const at = entries.lineOf(key);
    if (at === undefined) {
      // A name of characters that mean something here cannot have a line of its own.
      const parsed = parseAliasLine(line, context);
      if (parsed.kind === 'entry' && parsed.key === key) added.push(line);
    } else if (!leadsTo(file, at, target)) {
      const text = file.lineText(at).replace(/\r$/, '');
      if (user === '*') replaced = { line: at, text };
      else kept.push(text);
    }
  }
  return {
    text: written(file, added, replaced && { ...replaced, by: `*: ${target}` }),
    added,
    replaced: replaced?.text,
    kept,
  };
}

function leadsTo(file: AliasFile, line: number, target: string): boolean {
  return file.entry(line)!.recipients.some(({ type, address }) => type === 'email' && address === target);
}

function written(file: AliasFile, added: string[], replaced: { line: number; by: string } | undefined): string {
  const end = file.text.includes('\r\n') ? '\r\n' : '\n';
  let { text } = file;
  if (replaced) {
    const from = file.start(replaced.line);
    const before = file.lineText(replaced.line).replace(/\r$/, '');
    text = text.slice(0, from) + replaced.by + text.slice(from + before.length);
  }
  if (added.length === 0) return text;
  const gap = text === '' || text.endsWith('\n') ? '' : end;
  return `${text}${gap}${added.map(line => line + end).join('')}`;
}

/**
 * Why mail cannot be forwarded to `address`, in words for people.
 * @param domains those of the server, normalised
 */
export function forwardTargetProblem(address: string, domains: { has(domain: string): boolean }): string | undefined {
  const judged = addressRule(address);
  if ('reason' in judged) return judged.reason;
  const name = judged.value.slice(judged.value.lastIndexOf('@') + 1);
  const domain = normalizeDomain(name).value ?? name;
  return domains.has(domain)
    ? `${domain} is a mail domain of this server itself, so mail would loop. Enter the address of a mailbox elsewhere.`
    : undefined;
}
