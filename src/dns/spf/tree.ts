import type { Inquiry } from '../check/inquiry';
import type { SpfTerm } from './parse';
import { bare } from '../name';
import { costsLookup, hasMacro, isSpf, parseSpf } from './parse';

/** One SPF record and those it includes. */
export interface SpfNode {
  domain: string;
  /** The record's text; absent when there is none. */
  text?: string;
  /** What is wrong with the node itself. */
  problem?: 'none' | 'several' | 'no-answer' | 'loop';
  terms: SpfTermNode[];
}

export interface SpfTermNode {
  term: SpfTerm;
  /** The name that the term looks up, with `%{d}` written out; absent for terms without a lookup, or with other macros. */
  target?: string;
  /** No address, no MX or no name there: counts as void. */
  void?: boolean;
  noAnswer?: boolean;
  /** Of `a` and `mx`: where the term leads. */
  addresses?: string[];
  /** Of `mx`: how many hosts there are. */
  hosts?: number;
  /** Of include and redirect. */
  child?: SpfNode;
}

/** Deeper than any record that can still be evaluated: each level costs a lookup, and there are ten. */
const depthLimit = 11;
/** A bound on the whole tree, against zones which are made to grow without end. */
const nodeLimit = 60;
/** Terms that are looked up in the whole tree. Receivers stop at ten; the rest is only counted. */
const termLimit = 100;

/**
 * Looks up everything that an SPF record leads to, level by level, all of a level at once. A domain that comes up again inside itself
 * is a loop and is not entered again.
 */
export function spfTree(domain: string, inquiry: Pick<Inquiry, 'ask'>): Promise<SpfNode> {
  return walker(inquiry).visit(domain, []);
}

/** The same for a record that is not published yet. */
export function treeOf(domain: string, text: string, inquiry: Pick<Inquiry, 'ask'>): Promise<SpfNode> {
  return walker(inquiry).read(bare(domain), text, []);
}

function walker(inquiry: Pick<Inquiry, 'ask'>) {
  let nodes = 0;
  let looked = 0;
  const visit = async (at: string, path: string[]): Promise<SpfNode> => {
    const name = bare(at);
    if (path.includes(name)) return { domain: name, problem: 'loop', terms: [] };
    if (path.length >= depthLimit || ++nodes > nodeLimit) return { domain: name, terms: [] };
    const answer = await inquiry.ask(name, 'TXT');
    if (answer.state === 'failed') return { domain: name, problem: 'no-answer', terms: [] };
    const records = answer.values.filter(isSpf);
    if (records.length !== 1) return { domain: name, problem: records.length === 0 ? 'none' : 'several', terms: [] };
    return read(name, records[0]!, path);
  };
  const read = async (name: string, text: string, path: string[]): Promise<SpfNode> => {
    const terms = await Promise.all(parseSpf(text).terms.map(term => look(term, name, [...path, name])));
    return { domain: name, text, terms };
  };
  const look = async (term: SpfTerm, owner: string, path: string[]): Promise<SpfTermNode> => {
    const target = targetOf(term, owner);
    if (!costsLookup(term) || target === undefined) return { term };
    if (++looked > termLimit) return { term, target };
    if (term.name === 'include' || term.name === 'redirect') {
      const child = await visit(target, path);
      const noName = child.problem === 'none' && (await inquiry.ask(target, 'TXT')).state !== 'found';
      return { term, target, child, void: noName };
    }
    if (term.name === 'mx') return mailHosts(term, target);
    if (term.name === 'a' || term.name === 'exists') {
      const types = term.name === 'a' ? (['A', 'AAAA'] as const) : (['A'] as const);
      const answers = await Promise.all(types.map(type => inquiry.ask(target, type)));
      return {
        term,
        target,
        void: answers.every(isVoid),
        noAnswer: answers.some(answer => answer.state === 'failed'),
        ...(term.name === 'a' && { addresses: answers.flatMap(answer => answer.values) }),
      };
    }
    return { term, target };
  };
  const mailHosts = async (term: SpfTerm, target: string): Promise<SpfTermNode> => {
    const answer = await inquiry.ask(target, 'MX');
    const names = answer.values.map(value => value.split(' ')[1]!).filter(name => name !== '.');
    const found = await Promise.all(
      names.slice(0, 10).flatMap(name => [inquiry.ask(name, 'A'), inquiry.ask(name, 'AAAA')]),
    );
    return {
      term,
      target,
      hosts: names.length,
      addresses: [...new Set(found.flatMap(({ values }) => values))],
      void: isVoid(answer),
      noAnswer: answer.state === 'failed',
    };
  };
  return { visit, read };
}

function isVoid(answer: { state: string }): boolean {
  return answer.state === 'no-name' || answer.state === 'no-data';
}

function targetOf(term: SpfTerm, owner: string): string | undefined {
  const text = (term.target || owner).replace(/%\{d\}/gi, owner);
  return hasMacro({ ...term, target: text }) ? undefined : bare(text);
}

/** How many of the ten lookups a whole tree costs when nothing matches before its end (RFC 7208 §4.6.4). */
export function countLookups(node: SpfNode): number {
  return sum(node, child => (costsLookup(child.term) ? 1 : 0));
}

/** What a term costs of them, with everything that it includes. */
export function costOf({ term, child }: SpfTermNode): number {
  return (costsLookup(term) ? 1 : 0) + (child ? countLookups(child) : 0);
}

/** How many of the two void lookups it costs. */
export function countVoids(node: SpfNode): number {
  return sum(node, child => (child.void ? 1 : 0));
}

function sum(node: SpfNode, count: (child: SpfTermNode) => number): number {
  return reached(node).reduce((total, child) => total + count(child) + (child.child ? sum(child.child, count) : 0), 0);
}

/** The terms that are read: what stands after `all` is not, and a redirect beside an `all` neither (RFC 7208 §5.1, §6.1). */
export function reached(node: SpfNode): SpfTermNode[] {
  const end = node.terms.findIndex(isAll);
  return end < 0 ? node.terms : node.terms.slice(0, end + 1).filter(({ term }) => term.name !== 'redirect');
}

export function isAll({ term }: SpfTermNode): boolean {
  return term.kind === 'mechanism' && term.name === 'all';
}

/** The record that decides about everybody whom no term names: the last one to which `redirect` leads. */
export function lastNode(node: SpfNode): SpfNode {
  const next = reached(node).find(({ term }) => term.name === 'redirect')?.child;
  return next && !node.terms.some(isAll) ? lastNode(next) : node;
}

/** All records of a tree that are read, the root first. */
export function allNodes(node: SpfNode): SpfNode[] {
  return [node, ...reached(node).flatMap(child => (child.child ? allNodes(child.child) : []))];
}

/** What each term costs, a line each, with the terms of what it includes below it: `include:_spf.example.net: 3`. */
export function describeTree(node: SpfNode, indent = ''): string[] {
  return reached(node).flatMap(child => [
    ...(costOf(child) > 0 ? [`${indent}${child.term.text}: ${costOf(child)}`] : []),
    ...(child.child ? describeTree(child.child, `${indent}  `) : []),
  ]);
}
