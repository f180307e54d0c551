import type { SeenAt } from '../record';

/** `a`, `a and b`, `a, b and c`. */
export function list(items: string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}

export function servers(seen: readonly SeenAt[]): string {
  return list(seen.map(item => item.server));
}

/** A time from now in words, rounded up: `5 minutes`. */
export function duration(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  const [count, unit] = minutes < 120 ? [minutes, 'minute'] : [Math.ceil(minutes / 60), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
