import { setTimeout as sleep } from 'node:timers/promises';
import { acts, type Asked } from './acts/index';
import { setClockSpeed, usualSpeed } from './fastClock';
import { freeMemory } from './freeMemory';
import { faultOfError, faultOfMessage } from './sentences';
import { type Cost, watched } from './watch';

/** What became of one question. */
export interface Outcome {
  /** `endless`: the product did not end it, though its time limits had passed long ago. */
  kind: 'answered' | 'refused' | 'endless';
  /** The message of a refusal, or in short what was answered. */
  text: string;
  /** What is wrong with what a user would read. */
  faults: string[];
}

/** Questions to ask at once. */
export interface Questions {
  asked: readonly Asked[];
  /** How much faster the product's clock runs; `usualSpeed` when left out. */
  speed?: number;
  /** Megabytes that may be in use beforehand; above that, all that can be freed is freed first. */
  mostBefore: number;
}

export interface Reply {
  outcomes: Outcome[];
  cost: Cost;
  /** Rejections and errors that nobody caught. */
  stray: string[];
  /** Connections that were still open some time after everything had ended. */
  leftOpen: number;
}

/** Real milliseconds, far beyond every limit of the product on the fast clock, also on a machine that is busy. */
const endlessMs = 60_000;
const closingMs = 15_000;
const mostFaults = 5;

const stray: string[] = [];
const { setTimeout: realTimeout, clearTimeout: realClear } = globalThis;
const realSleep = sleep;

/** From now on what nobody catches in this process belongs to an answer. */
export function watchStrays(): void {
  for (const kind of ['unhandledRejection', 'uncaughtException'] as const)
    process.on(kind, (error: unknown) =>
      stray.push(`${kind}: ${error instanceof Error ? error.stack : String(error)}`),
    );
}

/** Does what is asked, all of it at once, and measures what that costs this process. */
export async function answer({ asked, speed = usualSpeed, mostBefore }: Questions): Promise<Reply> {
  if (process.memoryUsage.rss() > mostBefore * 2 ** 20) await freeMemory(() => realSleep(5));
  stray.length = 0;
  const openBefore = connections();
  setClockSpeed(speed);
  try {
    const { result, cost } = await watched(async () => {
      const outcomes = await Promise.all(asked.map(one));
      return { outcomes, leftOpen: await leftOpen(openBefore) };
    });
    return { ...result, cost, stray: [...stray] };
  } finally {
    setClockSpeed(1);
  }
}

async function one(asked: Asked): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const endless = new Promise<Outcome>(resolve => {
    timer = realTimeout(() => resolve({ kind: 'endless', text: '', faults: ['it did not end'] }), endlessMs);
  });
  const shown: string[] = [];
  const done = acts[asked.act](asked, text => shown.push(text)).then(
    (text): Outcome => ({ kind: 'answered', text, faults: [] }),
    (error: unknown): Outcome => refusal(error),
  );
  const outcome = await Promise.race([done, endless]).finally(() => realClear(timer));
  return { ...outcome, faults: [...outcome.faults, ...shown.flatMap(faultsIn).slice(0, mostFaults)] };
}

function faultsIn(text: string): string[] {
  const fault = faultOfMessage(text);
  return fault ? [`${fault}: ${JSON.stringify(text.slice(0, 300))}`] : [];
}

function refusal(error: unknown): Outcome {
  if (!(error instanceof Error)) return { kind: 'refused', text: String(error), faults: ['it is no Error'] };
  const fault = faultOfError(error);
  const at =
    error.stack
      ?.split('\n')
      .find(line => line.includes('/src/'))
      ?.trim() ?? '';
  return {
    kind: 'refused',
    text: error.message.slice(0, 2000),
    faults: fault ? [`${error.name}: ${fault} ${at}`] : [],
  };
}

/** What is open to others; the channel to whoever asks is none of it. */
function connections(): number {
  return process.getActiveResourcesInfo().filter(kind => /TCPSocketWrap|UDPWrap|TLSWrap/.test(kind)).length;
}

async function leftOpen(before: number): Promise<number> {
  const end = performance.now() + closingMs;
  while (connections() > before && performance.now() < end) await realSleep(10);
  return Math.max(0, connections() - before);
}
