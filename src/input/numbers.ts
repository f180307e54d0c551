/** Milliseconds since the epoch beyond which there is no `Date` (ECMAScript, time values). */
const lastTime = 8.64e15;

/** Whether a number that a server gave can be a time, in milliseconds since the epoch. */
export function isTime(ms: number): boolean {
  return Math.abs(ms) <= lastTime;
}

/** A number that a server counted; 0 where it gave something else. */
export function countOf(text: string): number {
  return /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : 0;
}
