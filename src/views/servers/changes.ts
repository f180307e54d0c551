import type { Row } from './row';

/**
 * What the tree knows a row by. A server that gets its first children must open by itself, and VS Code keeps by ID that it was
 * closed: so it becomes another one.
 */
export function itemId(row: Row): string {
  return row.children.length === 0 ? row.id : `${row.id}+`;
}

/**
 * Takes `now` over into the rows that are shown; what stays the same row stays the same object, as VS Code knows rows by identity.
 * While VS Code draws a row again it has forgotten what is inside of it: a menu that is chosen there gives its command no row, and
 * a click can be lost. So nothing is drawn again that looks the same, and of what changed as little as can be.
 * @param shown changed in place
 * @returns the rows to draw again with what is inside of them; `all` when there are other rows at the top
 */
export function takeOver(shown: Row[], now: readonly Row[]): Row[] | 'all' {
  const changed: Row[] = [];
  const isSame = sameItems(shown, now);
  shown.splice(0, Infinity, ...merged(shown, now, changed));
  return isSame ? changed : 'all';
}

function sameItems(some: readonly Row[], others: readonly Row[]): boolean {
  return some.length === others.length && some.every((row, index) => itemId(row) === itemId(others[index]!));
}

function merged(shown: readonly Row[], now: readonly Row[], changed: Row[]): Row[] {
  const known = new Map(shown.map(row => [itemId(row), row]));
  return now.map(row => {
    const same = known.get(itemId(row));
    if (same) update(same, row, changed);
    return same ?? row;
  });
}

function update(row: Row, now: Row, changed: Row[]): void {
  const inside: Row[] = [];
  const isSame = ownText(row) === ownText(now) && sameItems(row.children, now.children);
  const children = merged(row.children, now.children, inside);
  for (const name of Object.keys(row)) if (!(name in now)) Reflect.deleteProperty(row, name);
  Object.assign(row, now, { children });
  changed.push(...(isSame ? inside : [row]));
}

/** All of a row but its children. */
function ownText(row: Row): string {
  const own = Object.entries(row).filter(([name]) => name !== 'children');
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)));
}
