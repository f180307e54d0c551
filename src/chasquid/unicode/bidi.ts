import { bidiClass } from './classes';

/** Classes by the letters of `bidiRuns`. */
const strongLeft = 'A';
const strongRight = 'BN';
const rightToLeft = 'BNF';
const neutral = 'DGEKL'; // ES CS ET ON BN
const mark = 'M';

/**
 * The Bidi Rule of RFC 5893 §2 as golang.org/x/text/secure/bidirule applies it: to every label that is not pure ASCII,
 * whether or not it holds right-to-left characters. European and Arabic numbers never stand together.
 */
export function passesBidiRule(points: number[]): boolean {
  if (points.length === 0) return true;
  const classes = points.map(bidiClass).join('');
  const first = classes[0]!;
  if (classes.includes('C') && classes.includes('F')) return false;
  const right = strongRight.includes(first);
  if (!right && first !== strongLeft) return false;
  const allowed = right ? rightToLeft + 'C' + neutral + mark : strongLeft + 'C' + neutral + mark;
  if ([...classes].some(kind => !allowed.includes(kind))) return false;
  const last = [...classes].findLast(kind => kind !== mark)!;
  return right ? (rightToLeft + 'C').includes(last) : (strongLeft + 'C').includes(last);
}
