import { type AST, RegExpParser } from '@eslint-community/regexpp';
import { deep } from '../deep';

/** A text made to hold a pattern up: `head`, then `pump` again and again, then `tail`. */
export interface Attack {
  head: string;
  pump: string;
  tail: string;
}

/** Characters that mean something to one text format or another. */
const common = [...' \t\n\r\u00a0aZ_0\u00e9"\'`\\.,:;=<>@/|-+*#()[]{}$^%&!?~'];
/** Pieces of lines, whole lines, and brackets. */
const phrases = [
  '\r\n',
  '\n ',
  '\r\n\t',
  'a ',
  ' a',
  'a.',
  'a: b\r\n',
  'a=b;',
  '[](',
  '\\"',
  '""',
  '();',
  '1.',
  'a@',
  '<a',
  '${',
];
const tails = ['', '\n\u0001', '\u0001'];

/**
 * Texts derived from the pattern itself: each part that may repeat is repeated, after what leads there and before what cannot match.
 * Beside them texts that have nothing to do with it, each with one of the tails in a short run.
 */
export function attacksOn(source: string, flags: string): Attack[] {
  const pattern = new RegExpParser({ ecmaVersion: 2024 }).parsePattern(source, 0, source.length, {
    unicode: flags.includes('u'),
    unicodeSets: flags.includes('v'),
  });
  const samples = new Samples(source, flags);
  const attacks = new Map<string, Attack>();
  const add = (head: string, pump: string, some: readonly string[] = tails): void => {
    if (pump === '') return;
    for (const tail of some) attacks.set(JSON.stringify([head, pump, tail]), { head, pump, tail });
  };
  for (const [index, text] of [...samples.alphabet, ...phrases].entries())
    add('', text, deep ? tails : [tails[index % tails.length]!]);
  for (const { quantifier, heads } of quantifiers(pattern, samples)) {
    const pumps = samples.of(quantifier.element);
    for (const head of heads) {
      for (const pump of pumps) {
        add(head, pump);
        add('', head + pump);
      }
    }
  }
  return [...attacks.values()];
}

/** Texts that a part of the pattern matches. */
class Samples {
  readonly alphabet: string[];

  constructor(
    source: string,
    private readonly flags: string,
  ) {
    // The pattern's own characters first: where several fit, they are the ones that lead on.
    this.alphabet = [...new Set([...[...source].filter(char => char !== '\\'), ...common])];
  }

  /** A few, among them the shortest and one with each optional part. */
  of(node: AST.Element | AST.Alternative, limit = 8): string[] {
    switch (node.type) {
      case 'Alternative': {
        const columns = node.elements.map(element => this.of(element, limit));
        const rows = Math.min(limit, Math.max(1, ...columns.map(column => column.length)));
        const texts = Array.from({ length: rows }, (_, row) =>
          columns.map(column => column[row % column.length]).join(''),
        );
        return [...new Set([...texts, columns.map(column => column.at(-1)).join('')])];
      }
      case 'Group':
      case 'CapturingGroup':
        return [...new Set(node.alternatives.flatMap(alternative => this.of(alternative, limit)))].slice(0, 2 * limit);
      case 'Quantifier': {
        const texts = this.of(node.element, limit).map(text => text.repeat(Math.min(Math.max(node.min, 1), 300)));
        return node.min === 0 ? ['', ...texts] : texts;
      }
      case 'Character':
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass': {
        const fits = new RegExp(`^(?:${node.raw})$`, this.flags.replace(/[gy]/g, ''));
        const accepted = this.alphabet.filter(char => fits.test(char));
        return accepted.length > 0
          ? spread(accepted, 2 * limit)
          : node.type === 'Character'
            ? [String.fromCodePoint(node.value)]
            : [''];
      }
      default:
        // Assertions and references take no room.
        return [''];
    }
  }
}

/** The first half as they stand, the rest from all over. */
function spread(items: string[], limit: number): string[] {
  if (items.length <= limit) return items;
  const half = limit / 2;
  const step = (items.length - half) / half;
  return [...items.slice(0, half), ...Array.from({ length: half }, (_, at) => items[Math.floor(half + at * step)]!)];
}

interface Place {
  quantifier: AST.Quantifier;
  /** What matches all that stands before it. */
  heads: string[];
}

/** Every part that may repeat often, also inside others and inside lookarounds. */
function quantifiers(pattern: AST.Pattern, samples: Samples): Place[] {
  const found: Place[] = [];
  const walk = (alternatives: AST.Alternative[], heads: string[]): void => {
    for (const { elements } of alternatives) {
      let here = heads;
      for (const element of elements) {
        visit(element, here);
        const own = samples.of(element, 2);
        here = [...new Set(here.flatMap(head => [own[0], own.at(-1)].map(text => head + text)))].slice(-4);
      }
    }
  };
  const visit = (element: AST.Element, heads: string[]): void => {
    if (element.type === 'Quantifier') {
      if (element.max > 8) found.push({ quantifier: element, heads });
      visit(element.element, heads);
    } else if ('alternatives' in element) walk(element.alternatives, heads);
  };
  walk(pattern.alternatives, ['']);
  return found;
}
