import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/** A time limit of 20 s passes in one. */
export const usualSpeed = 20;

let speed = 1;
let changed = false;

/**
 * Makes the clock of this process run faster for everything that begins to wait: the product's own time limits end what is under
 * way, as they are, without the hours. What is measured keeps the true time. 1: the true clock.
 */
export function setClockSpeed(times: number): void {
  speed = times;
  if (!changed) change();
  changed = true;
}

function change(): void {
  const { setTimeout: timeout, setInterval: interval } = globalThis;
  const { setTimeout: sleep } = timers;
  const limit = AbortSignal.timeout.bind(AbortSignal);
  const faster = (ms?: number): number => (ms ?? 0) / speed;
  globalThis.setTimeout = Object.assign(
    (work: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => timeout(work, faster(ms), ...values),
    timeout,
  );
  globalThis.setInterval = Object.assign(
    (work: (...values: unknown[]) => void, ms?: number, ...values: unknown[]) => interval(work, faster(ms), ...values),
    interval,
  );
  AbortSignal.timeout = ms => limit(faster(ms));
  timers.setTimeout = (ms?: number, ...more: []) => sleep(faster(ms), ...more);
  syncBuiltinESMExports();
}
