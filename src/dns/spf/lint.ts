import type { Finding } from '../records/record';
import { isConstantExists, isEverywhere, isMechanismWithEquals, usesPtrName } from './parse';
import type { SpfNode, SpfTermNode } from './tree';
import { finding } from '../check/findings';
import { visible } from '../../text/visible';
import { sameTerm } from './merge';
import { lookupAdvice } from './advice';
import { allNodes, countLookups, countVoids, isAll, lastNode, reached } from './tree';

const lookupLimit = 10;
const voidLimit = 2;

/**
 * Everything that can be said of an SPF record and what it includes, whoever sends (RFC 7208).
 * @param fix names the value to publish. @param own the server's addresses, for what may be written as such.
 */
export function lintSpf(root: SpfNode, fix: string, own: readonly string[]): Finding[] {
  return [
    ...syntaxFindings(root, fix),
    ...equalsFindings(root, fix),
    ...limitFindings(root, own),
    ...treeFindings(root),
    ...endFindings(root, fix),
    ...termFindings(root, fix),
  ];
}

function syntaxFindings(root: SpfNode, fix: string): Finding[] {
  return allNodes(root).flatMap(node =>
    node.terms
      .filter(({ term }) => term.kind === 'broken')
      .map(({ term }) =>
        finding(
          'spf-syntax',
          `“${visible(term.text, 60)}” in the record of ${visible(node.domain, 100)} is not an SPF term.`,
          node === root
            ? fix
            : `Report this to whoever runs ${visible(node.domain, 100)}, and leave it out until the record there is fixed.`,
        ),
      ),
  );
}

function equalsFindings(root: SpfNode, fix: string): Finding[] {
  return allNodes(root).flatMap(node => {
    const typos = reached(node).filter(({ term }) => isMechanismWithEquals(term));
    if (typos.length === 0) return [];
    return [
      finding(
        'spf-equals-sign',
        `${list(typos)} in the record of ${visible(node.domain, 100)} is written with “=” instead of “:”.`,
        node === root ? fix : `Report this to whoever runs ${visible(node.domain, 100)}.`,
      ),
    ];
  });
}

function limitFindings(root: SpfNode, own: readonly string[]): Finding[] {
  const lookups = countLookups(root);
  const voids = countVoids(root);
  const found: Finding[] = [];
  if (lookups > lookupLimit)
    found.push(
      finding(
        'spf-too-many-lookups',
        `The record costs ${lookups} lookups; ${lookupLimit} are allowed.`,
        lookupAdvice(root, lookupLimit, own),
      ),
    );
  else if (lookups === lookupLimit)
    found.push(
      finding(
        'spf-near-lookup-limit',
        `The record costs all ${lookupLimit} lookups.`,
        lookupAdvice(root, lookupLimit - 1, own),
      ),
    );
  if (voids > voidLimit)
    found.push(
      finding(
        'spf-too-many-void-lookups',
        `${voids} lookups find nothing; ${voidLimit} are allowed.`,
        `Remove ${list(voidTerms(root))}.`,
      ),
    );
  else if (voids > 0)
    found.push(
      finding(
        'spf-void-lookup',
        `Nothing is found for ${list(voidTerms(root))}.`,
        'Remove it, or publish what it names.',
      ),
    );
  const crowded = allNodes(root).flatMap(node => node.terms.filter(child => (child.hosts ?? 0) > 10));
  found.push(
    ...crowded.map(child =>
      finding(
        'spf-mx-too-many-hosts',
        `${visible(child.target ?? '', 100)} has ${child.hosts} mail hosts.`,
        `Remove ${visible(child.term.text, 100)}.`,
      ),
    ),
  );
  return found;
}

function voidTerms(root: SpfNode): SpfTermNode[] {
  return allNodes(root).flatMap(node => reached(node).filter(child => child.void));
}

function list(children: SpfTermNode[]): string {
  return visible(children.map(child => child.term.text).join(', '), 200);
}

function treeFindings(root: SpfNode): Finding[] {
  return allNodes(root).flatMap(node =>
    reached(node).flatMap(child => {
      const term = visible(child.term.text, 100);
      const remove = `Remove ${term} from the record of ${visible(node.domain, 100)}.`;
      if (child.noAnswer) return [finding('spf-not-resolvable', `What ${term} names does not answer.`)];
      switch (child.child?.problem) {
        case 'none':
          return [
            finding('spf-include-without-record', `${visible(child.target ?? '', 100)} has no SPF record.`, remove),
          ];
        case 'several':
          return [
            finding('spf-several-records', `${visible(child.target ?? '', 100)} has several SPF records.`, remove),
          ];
        case 'loop':
          return [finding('spf-loop', `${term} refers back to ${visible(child.target ?? '', 100)}.`, remove)];
        case 'no-answer':
          return [finding('spf-not-resolvable', `The record that ${term} names does not answer.`)];
        default:
          return [];
      }
    }),
  );
}

function endFindings(root: SpfNode, fix: string): Finding[] {
  const found: Finding[] = [];
  const last = lastNode(root);
  const all = last.terms.find(isAll)?.term;
  const there = last === root ? 'The record' : `The record of ${visible(last.domain, 100)}, to which redirect= points,`;
  if (!all && last.text !== undefined)
    found.push(finding('spf-no-all', `${there} has no end.`, last === root ? fix : 'Put “~all” at its end.'));
  if (all?.qualifier === '?')
    found.push(finding('spf-neutral-all', `${there} ends with “?all”.`, 'Use “~all”, and “-all” when you are sure.'));
  const opened = reached(root).filter(opensToEveryone);
  found.push(
    ...opened.map(({ term }) =>
      finding('spf-allows-everyone', `“${visible(term.text, 60)}” allows everybody to send.`, fix),
    ),
  );
  const read = new Set(reached(root));
  const unread = root.terms.filter(
    child => !read.has(child) && (child.term.kind === 'mechanism' || child.term.name === 'redirect'),
  );
  if (unread.length > 0)
    found.push(
      finding(
        'spf-text-after-all',
        `${list(unread)} is never read, because of “${root.terms.find(isAll)!.term.text}”.`,
        fix,
      ),
    );
  // What passes inside an include or a redirect passes here, too.
  const open = allNodes(root).filter(node => node !== root && reached(node).some(opensToEveryone));
  found.push(
    ...open.map(node =>
      finding(
        'spf-allows-everyone',
        `The record of ${visible(node.domain, 100)}, which is used here, allows everybody to send.`,
        `Remove the include or redirect of ${visible(node.domain, 100)}.`,
      ),
    ),
  );
  return found;
}

export function opensToEveryone(child: SpfTermNode): boolean {
  const { term } = child;
  if (term.kind !== 'mechanism' || term.qualifier !== '+') return false;
  return isEverywhere(term) || isAll(child) || (isConstantExists(term) && child.void === false && !child.noAnswer);
}

function termFindings(root: SpfNode, fix: string): Finding[] {
  const found: Finding[] = [];
  const terms = reached(root).map(child => child.term);
  if (terms.some(term => term.kind === 'mechanism' && term.name === 'ptr'))
    found.push(finding('spf-ptr', 'The record uses ptr.', 'Replace it with a: or ip4: of your servers.'));
  else if (terms.some(usesPtrName))
    found.push(finding('spf-ptr', 'The record uses the macro %{p}.', 'Use %{i}, the address, instead.'));
  for (const term of terms) {
    if (isEverywhere(term)) continue;
    const [limit, bits] = term.name === 'ip6' ? [32, term.cidr6] : [16, term.cidr4];
    if (term.kind === 'mechanism' && term.qualifier === '+' && bits !== undefined && bits < limit)
      found.push(
        finding(
          'spf-broad-network',
          `${visible(term.text, 60)} allows a very large network.`,
          'Name only the addresses that send.',
        ),
      );
  }
  const twice = terms.filter((term, at) => terms.findIndex(other => sameTerm(other, term)) < at);
  if (twice.length > 0)
    found.push(
      finding('spf-duplicate-term', `${visible(twice.map(term => term.text).join(', '), 100)} appears twice.`, fix),
    );
  const octets = Buffer.byteLength(root.text ?? '');
  if (octets > 450)
    found.push(
      finding(
        'spf-too-long',
        `The record has ${octets} octets.`,
        'Move part of it into a record of its own, and include that.',
      ),
    );
  return found;
}
