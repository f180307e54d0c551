import { sameAddress } from '../address';
import { visible } from '../../text/visible';
import type { SpfNode, SpfTermNode } from './tree';
import { costOf, countLookups, reached } from './tree';

/** More addresses than this are no gain in a record that should stay below 450 octets. */
const addressLimit = 12;

/**
 * How to come down to `limit` lookups: what each term costs, which ones cost nothing when they are written as addresses, and which
 * one alone would have to go.
 * @param own addresses of the server: a term that leads only to them is said by them.
 */
export function lookupAdvice(root: SpfNode, limit: number, own: readonly string[]): string {
  const total = countLookups(root);
  const terms = reached(root).filter(term => costOf(term) > 0);
  const costs = terms.map(term => `${name(term)} ${costOf(term)}`);
  const savings = terms.flatMap(term => {
    const addresses = addressesOf(term, own);
    return addresses ? [{ term, text: addresses.join(' ') }] : [];
  });
  const advice = [`Each term costs: ${costs.join(', ')}.`];
  for (const { term, text } of savings)
    advice.push(`${text} instead of ${name(term)} would leave ${total - costOf(term)}.`);
  const saved = savings.reduce((sum, { term }) => sum + costOf(term), 0);
  const enough = terms.filter(term => total - costOf(term) <= limit && term.term.name !== 'redirect');
  if (total - saved > limit)
    advice.push(
      enough.length > 0
        ? `${savings.length > 0 ? 'Or remove' : 'Remove'} one that you do not need: ${enough.map(term => `without ${name(term)} it is ${total - costOf(term)}`).join(', ')}.`
        : 'Remove those that you do not need, or send from a subdomain with a record of its own.',
    );
  else advice.push('Such addresses may change: check again when the provider announces a change.');
  return visible(advice.join(' '), 1500);
}

function name({ term }: SpfTermNode): string {
  return visible(term.text, 60);
}

/** The ip4 and ip6 terms that say the same as a term which costs lookups, where there are such. */
function addressesOf(node: SpfTermNode, own: readonly string[]): string[] | undefined {
  if (node.term.qualifier !== '+' || node.term.name === 'redirect') return undefined;
  if (node.child) return networksOf(node.child);
  const { addresses = [], term } = node;
  if (term.cidr4 !== undefined || term.cidr6 !== undefined || addresses.length === 0) return undefined;
  if (!addresses.every(address => own.some(mine => sameAddress(mine, address)))) return undefined;
  return addresses.map(address => `ip${address.includes(':') ? 6 : 4}:${address}`);
}

/** All that an included record allows, when it names nothing but addresses; undefined when there is more to it, or too much. */
function networksOf(node: SpfNode): string[] | undefined {
  if (node.text === undefined) return undefined;
  const found: string[] = [];
  for (const { term, child } of reached(node)) {
    if (term.kind === 'modifier' && term.name !== 'redirect') continue;
    // What an include does not let pass has no say outside of it (RFC 7208 §5.2).
    if (term.name === 'all' && term.qualifier !== '+') continue;
    const inner =
      term.qualifier !== '+'
        ? undefined
        : child
          ? networksOf(child)
          : /^ip[46]$/.test(term.name)
            ? [term.text]
            : undefined;
    if (!inner) return undefined;
    found.push(...inner.map(text => text.replace(/^\+/, '')));
  }
  return found.length > 0 && found.length <= addressLimit ? found : undefined;
}
