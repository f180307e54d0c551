import { sameName } from '../name';
import { opensToEveryone } from './lint';
import type { SpfNode, SpfTermNode } from './tree';
import { allNodes, reached } from './tree';

/**
 * Terms that break the whole record or open it to everybody, whoever sends, and such as lead to nothing: no record gets right with
 * them. Names of the domain itself are spared, since their records may be still to come.
 * @param spared the domain and its server.
 */
export function unfixableTerms(root: SpfNode, spared: readonly string[]): Set<string> {
  const found = reached(root).filter(
    child => leadsNowhere(child, spared) || (child.hosts ?? 0) > 10 || (child.child && isBroken(child.child)),
  );
  return new Set(found.map(({ term }) => term.text));
}

function leadsNowhere({ term, target, void: isVoid }: SpfTermNode, spared: readonly string[]): boolean {
  return (
    isVoid === true && ['a', 'mx', 'exists'].includes(term.name) && !spared.some(name => sameName(name, target ?? ''))
  );
}

function isBroken(node: SpfNode): boolean {
  return allNodes(node).some(
    ({ problem, terms, ...rest }) =>
      (problem !== undefined && problem !== 'no-answer') ||
      terms.some(({ term }) => term.kind === 'broken') ||
      reached({ terms, ...rest }).some(opensToEveryone),
  );
}
