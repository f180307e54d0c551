/** A stretch of text that both sides have, or only this one. */
export interface Stretch {
  text: string;
  same: boolean;
}

/** Beyond this many pieces the comparison is by common start and end only: the table below would grow with the square. */
const pieceLimit = 400;

/** Compares what should be there with what is: words and signs, and within two words that face each other their common ends. */
export function compare(expected: string, found: string): { expected: Stretch[]; found: Stretch[] } {
  const [left, right] = [pieces(expected), pieces(found)];
  if (left.length > pieceLimit || right.length > pieceLimit) return ends(expected, found);
  const pairs = commonPieces(left, right);
  const out = { expected: [] as Stretch[], found: [] as Stretch[] };
  let [i, j] = [0, 0];
  for (const [at, to] of [...pairs, [left.length, right.length] as const]) {
    const gap = ends(left.slice(i, at).join(''), right.slice(j, to).join(''));
    out.expected.push(...gap.expected);
    out.found.push(...gap.found);
    if (at < left.length) {
      out.expected.push({ text: left[at]!, same: true });
      out.found.push({ text: right[to]!, same: true });
    }
    [i, j] = [at + 1, to + 1];
  }
  return { expected: join(out.expected), found: join(out.found) };
}

function pieces(text: string): string[] {
  return text.match(/[\s;:,=]|[^\s;:,=]+/g) ?? [];
}

/** Index pairs of a longest common subsequence. */
function commonPieces(left: string[], right: string[]): [number, number][] {
  const length = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      length[i]![j] =
        left[i] === right[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    if (left[i] === right[j]) pairs.push([i++, j++]);
    else if (length[i + 1]![j]! >= length[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Long words, like keys, that differ in the middle: their common start and end are the same. Short ones differ as a whole. */
function ends(left: string, right: string): { expected: Stretch[]; found: Stretch[] } {
  let start = 0;
  let end = 0;
  if (Math.min(left.length, right.length) > 24) {
    while (start < Math.min(left.length, right.length) && left[start] === right[start]) start++;
    while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  }
  const cut = (text: string): Stretch[] =>
    [
      { text: text.slice(0, start), same: true },
      { text: text.slice(start, text.length - end), same: false },
      { text: text.slice(text.length - end), same: true },
    ].filter(part => part.text !== '');
  return { expected: cut(left), found: cut(right) };
}

function join(stretches: Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const stretch of stretches) {
    const last = out.at(-1);
    if (last?.same === stretch.same) last.text += stretch.text;
    else out.push({ ...stretch });
  }
  return out;
}
