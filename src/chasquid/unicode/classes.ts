import { bidiRuns, precisRuns } from './tables';

/** The classes of every scalar value, one character code each; filled when a text outside ASCII is first seen. */
function expand(runs: string): Uint8Array {
  const classes = new Uint8Array(0x110000);
  let at = 0;
  for (const [, letter, length] of runs.matchAll(/([A-Z])([0-9a-z]*)/g)) {
    const end = at + (length === '' ? 1 : parseInt(length!, 36));
    classes.fill(letter!.charCodeAt(0), at, end);
    at = end;
  }
  return classes;
}

let precis: Uint8Array | undefined;
let bidi: Uint8Array | undefined;

/** The class letter of `precisRuns` for a scalar value. */
export function precisClass(codePoint: number): string {
  return String.fromCharCode((precis ??= expand(precisRuns))[codePoint]!);
}

/** The class letter of `bidiRuns` for a scalar value. */
export function bidiClass(codePoint: number): string {
  return String.fromCharCode((bidi ??= expand(bidiRuns))[codePoint]!);
}

/** Whether Unicode 13.0.0 assigns the scalar value. */
export function isAssigned(codePoint: number): boolean {
  return precisClass(codePoint) !== 'U';
}
