import { splitAddress } from '../normalize';
import { type AliasWorld, recursionLimit, resolveStep } from './resolve';
import type { Recipient } from './model';

/** A step of a resolution, for people. */
export interface Explained {
  /** The address, or the command of a pipe. */
  text: string;
  /** What becomes of it. */
  kind: 'alias' | 'catch-all' | 'user' | 'remote' | 'pipe' | 'forward' | 'unknown' | 'too deep' | 'cut';
  via?: string[];
  children: Explained[];
}

/** The whole way of an address, at most `limit` steps of it. */
export function explainAddress(world: AliasWorld, address: string, limit = 40): Explained {
  const budget = { left: limit };
  return explain(world, { type: 'email', address }, 0, budget);
}

function explain(world: AliasWorld, recipient: Recipient, depth: number, budget: { left: number }): Explained {
  const { type, address: text, via } = recipient;
  if (type === 'pipe') return { text, kind: 'pipe', children: [] };
  if (type === 'forward') return { text, kind: 'forward', children: [], ...(via && { via }) };
  if (budget.left-- <= 0) return { text, kind: 'cut', children: [] };
  if (depth >= recursionLimit) return { text, kind: 'too deep', children: [] };
  const step = resolveStep(world, text);
  if (step.next) {
    const children = step.next.map(next => explain(world, next, depth + 1, budget));
    return { text, kind: step.catchAll ? 'catch-all' : 'alias', children };
  }
  const [user, domain] = splitAddress(step.end);
  if (!world.domains.has(domain)) return { text, kind: 'remote', children: [] };
  return { text: step.end, kind: world.userExists(user, domain) ? 'user' : 'unknown', children: [] };
}

/** The tree as indented lines. */
export function explainedText(tree: Explained, indent = 0): string {
  const notes: Record<Explained['kind'], string> = {
    alias: '',
    'catch-all': ' – by the catch-all',
    user: ' – user here',
    remote: ' – on another server',
    pipe: ' – given to this command',
    forward: ` – forwarded via ${tree.via?.join(', ') ?? ''}`,
    unknown: ' – neither a user nor an alias',
    'too deep': ' – too many steps: chasquid gives up',
    cut: ' …',
  };
  const own = `${'  '.repeat(indent)}${indent > 0 ? '→ ' : ''}${tree.kind === 'pipe' ? '| ' : ''}${tree.text}${notes[tree.kind]}`;
  return [own, ...tree.children.map(child => explainedText(child, indent + 1))].join('\n');
}
